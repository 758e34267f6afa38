#!/usr/bin/env python3
"""The Helm chart without a cluster: linted, its schema refuses what is wrong, every manifest is valid, what pods read is TOML that kawat takes.
The suites in deploy/helm/kawat/tests say what is rendered. Tools: deploy_tools.py; without them a test skips and says so."""
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

from cluster import CHART, ROOT
from deploy_tools import VALUES_FILES, run, template

KUBERNETES = "1.37"
# not Kubernetes' own, whose schemas are not at hand: what the first fields under `spec` must be
CUSTOM = {
    ("kafka.strimzi.io/v1", "KafkaTopic"): {"topicName", "partitions", "replicas", "config"},
    ("kafka.strimzi.io/v1", "KafkaUser"): {"authentication", "authorization"},
    ("keda.sh/v1alpha1", "ScaledObject"): {"scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "advanced", "triggers"},
    ("monitoring.coreos.com/v1", "ServiceMonitor"): {"selector", "namespaceSelector", "jobLabel", "endpoints"},
    ("monitoring.coreos.com/v1", "PrometheusRule"): {"groups"},
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): {"parentRefs", "hostnames", "rules"},
    ("gateway.networking.k8s.io/v1", "GRPCRoute"): {"parentRefs", "hostnames", "rules"},
}
# all that the three files leave off
EVERYTHING = ["--set-json", 'portal.ingress={"enabled":true,"host":"cari.example","tlsSecret":"cari-tls"}',
              "--set-json", 'portal.httpRoute={"enabled":true,"parentRefs":[{"name":"gateway"}],"hostnames":["cari.example"]}',
              "--set-json", 'store.ingress={"enabled":true,"host":"api.example","tlsSecret":"api-tls"}',
              "--set-json", 'store.grpcRoute={"enabled":true,"parentRefs":[{"name":"gateway","sectionName":"https"}],"hostnames":["api.example"]}',
              "--set-json", 'networkPolicy.portalFrom=[{"namespaceSelector":{}}]', "--set-json", 'networkPolicy.grpcFrom=[{"namespaceSelector":{}}]',
              "--set-json", 'networkPolicy.fetch.extraEgress=[{"to":[{"ipBlock":{"cidr":"10.1.0.0/16"}}]}]',
              "--set", "parse.autoscaling.mode=hpa", "--set", "monitoring.dashboards.enabled=true", "--set", "toolbox.enabled=true",
              "--set", "image.registry=registry.example", "--set", "image.pullSecrets={pull}",
              "--set-json", 'sources=[{"id":"a","feeds":["https://a.example/rss?a=1&b=2"],"max_depth":2},{"id":"b","homepage":"https://b.example"}]',
              "--set-json", 'fetch.resolve={"https://a.example":"127.0.0.1:80"}', "--set", "fetch.settings.delay=2s"]

# what a wrong value is -> what helm must say of it
WRONG = [
    ("fetch.replica=2", "fetch: additional properties 'replica' not allowed"),
    ("fetch.replicas=0", "fetch.replicas: minimum"),
    ("fetch.replicas=two", "fetch.replicas: got string, want integer"),
    ("store.replicas=-1", "store.replicas: minimum"),
    ("dedupe.replicas=2", "dedupe.replicas: value must be 1"),
    ("fetch.settings.dealy=2s", "fetch.settings: additional properties 'dealy' not allowed"),
    ("fetch.settings.delay=2 seconds", "fetch.settings.delay: '2 seconds' does not match pattern"),
    ("fetch.settings.max_body_bytes=99999999", "fetch.settings.max_body_bytes: maximum"),
    ("store.persistence.size=lots", "store.persistence.size: 'lots' does not match pattern"),
    ("store.pdb.maxUnavailable=0", "store.pdb.maxUnavailable: "),
    ("kafka.bootstrap=broker", "kafka.bootstrap: 'broker' does not match pattern"),
    ("kafka.bootstrap=", "kafka.bootstrap: '' does not match pattern"),
    ("kafka.auth.mode=kerberos", "kafka.auth.mode: value must be one of 'none', 'tls', 'scram'"),
    ("kafka.auth.mechanism=GSSAPI", "kafka.auth.mechanism: value must be one of"),
    ("kafka.replication=0", "kafka.replication: minimum"),
    ("topics.mode=operator", "topics.mode: value must be one of 'hook', 'strimzi', 'none'"),
    ("log.level=verbose", "log.level: value must be one of 'debug', 'info', 'warn', 'error'"),
    ("image.digests.store=latest", "image.digests.store: 'latest' does not match pattern"),
    ("image.pullPolicy=Sometimes", "image.pullPolicy: value must be one of"),
    ("store.resources.limits.memory=1 gig", "store.resources.limits.memory: "),
    ("store.resources.cpu=1", "store.resources: additional properties 'cpu' not allowed"),
    ("networkPolicy.enabled=maybe", "networkPolicy.enabled: got string, want boolean"),
    ("networkPolicy.fetch.ports={70000}", "networkPolicy.fetch.ports.0: maximum"),
    ("sources[0].name=Example", "sources.0: missing property 'id'"),
    ("parse.autoscaling.mode=auto", "parse.autoscaling.mode: value must be one of 'none', 'hpa', 'keda'"),
    ("store.ingress.enabled=true,store.ingress.host=api.example", "store.ingress.tlsSecret: "),
    ("store.grpcRoute.enabled=true,store.grpcRoute.parentRefs[0].name=gateway", "store.grpcRoute.parentRefs.0: missing property 'sectionName'"),
    # what no schema sees: templates/_checks.tpl
    ("fetch.replicas=20", "fetch.replicas: 20 pods for 16 partitions"),
    ("kafka.auth.mode=tls", "kafka.auth.mode: tls needs kafka.tls.enabled=true"),
    ("kafka.auth.mode=scram", "kafka.auth.secrets.fetch: name the secret"),
    ("topics.mode=strimzi", "strimzi.cluster: name the Kafka resource"),
    ("strimzi.users.enabled=true", "strimzi.users.enabled: needs kafka.auth.mode"),
    ("broker.enabled=true,kafka.tls.enabled=true", "broker.enabled: that broker has neither TLS nor users"),
    ("parse.autoscaling.mode=keda", "parse.autoscaling.keda.serverAddress: name the Prometheus"),
    ("portal.ingress.enabled=true,portal.ingress.host=cari.example", "networkPolicy.portalFrom: name the pods"),
]


def place_and_words(text):
    """What helm says of a wrong value, with places written as in --set: "at '/fetch/replicas': got" -> "fetch.replicas: got"."""
    return re.sub(r"at '/([^']*)': ", lambda match: match.group(1).replace("/", ".") + ": ", text)


class ChartTest(unittest.TestCase):
    def test_lint_finds_nothing_in_any_values_file(self):
        for name, arguments in VALUES_FILES.items():
            with self.subTest(name):
                answer = run("helm", "lint", "--strict", CHART, *arguments)
                self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def test_each_wrong_value_is_refused_with_a_line_that_names_it(self):
        for setting, words in WRONG:
            with self.subTest(setting):
                answer = run("helm", "template", "wire", CHART, "--set", setting)
                self.assertNotEqual(answer.returncode, 0, "was accepted")
                lines = [line for line in place_and_words(answer.stderr).splitlines() if words in line]
                self.assertTrue(lines, answer.stderr)

    def test_suites_of_the_chart_pass(self):
        answer = run("helm-unittest", "--strict", CHART)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def test_version_is_that_of_the_programs(self):
        version = re.search(r'kVersion = "(.+?)"', (ROOT / "libs/base/version.h").read_text()).group(1)
        self.assertIn(f'appVersion: "{version}"', (CHART / "Chart.yaml").read_text())

    def test_package_renders_like_the_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            answer = run("helm", "package", CHART, "-d", folder)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            package = next(pathlib.Path(folder).glob("kawat-*.tgz"))
            arguments = ["--namespace", "news", *VALUES_FILES["values-production.yaml"]]
            self.assertEqual(run("helm", "template", "wire", package, *arguments).stdout, run("helm", "template", "wire", CHART, *arguments).stdout)


class ManifestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            import kubernetes_validate
        except ImportError as error:
            raise unittest.SkipTest("kubernetes-validate is not installed: tools/setup --deploy") from error
        cls.validate = staticmethod(kubernetes_validate.validate)
        cls.manifests = {name: template(*arguments) for name, arguments in VALUES_FILES.items()}
        cls.manifests["everything"] = template(*EVERYTHING)

    def each(self):
        for values, documents in self.manifests.items():
            for document in documents:
                with self.subTest(values=values, kind=document["kind"], name=document["metadata"]["name"]):
                    yield document

    def test_every_manifest_is_valid(self):
        for document in self.each():
            custom = CUSTOM.get((document["apiVersion"], document["kind"]))
            if custom is None:
                self.validate(document, KUBERNETES, strict=True)
            else:
                self.assertEqual(document["spec"].keys(), custom)
                self.assertEqual(document["metadata"]["namespace"], "news")

    def test_no_two_resources_share_a_name(self):
        for values, documents in self.manifests.items():
            names = [(document["kind"], document["metadata"]["name"]) for document in documents]
            self.assertEqual(len(names), len(set(names)), values)

    def test_every_workload_has_restricted_pods_and_its_volumes(self):
        seen = set()
        for document in self.each():
            if document["kind"] not in ("Deployment", "StatefulSet", "Job", "Pod"):
                continue
            pod = document["spec"] if document["kind"] == "Pod" else document["spec"]["template"]["spec"]
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertIs(pod["automountServiceAccountToken"], False)
            volumes = {volume["name"] for volume in pod.get("volumes", [])}
            volumes |= {claim["metadata"]["name"] for claim in document["spec"].get("volumeClaimTemplates", [])}
            for container in pod["containers"]:
                security = container["securityContext"]
                self.assertIs(security["readOnlyRootFilesystem"], True)
                self.assertIs(security["allowPrivilegeEscalation"], False)
                self.assertEqual(security["capabilities"], {"drop": ["ALL"]})
                self.assertIn("memory", container["resources"]["limits"])
                mounts = [mount["name"] for mount in container.get("volumeMounts", [])]
                self.assertLessEqual(set(mounts), volumes)
                seen.add(container["name"])
        self.assertEqual(seen, {"fetch", "parse", "dedupe", "store", "portal", "topics", "toolbox", "broker", "stats"})

    def test_every_pod_has_a_network_policy_and_every_policy_a_pod(self):
        def component(labels):
            return labels["app.kubernetes.io/component"]
        for values, documents in self.manifests.items():
            with self.subTest(values):
                pods = {component((d if d["kind"] == "Pod" else d["spec"]["template"])["metadata"]["labels"]) for d in documents
                        if d["kind"] in ("Deployment", "StatefulSet", "Job", "Pod")}
                policies = {component(d["spec"]["podSelector"]["matchLabels"]) for d in documents
                            if d["kind"] == "NetworkPolicy" and not d["metadata"]["name"].endswith("-deny")}
                self.assertEqual(pods, policies)

    def test_every_configuration_is_one_that_kawat_takes(self):
        binary = pathlib.Path(os.environ.get("KAWAT_BIN_DIR", ROOT / "build/release/bin")) / "kawat"
        files = 0
        for document in self.each():
            text = document.get("data", {}).get("kawat.toml") if document["kind"] == "ConfigMap" else None
            if text is None:
                continue
            files += 1
            tomllib.loads(text)
            if binary.exists():
                with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
                    file.write(text)
                    file.flush()
                    answer = subprocess.run([binary, "config", "check", file.name], capture_output=True, text=True, timeout=60)
                    self.assertEqual(answer.returncode, 0, answer.stderr + text)
        self.assertGreater(files, 20)
        if not binary.exists():
            self.skipTest(f"{binary} is not built; only that the files are TOML was checked")

    def test_settings_that_the_documents_name_can_be_set(self):
        import json
        schema = json.loads((CHART / "values.schema.json").read_text())["properties"]
        chart_sets = {"grpc", "metrics", "listen", "store", "owner", "instance", "instances", "peers", "token_file"}
        rows = re.findall(r"^\| ((?:`[a-z_.]+`(?:, )?)+) \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
        keys = [key.split(".") for row in rows for key in re.findall(r"`([a-z_.]+)`", row) if key.count(".") == 1]
        keys = [(table, key) for table, key in keys if table in ("fetch", "parse", "dedupe", "store", "portal")]
        self.assertGreater(len(keys), 8)
        for table, key in keys:
            with self.subTest(f"{table}.{key}"):
                self.assertTrue(key in chart_sets or key in schema[table]["properties"]["settings"]["properties"],
                                "add it to `settings` in deploy/helm/kawat/values.schema.json, or to what the chart sets itself")


if __name__ == "__main__":
    unittest.main()

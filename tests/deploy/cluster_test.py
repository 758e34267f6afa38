#!/usr/bin/env python3
"""The chart on a real cluster: installs it with a broker and the newsroom, and proves that nothing is lost whatever dies.

Takes the cluster of KUBECONFIG; needs kubectl, helm and grpcurl on PATH, and the images where the cluster finds them.

  tools/images --prefix registry.example/kawat/ --tag test && docker push ...
  tests/deploy/cluster_test.py --images registry.example/kawat --tag test
  tests/deploy/cluster_test.py --images localhost --tag 0.1.0 --broker-image localhost/kafka:dev --prometheus-image localhost/prometheus:dev \\
      --host-volumes /var/tmp/kawat --stop-runtime 'systemctl stop containerd' --start-runtime 'systemctl start containerd'

Steps: install (an earlier version first, with --upgrade-from, so that both run side by side for a while); the newsroom's truth; grpcurl; Prometheus; kawat top; a pod of each service killed while articles flow; the node's container
runtime stopped for a minute; the truth again. Leaves nothing behind unless --keep.
"""
import argparse
import json
import pathlib
import shutil
import string
import subprocess
import sys
import tempfile
import time
import tomllib

from cluster import CHART, ROOT, Cluster, need, run, say, wait_until

HERE = pathlib.Path(__file__).parent
SERVICES = ("fetch", "parse", "dedupe", "store", "portal")
TOPICS = {"kawat.links", "kawat.pages", "kawat.parsed", "kawat.articles"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", default="localhost", help="what stands before /kawat-store")
    parser.add_argument("--tag", default="0.1.0")
    parser.add_argument("--upgrade-from", help="a tag of an earlier kawat, installed first and upgraded while articles flow")
    parser.add_argument("--broker-image", default="apache/kafka:4.1.0")
    parser.add_argument("--prometheus-image", default="prom/prometheus:v3.5.0")
    parser.add_argument("--namespace", default="kawat-test", help="made, and deleted at the end")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rate", type=float, default=1.5, help="articles published a second")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--replicas", type=int, default=2, help="of fetch and of store")
    parser.add_argument("--host-volumes", help="folder of the node for volumes, where the cluster makes none itself")
    parser.add_argument("--stop-runtime", help="command that stops the node's container runtime; without it that step is left out")
    parser.add_argument("--start-runtime", help="command that starts it again")
    parser.add_argument("--keep", action="store_true", help="leave all running")
    options = parser.parse_args()
    if bool(options.stop_runtime) != bool(options.start_runtime):
        parser.error("--stop-runtime and --start-runtime go together")
    return options


class Run:
    def __init__(self, options):
        self.options = options
        self.cluster = Cluster(options.namespace)
        self.facts = []

    def note(self, text: str):
        say(text)
        self.facts.append(text)

    def manifest(self, name: str, **values):
        self.cluster.apply(string.Template((HERE / name).read_text()).safe_substitute(NAMESPACE=self.options.namespace, **values))

    def make_namespace(self):
        self.cluster.apply(json.dumps({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": self.options.namespace, "labels": {"pod-security.kubernetes.io/warn": "restricted"}}}))
        if self.options.host_volumes:
            for number in range(2 * self.options.replicas + 2):  # fetch, store, dedupe, broker
                self.cluster.apply(json.dumps(host_volume(f"{self.options.namespace}-{number}", self.options.host_volumes)))

    def start_newsroom(self) -> dict:
        """Its configuration, as a kawat that crawls it needs it."""
        service = (HERE / "newsroom.yaml").read_text().split("---")[0]
        self.cluster.apply(service)
        address = self.cluster.get("service", "newsroom")["spec"]["clusterIP"] + ":8900"
        options = self.options
        self.manifest("newsroom.yaml", IMAGE=f"{options.images}/kawat:{options.tag}", SEED=options.seed, ARTICLES=options.articles,
                      RATE=options.rate, ADDRESS=address)
        self.cluster.kubectl("rollout", "status", "deployment/newsroom", "--timeout=120s", patience=150)
        return tomllib.loads(self.cluster.raw("services/newsroom:8900/proxy/config"))

    def install(self, config: dict, tag: str):
        options = self.options
        registry, _, repository = options.images.partition("/")
        to_newsroom = {"to": [{"podSelector": {"matchLabels": {"app": "newsroom"}}}]}
        claim = {"persistence": {"storageClass": f"{options.namespace}-host"}} if options.host_volumes else {}
        values = {
            "image": {"registry": registry, "repository": repository, "tag": tag, "pullPolicy": "IfNotPresent"},
            "broker": {"image": options.broker_image} | claim,
            "fetch": {"replicas": options.replicas, "settings": config["fetch"], "allowNetworks": config["allow_networks"],
                      "resolve": config["resolve"]} | claim,
            "store": {"replicas": options.replicas} | claim,
            "dedupe": claim,
            "sources": config["sources"],
            "networkPolicy": {
                "fetch": {"extraEgress": [to_newsroom]},
                "toolbox": {"extraEgress": [to_newsroom]},
                "metricsFrom": [{"podSelector": {"matchLabels": {"app": "prometheus"}}}],
            },
        }
        started = time.monotonic()
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(values, file)
            file.flush()
            self.cluster.helm("upgrade", "--install", "kawat", CHART, "-f", CHART / "values-dev.yaml", "-f", file.name, "--wait",
                              "--timeout", "10m")
        self.note(f"{tag} installed, all pods ready after {time.monotonic() - started:.0f} s")
        self.cluster.helm("test", "kawat", "--timeout", "2m")
        self.note("helm test passes")

    def toolbox(self, *words, patience: float = 60) -> str:
        return self.cluster.kubectl("exec", "deploy/kawat-toolbox", "--", "kawat", *words, patience=patience)

    def check(self) -> dict:
        done = subprocess.run(
            ["kubectl", "-n", self.options.namespace, "exec", "deploy/kawat-toolbox", "--", "kawat", "newsroom", "check", "--newsroom",
             "newsroom:8900", "--store", "kawat-store:7700", "--fetch", "kawat-fetch:7701", "--json"],
            capture_output=True, text=True, timeout=120)
        if not done.stdout.startswith("{"):
            raise RuntimeError(done.stderr[-1000:])
        return json.loads(done.stdout)

    def no_difference(self, when: str, patience: float):
        started = time.monotonic()
        self.last = {}

        def same():
            self.last = self.check()
            return self.last["ok"]
        try:
            wait_until("no difference to the newsroom's truth", same, patience, every=3)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{json.dumps(self.last)[:4000]}") from error
        self.note(f"{when}: newsroom check finds no difference ({time.monotonic() - started:.0f} s)")

    def ask_by_grpcurl(self):
        """The store counts what the newsroom published, and finds an article by a phrase of its title."""
        with self.cluster.forwarded("svc/kawat-store", 7700) as address:
            def call(method, request="{}"):
                return json.loads(run("grpcurl", "-plaintext", "-d", request, address, f"kawat.v1.StoreService/{method}"))
            stats = call("GetStats")
            article = call("ListArticles", '{"page_size": 1}')["articles"][0]
            phrase = json.dumps({"query": f'"{article["title"]}"'})
            found = [hit["article"]["id"] for hit in call("SearchArticles", phrase)["hits"]]
        if int(stats["articles"]) != self.options.articles or article["id"] not in found:
            raise RuntimeError(f"the store has {stats['articles']} of {self.options.articles} articles; {article['id']} among {found}?")
        self.note(f"grpcurl: {stats['articles']} articles, {stats['revisions']} revisions; \"{article['title']}\" is found")

    def watch(self):
        """Prometheus has every pod of the release, and no target is down."""
        rules = ROOT / "deploy/prometheus/rules.yml"
        self.cluster.apply(self.cluster.kubectl("create", "configmap", "prometheus-rules", f"--from-file={rules}", "--dry-run=client", "-o", "yaml"))
        self.manifest("prometheus.yaml", IMAGE=self.options.prometheus_image)
        self.cluster.kubectl("rollout", "status", "deployment/prometheus", "--timeout=120s", patience=150)
        pods = {pod["status"]["podIP"] for service in SERVICES for pod in self.cluster.pods(service)}

        def scraped():
            return {item["metric"]["instance"].rsplit(":", 1)[0] for item in self.query("up == 1")} >= pods
        wait_until("Prometheus to scrape every pod", scraped, 90)
        self.note(f"Prometheus scrapes all {len(pods)} pods")

    def query(self, expression: str) -> list:
        from urllib.parse import quote
        answer = json.loads(self.cluster.raw(f"services/prometheus:9090/proxy/api/v1/query?query={quote(expression)}"))
        return answer["data"]["result"]

    def top(self):
        top = json.loads(self.toolbox("top", "--once", "--json", "--config", "/etc/kawat/kawat.toml", patience=90))
        shown = {topic["topic"] for topic in top["topics"]}
        if not shown >= TOPICS:
            raise RuntimeError(f"kawat top lacks {TOPICS - shown}")
        self.note(f"kawat top shows {', '.join(sorted(shown))}")

    def kill_a_pod_of_each(self):
        for service in ("store", "dedupe", "parse", "fetch", "portal"):
            started = time.monotonic()
            name = self.cluster.replace_pod(service)
            self.note(f"{name} killed, its successor ready after {time.monotonic() - started:.0f} s")

    def stop_runtime(self):
        if not self.options.stop_runtime:
            self.note("container runtime not stopped: no --stop-runtime")
            return
        subprocess.run(self.options.stop_runtime, shell=True, check=True, timeout=60)
        try:
            say("the container runtime is stopped; 60 s")
            time.sleep(60)  # what is tested is an outage of this length
        finally:
            subprocess.run(self.options.start_runtime, shell=True, check=True, timeout=60)
        for service in SERVICES:
            wait_until(f"{service} to be ready", lambda name=service: self.cluster.ready(name), 180)
        self.note("container runtime stopped for 60 s; all pods ready again")

    def everything(self):
        self.make_namespace()
        config = self.start_newsroom()
        if self.options.upgrade_from:
            self.install(config, self.options.upgrade_from)
        self.install(config, self.options.tag)
        self.watch()
        self.top()
        self.kill_a_pod_of_each()
        self.stop_runtime()
        self.no_difference("after the deaths", 600)
        self.ask_by_grpcurl()

    def clean(self):
        self.cluster.kubectl("delete", "namespace", self.options.namespace, "--wait=true", patience=300)
        if self.options.host_volumes:
            run("kubectl", "delete", "pv", "-l", f"kawat-test={self.options.namespace}")
            for folder in pathlib.Path(self.options.host_volumes).glob(f"{self.options.namespace}-*"):
                shutil.rmtree(folder, ignore_errors=True)

    def show_trouble(self):
        print(self.cluster.kubectl("get", "pods", "-o", "wide"))
        for service in SERVICES:
            print(f"--- {service}\n" + self.cluster.kubectl("logs", "-l", f"app.kubernetes.io/component={service}", "--tail=15", "--prefix"))


def host_volume(name: str, folder: str) -> dict:
    path = pathlib.Path(folder) / name
    shutil.rmtree(path, ignore_errors=True)  # of an earlier run
    path.mkdir(parents=True)
    path.chmod(0o777)  # kubelet gives no group to volumes of this kind
    namespace = name.rsplit("-", 1)[0]
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name, "labels": {"kawat-test": namespace}},
            "spec": {"capacity": {"storage": "20Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": f"{namespace}-host",
                     "persistentVolumeReclaimPolicy": "Retain", "hostPath": {"path": str(path)}}}


def main():
    options = arguments()
    need("kubectl", "helm", "grpcurl")
    test = Run(options)
    try:
        test.everything()
    except (RuntimeError, subprocess.SubprocessError) as error:
        say(f"FAILED: {error}")
        test.show_trouble()
        return 1
    finally:
        if not options.keep:
            test.clean()
    print("\n".join(["", "what was seen:"] + [f"  {fact}" for fact in test.facts]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

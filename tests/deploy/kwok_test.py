#!/usr/bin/env python3
"""The Helm chart on an API server with fake nodes (kwok), where pods are objects only: what Kubernetes and Helm make of the chart.

Needs helm and kubectl on PATH, and
  KUBECONFIG               of any API server with controllers, scheduler and at least two nodes that kwok plays, with a default storage class
  KAWAT_EXTERNAL_METRICS   optional: the JSON file of a fake external.metrics.k8s.io, {"external": {"kawat_parse_lag_seconds": "0"}}
Not part of tools/test. It makes namespaces of its own and deletes them; it cordons nodes for a while: run it on no cluster that others use."""
import json
import os
import pathlib
import subprocess
import sys
import unittest
import uuid

from cluster import CHART, Cluster, need, wait_until

BOOTSTRAP = ["--set", "store.replicas=3", "--set", "fetch.replicas=2"]


class KwokTest(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster(f"kawat-{uuid.uuid4().hex[:8]}")
        self.helm, self.kubectl = self.cluster.helm, self.cluster.kubectl
        self.kubectl("create", "namespace", self.cluster.namespace)
        self.kubectl("label", "namespace", self.cluster.namespace, "pod-security.kubernetes.io/enforce=restricted")

    def tearDown(self):
        for node in self.nodes():
            self.kubectl("uncordon", node)
        self.kubectl("delete", "namespace", self.cluster.namespace, "--wait=false")

    def install(self, *arguments):
        self.helm("install", "wire", CHART, "--wait", "--timeout", "120s", *BOOTSTRAP, *arguments)

    def upgrade(self, *arguments):
        self.helm("upgrade", "wire", CHART, "--wait", "--timeout", "180s", *BOOTSTRAP, *arguments)

    def refused(self, command, *arguments):
        """What it says when it fails, as it must."""
        with self.assertRaises(RuntimeError) as caught:
            command(*arguments)
        return str(caught.exception)

    def nodes(self):
        return [node["metadata"]["name"] for node in self.cluster.get("nodes")["items"]]

    def pods(self, component):
        """Name -> uid."""
        return {pod["metadata"]["name"]: pod["metadata"]["uid"] for pod in self.cluster.pods(component)}

    def ready(self, component):
        return sum(any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))
                   for pod in self.cluster.pods(component))

    def configuration(self, component):
        return self.cluster.get("configmap", f"wire-kawat-{component}")["data"]["kawat.toml"]

    def evict(self, pod):
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": self.cluster.namespace}}
        path = f"/api/v1/namespaces/{self.cluster.namespace}/pods/{pod}/eviction"
        self.kubectl("create", "--raw", path, "-f", "-", data=json.dumps(body))

    def test_upgrade_rolls_what_a_setting_concerns_and_rollback_rolls_it_back(self):
        self.install()
        fetch, store = self.pods("fetch"), self.pods("store")
        self.assertEqual(set(store), {"wire-kawat-store-0", "wire-kawat-store-1", "wire-kawat-store-2"})
        self.assertTrue(self.cluster.get("jobs", "-l", "app.kubernetes.io/component=topics")["items"], "the topics' job ran before")

        self.upgrade("--set", "fetch.settings.delay=5s")
        rolled = self.pods("fetch")
        self.assertEqual(rolled.keys(), fetch.keys())
        self.assertFalse(set(rolled.values()) & set(fetch.values()), "every pod of fetch is a new one")
        self.assertEqual(self.pods("store"), store, "and none of store")
        self.assertIn('delay = "5s"', self.configuration("fetch"))

        self.helm("rollback", "wire", "1", "--wait", "--timeout", "180s")
        self.assertNotIn("delay", self.configuration("fetch"))
        back = self.pods("fetch")
        self.assertEqual(back.keys(), fetch.keys())
        self.assertFalse(set(back.values()) & set(rolled.values()))
        self.assertEqual(self.pods("store"), store)

    def test_upgrade_without_a_change_replaces_no_pod(self):
        self.install()
        before = [self.pods(component) for component in ("fetch", "parse", "dedupe", "store", "portal")]
        self.upgrade()
        self.assertEqual([self.pods(component) for component in ("fetch", "parse", "dedupe", "store", "portal")], before)

    def test_upgrade_after_a_renewal_rolls_the_pods_of_that_secret(self):
        for name in ("fetch", "parse", "dedupe", "store", "topics"):
            self.kubectl("create", "secret", "generic", name, "--from-literal=password=old")
        arguments = ["--set", "kafka.auth.mode=scram"]
        for name in ("fetch", "parse", "dedupe", "store", "topics"):
            arguments += ["--set", f"kafka.auth.secrets.{name}={name}"]
        self.install(*arguments)
        dedupe, store = self.pods("dedupe"), self.pods("store")
        self.kubectl("patch", "secret", "dedupe", "-p", '{"stringData": {"password": "new"}}')
        self.upgrade(*arguments)
        self.assertNotEqual(self.pods("dedupe"), dedupe)
        self.assertEqual(self.pods("store"), store)
        everything = self.kubectl("get", "configmaps,statefulsets,deployments,jobs", "-o", "yaml")
        self.assertNotIn("bmV3", everything)  # "new", as a secret has it

    def test_another_number_of_stores_is_refused_with_a_sentence(self):
        self.install()
        before = self.pods("store")
        answer = self.refused(self.upgrade, "--set", "store.replicas=4")
        self.assertIn("store.replicas: 4, but the volumes of wire-kawat-store were made for 3", answer)
        self.assertIn("set store.replicas=3", answer)
        for value, sentence in [("store.persistence.size=99Gi", "store.persistence.size: 99Gi, but the volumes were made with"),
                                ("kafka.partitions=32", "kafka.partitions: 32, but the topics were made with partitions = 16")]:
            self.assertIn(sentence, self.refused(self.upgrade, "--set", value))
        self.assertEqual(self.pods("store"), before)

        self.kubectl("scale", "statefulset", "wire-kawat-store", "--replicas=0")  # as a restore from a backup does
        self.upgrade()
        self.assertEqual(self.pods("store").keys(), before.keys())

        self.helm("uninstall", "wire", "--wait")
        answer = self.refused(self.helm, "install", "wire", CHART, "--set", "store.replicas=1", "--set", "fetch.replicas=2")
        self.assertIn("were made for 3", answer, "the volumes are still there")

    def test_a_drain_takes_one_store_at_a_time(self):
        nodes = self.nodes()
        for node in nodes[1:]:
            self.kubectl("cordon", node)  # so that all pods come to stand on the first
        self.install()
        self.kubectl("cordon", nodes[0])
        self.evict("wire-kawat-store-0")
        wait_until("store-0 to leave and find no node", lambda: self.ready("store") == 2, 30, every=0.2)
        self.assertIn("disruption budget", self.refused(self.evict, "wire-kawat-store-1"))
        for node in nodes[1:]:
            self.kubectl("uncordon", node)
        wait_until("store-0 to be back on another node", lambda: self.ready("store") == 3, 60, every=0.2)

        drain = subprocess.Popen(["kubectl", "drain", nodes[0], "--delete-emptydir-data", "--ignore-daemonsets", "--timeout=180s",
                                  "--pod-selector=app.kubernetes.io/instance=wire"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        fewest = {"store": 3, "fetch": 2}
        while drain.poll() is None:
            fewest = {component: min(count, self.ready(component)) for component, count in fewest.items()}
        self.assertEqual(drain.returncode, 0, drain.stdout.read())
        drain.stdout.close()
        self.assertGreaterEqual(fewest["store"], 2)
        self.assertGreaterEqual(fewest["fetch"], 1)
        wait_until("all to be back", lambda: self.ready("store") == 3 and self.ready("dedupe") == 1, 60, every=0.2)
        left = [pod for pod in self.cluster.get("pods")["items"] if pod["spec"].get("nodeName") == nodes[0]]
        self.assertFalse([pod for pod in left if pod["status"]["phase"] == "Running"])

    def test_parse_grows_with_its_lag(self):
        file = os.environ.get("KAWAT_EXTERNAL_METRICS")
        if file is None:
            self.skipTest("KAWAT_EXTERNAL_METRICS names no file")

        def lag(seconds):
            answers = json.loads(pathlib.Path(file).read_text())
            answers["external"]["kawat_parse_lag_seconds"] = str(seconds)
            pathlib.Path(file).write_text(json.dumps(answers))

        lag(1)
        self.install("--set", "parse.autoscaling.mode=hpa")
        scaler = ["get", "hpa", "wire-kawat-parse", "-o", "jsonpath={.status.currentMetrics[0].external.current.value}"]
        wait_until("the autoscaler to see the lag", lambda: self.kubectl(*scaler) == "1", 60)
        self.assertEqual(len(self.pods("parse")), 2)
        lag(300)
        wait_until("twice as many pods", lambda: self.ready("parse") >= 4, 120)
        self.upgrade("--set", "parse.autoscaling.mode=hpa")
        self.assertGreaterEqual(len(self.pods("parse")), 4, "an upgrade leaves their number alone")

    def test_the_values_for_a_laptop_come_up(self):
        self.helm("install", "wire", CHART, "-f", CHART / "values-dev.yaml", "--wait", "--wait-for-jobs", "--timeout", "120s")
        self.assertEqual(len(self.pods("broker")), 1)
        self.assertEqual(len(self.pods("toolbox")), 1)


if __name__ == "__main__":
    if "KUBECONFIG" not in os.environ:
        sys.exit("KUBECONFIG names no cluster; this file's head says which is needed")
    need("kubectl", "helm")
    unittest.main()

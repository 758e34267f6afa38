#!/usr/bin/env python3
"""The Helm chart on an API server with fake nodes (kwok), where pods are objects only: what Kubernetes and Helm make of the chart.

Needs helm and kubectl (deploy_tools.py) and
  KUBECONFIG               of any API server with controllers, scheduler and at least two nodes that kwok plays, with a default storage class
  KAWAT_EXTERNAL_METRICS   optional: the JSON file of a fake external.metrics.k8s.io, {"external": {"kawat_parse_lag_seconds": "0"}}
Not part of tools/test. It makes namespaces of its own and deletes them; it cordons nodes for a while: run it on no cluster that others use."""
import json
import os
import pathlib
import subprocess
import time
import unittest
import uuid

import deploy_tools
from deploy_tools import CHART

BOOTSTRAP = ["--set", "store.replicas=3", "--set", "fetch.replicas=2"]


def wait_until(condition, seconds, what):
    """Waits for a true answer, and returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.2)


class KwokTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if "KUBECONFIG" not in os.environ:
            raise unittest.SkipTest("KUBECONFIG names no cluster; this file's head says which is needed")

    def setUp(self):
        self.namespace = f"kawat-{uuid.uuid4().hex[:8]}"
        self.kubectl("create", "namespace", self.namespace)
        self.kubectl("label", "namespace", self.namespace, "pod-security.kubernetes.io/enforce=restricted")

    def tearDown(self):
        for node in self.get("nodes"):
            self.kubectl("uncordon", node["metadata"]["name"])
        self.kubectl("delete", "namespace", self.namespace, "--wait=false")

    def kubectl(self, *arguments, check=True, **options):
        answer = deploy_tools.run("kubectl", "--namespace", self.namespace, *arguments, **options)
        if check and answer.returncode != 0:
            raise AssertionError(answer.stderr)
        return answer

    def helm(self, *arguments, check=True):
        answer = deploy_tools.run("helm", "--namespace", self.namespace, *arguments)
        if check and answer.returncode != 0:
            raise AssertionError(answer.stderr)
        return answer

    def install(self, *arguments):
        self.helm("install", "wire", CHART, "--wait", "--timeout", "120s", *BOOTSTRAP, *arguments)

    def upgrade(self, *arguments, check=True):
        return self.helm("upgrade", "wire", CHART, "--wait", "--timeout", "180s", *BOOTSTRAP, *arguments, check=check)

    def get(self, *what):
        return json.loads(self.kubectl("get", *what, "-o", "json").stdout)["items"]

    def pods(self, component):
        """Name or number -> uid, of the pods that are not on their way out."""
        pods = self.get("pods", "-l", f"app.kubernetes.io/component={component}")
        return {pod["metadata"]["name"]: pod["metadata"]["uid"] for pod in pods if "deletionTimestamp" not in pod["metadata"]}

    def ready(self, component):
        pods = self.get("pods", "-l", f"app.kubernetes.io/component={component}")
        return sum("deletionTimestamp" not in pod["metadata"] and any(c["type"] == "Ready" and c["status"] == "True"
                   for c in pod.get("status", {}).get("conditions", [])) for pod in pods)

    def configuration(self, component):
        return json.loads(self.kubectl("get", "configmap", f"wire-kawat-{component}", "-o", "json").stdout)["data"]["kawat.toml"]

    def evict(self, pod):
        """The API server's answer to an eviction; empty: done."""
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": self.namespace}}
        path = f"/api/v1/namespaces/{self.namespace}/pods/{pod}/eviction"
        return self.kubectl("create", "--raw", path, "-f", "-", input=json.dumps(body), check=False).stderr

    def test_upgrade_rolls_what_a_setting_concerns_and_rollback_rolls_it_back(self):
        self.install()
        fetch, store = self.pods("fetch"), self.pods("store")
        self.assertEqual(set(store), {"wire-kawat-store-0", "wire-kawat-store-1", "wire-kawat-store-2"})
        self.assertTrue(self.get("jobs", "-l", "app.kubernetes.io/component=topics"), "the topics' job ran before")

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
        everything = self.kubectl("get", "configmaps,statefulsets,deployments,jobs", "-o", "yaml").stdout
        self.assertNotIn("bmV3", everything)  # "new", as a secret has it

    def test_another_number_of_stores_is_refused_with_a_sentence(self):
        self.install()
        before = self.pods("store")
        answer = self.upgrade("--set", "store.replicas=4", check=False)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("store.replicas: 4, but the volumes of wire-kawat-store were made for 3", answer.stderr)
        self.assertIn("set store.replicas=3", answer.stderr)
        self.assertEqual(self.pods("store"), before)

        self.kubectl("scale", "statefulset", "wire-kawat-store", "--replicas=0")  # as a restore from a backup does
        self.upgrade()
        self.assertEqual(self.pods("store").keys(), before.keys())

        self.helm("uninstall", "wire", "--wait")
        answer = self.helm("install", "wire", CHART, "--set", "store.replicas=1", "--set", "fetch.replicas=2", check=False)
        self.assertIn("were made for 3", answer.stderr, "the volumes are still there")

    def test_a_drain_takes_one_store_at_a_time(self):
        nodes = [node["metadata"]["name"] for node in self.get("nodes")]
        for node in nodes[1:]:
            self.kubectl("cordon", node)  # so that all pods come to stand on the first
        self.install()
        self.kubectl("cordon", nodes[0])
        self.assertEqual(self.evict("wire-kawat-store-0"), "")
        wait_until(lambda: self.ready("store") == 2, 30, "store-0 left, and finds no node")
        self.assertIn("disruption budget", self.evict("wire-kawat-store-1"))
        for node in nodes[1:]:
            self.kubectl("uncordon", node)
        wait_until(lambda: self.ready("store") == 3, 60, "store-0 is back on another node")

        drain = subprocess.Popen([deploy_tools.find("kubectl"), "drain", nodes[0], "--delete-emptydir-data", "--ignore-daemonsets", "--timeout=180s",
                                  f"--pod-selector=app.kubernetes.io/instance=wire"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        fewest = {"store": 3, "fetch": 2}
        while drain.poll() is None:
            fewest = {component: min(count, self.ready(component)) for component, count in fewest.items()}
        self.assertEqual(drain.returncode, 0, drain.stdout.read())
        drain.stdout.close()
        self.assertGreaterEqual(fewest["store"], 2)
        self.assertGreaterEqual(fewest["fetch"], 1)
        wait_until(lambda: self.ready("store") == 3 and self.ready("dedupe") == 1, 60, "all are back")
        self.assertFalse([pod for pod in self.get("pods") if pod["spec"].get("nodeName") == nodes[0] and pod["status"]["phase"] == "Running"])

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
        wait_until(lambda: self.kubectl(*scaler).stdout == "1", 60, "the autoscaler sees the lag")
        self.assertEqual(len(self.pods("parse")), 2)
        lag(300)
        wait_until(lambda: self.ready("parse") >= 4, 120, "twice as many pods")
        self.upgrade("--set", "parse.autoscaling.mode=hpa")
        self.assertGreaterEqual(len(self.pods("parse")), 4, "an upgrade leaves their number alone")

    def test_the_values_for_a_laptop_come_up(self):
        self.helm("install", "wire", CHART, "-f", CHART / "values-dev.yaml", "--wait", "--wait-for-jobs", "--timeout", "120s")
        self.assertEqual(len(self.pods("broker")), 1)
        self.assertEqual(len(self.pods("toolbox")), 1)


if __name__ == "__main__":
    unittest.main()

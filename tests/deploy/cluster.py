"""A Kubernetes cluster as tests use it: kubectl and helm with a KUBECONFIG, waits with bounds, ports forwarded."""
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/kawat"


def say(text: str):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def run(*words, data: str | None = None, patience: float = 120) -> str:
    """What a command prints; ends the test with what it complained about, if it fails."""
    done = subprocess.run([str(word) for word in words], input=data, capture_output=True, text=True, timeout=patience)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def wait_until(what: str, ask, patience: float, every: float = 2.0):
    """The first true answer of `ask`. An error of a command counts as not yet."""
    deadline = time.monotonic() + patience
    last = None
    while time.monotonic() < deadline:
        try:
            last = ask()
            if last:
                return last
        except (RuntimeError, subprocess.TimeoutExpired, ConnectionError, ValueError) as error:
            last = error
        time.sleep(every)
    raise RuntimeError(f"waited {patience:.0f} s for {what}; last: {last}")


class Cluster:
    def __init__(self, namespace: str):
        self.namespace = namespace

    def kubectl(self, *words, data: str | None = None, patience: float = 120) -> str:
        return run("kubectl", "-n", self.namespace, *words, data=data, patience=patience)

    def get(self, *words) -> dict:
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def apply(self, text: str):
        self.kubectl("apply", "-f", "-", data=text)

    def helm(self, *words, patience: float = 900) -> str:
        return run("helm", "-n", self.namespace, *words, patience=patience)

    def pods(self, component: str) -> list[dict]:
        selector = f"app.kubernetes.io/component={component}"
        return [pod for pod in self.get("pods", "-l", selector)["items"] if "deletionTimestamp" not in pod["metadata"]]

    def ready(self, component: str) -> bool:
        pods = self.pods(component)
        return bool(pods) and all(
            condition["status"] == "True" for pod in pods for condition in pod["status"].get("conditions", [])
            if condition["type"] == "Ready") and all(pod["status"].get("conditions") for pod in pods)

    def replace_pod(self, component: str, patience: float = 180) -> str:
        """Kills one pod without grace, as a node that dies, and waits until as many as before are ready. Its name."""
        before = self.pods(component)
        pod = before[0]["metadata"]
        self.kubectl("delete", "pod", pod["name"], "--grace-period=0", "--force", "--wait=false")

        def replaced():
            now = self.pods(component)
            return len(now) == len(before) and pod["uid"] not in [other["metadata"]["uid"] for other in now] and self.ready(component)
        wait_until(f"a new pod of {component}", replaced, patience, every=0.5)
        return pod["name"]

    def raw(self, path: str) -> str:
        """A GET through the API server's proxy: services/NAME:PORT/proxy/PATH."""
        return run("kubectl", "get", "--raw", f"/api/v1/namespaces/{self.namespace}/{path}")

    @contextlib.contextmanager
    def forwarded(self, target: str, port: int):
        """127.0.0.1:PORT that leads to `port` of `target` ("svc/kawat-store") while the block runs."""
        forward = subprocess.Popen(["kubectl", "-n", self.namespace, "port-forward", target, f":{port}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            line = forward.stdout.readline()
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
            if not found:
                raise RuntimeError(f"kubectl port-forward {target}: {line}")
            yield f"127.0.0.1:{found.group(1)}"
        finally:
            forward.terminate()
            forward.wait(timeout=10)


def need(*tools: str):
    import shutil
    for tool in tools:
        if not shutil.which(tool):
            sys.exit(f"{tool} is not on PATH")

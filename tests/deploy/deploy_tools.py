"""Where the deployment tests find their tools: $KAWAT_DEPLOY_TOOLS, build/deps/deploy/bin (tools/setup --deploy), $PATH, in this order."""
import os
import shutil
import subprocess
import unittest

from cluster import CHART, ROOT

# what is given to helm -> a name for it; the three ways to install that the chart comes with
VALUES_FILES = {"values.yaml": [], "values-dev.yaml": ["-f", str(CHART / "values-dev.yaml")],
                "values-production.yaml": ["-f", str(CHART / "values-production.yaml")]}


def find(name):
    """The path of a tool. Skips the test when it is nowhere."""
    folders = [os.environ.get("KAWAT_DEPLOY_TOOLS", ""), str(ROOT / "build/deps/deploy/bin"), os.environ.get("PATH", "")]
    path = shutil.which(name, path=os.pathsep.join(folder for folder in folders if folder))
    if path is None:
        raise unittest.SkipTest(f"{name} is not installed: tools/setup --deploy")
    return path


def run(name, *arguments, **options):
    answer = subprocess.run([find(name), *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)
    lines = answer.stderr.splitlines(keepends=True)  # of the chart's symbolic links helm speaks each time
    answer.stderr = "".join(line for line in lines if "found symbolic link in path" not in line)
    return answer


def template(*arguments, release="wire"):
    """The manifests that helm renders, as objects. Raises with what helm said."""
    import yaml
    answer = run("helm", "template", release, CHART, "--namespace", "news", *arguments)
    if answer.returncode != 0:
        raise AssertionError(answer.stderr)
    return [document for document in yaml.load_all(answer.stdout, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if document]

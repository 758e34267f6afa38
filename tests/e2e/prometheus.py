"""Reads Prometheus text and the files that use it. Nothing but the standard library."""
import re
import urllib.request

from kawat_process import ROOT

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def scrape(address):
    """[(name, labels, value)] of one /metrics."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = [SAMPLE.match(line) for line in text.splitlines() if line and not line.startswith("#")]
    return [(match[1], dict(LABEL.findall(match[2] or "")), float(match[3])) for match in found]


def total(samples, name, **labels):
    """The sum of the samples with that name and those labels."""
    return sum(value for sample, have, value in samples if sample == name and labels.items() <= have.items())


def largest(samples, name, **labels):
    return max((value for sample, have, value in samples if sample == name and labels.items() <= have.items()), default=0.0)


def documented():
    """name → its line, of docs/metrics.md."""
    return dict(re.findall(r"^\| `(\w+).*?` \|(.*)$", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))


def used():
    """name → where, of all metrics that rules and dashboards use; recorded ones are not among them."""
    names = {}
    for path in [ROOT / "deploy/prometheus/rules.yml", *sorted((ROOT / "deploy/grafana").glob("*.json"))]:
        for name in re.findall(r"(?<![\w:])(?:kawat|process)_\w+(?!\w*:)", path.read_text()):
            names.setdefault(SUFFIX.sub("", name), path.name)
    return names

#!/usr/bin/env python3
"""Rules, their tests, runbooks and dashboards fit together and are what Prometheus reads. Run by CTest; 77: promtool is absent, the rest is right."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy/prometheus/rules.yml"
TESTS = sorted((ROOT / "deploy/prometheus").glob("*_test.yml"))
DASHBOARDS = sorted((ROOT / "deploy/grafana").glob("*.json"))
SEVERITIES = {"critical", "warning", "info"}
SKIPPED = 77


def anchors(markdown):
    """The anchors that a forge gives to the headings of a document."""
    for heading in re.findall(r"^#+ (.*)$", markdown, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def alerts():
    """name → text of its rule."""
    parts = re.split(r"^ +- alert: (\w+)$", RULES.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2]))


def check_alerts():
    found = alerts()
    if len(found) < 10:
        yield f"only {len(found)} alerts were found: this test proves nothing"
    entries = {"docs/operations.md": set(anchors((ROOT / "docs/operations.md").read_text()))}
    tests = "\n".join(path.read_text() for path in TESTS)
    for name, text in found.items():
        runbook = re.search(r"runbook: (\S+)#(\S+)$", text, re.MULTILINE)
        if runbook is None or runbook[2] not in entries.get(runbook[1], ()):
            yield f"{name}: no runbook, or {runbook and runbook[0]} is no heading"
        if (severity := re.search(r"severity: (\w+)", text)) is None or severity[1] not in SEVERITIES:
            yield f"{name}: severity must be one of {sorted(SEVERITIES)}"
        if "summary:" not in text:
            yield f"{name}: no summary"
        if not re.search(rf"alertname: {name}\n +eval_time: \S+\n +exp_alerts:\n", tests):
            yield f"{name}: no test in which it fires"
        if not re.search(rf"alertname: {name}, eval_time: \S+, exp_alerts: \[\]", tests):
            yield f"{name}: no test in which it does not fire"
    documented = (ROOT / "docs/operations.md").read_text()
    for name in set(re.findall(r"\(alert (\w+)\)", documented)) - found.keys():
        yield f"docs/operations.md has an entry for {name}, which is no alert"


def panels(board):
    for panel in board["panels"]:
        yield panel
        yield from panel.get("panels", [])


def check_dashboards(expressions):
    """Problems of shape; gathers the expressions, with variables replaced."""
    uids = set()
    for path in DASHBOARDS:
        board = json.loads(path.read_text())
        names = {variable["name"] for variable in board["templating"]["list"]}
        if board["uid"] in uids or board["schemaVersion"] < 39 or "datasource" not in names:
            yield f"{path.name}: its uid is taken, its schema old, or it has no data source variable"
        uids.add(board["uid"])
        ids = [panel["id"] for panel in panels(board)]
        if len(ids) != len(set(ids)):
            yield f"{path.name}: a panel's id is there twice"
        for panel in panels(board):
            if panel["type"] != "row" and not panel.get("targets"):
                yield f"{path.name}: {panel['title']} shows nothing"
            for target in panel.get("targets", []):
                unknown = {name for name in re.findall(r"\$\{?(\w+)", target["expr"]) if not name.startswith("__")} - names
                if unknown:
                    yield f"{path.name}: {panel['title']}: unknown variables {sorted(unknown)}"
                text = re.sub(r"\$__\w+", "5m", target["expr"])
                expressions.append(re.sub(r"\$\w+", ".*", text))
    if len(expressions) < 20:
        yield f"only {len(expressions)} expressions were found in dashboards: this test proves nothing"


def check_names():
    """Every metric that is used is documented, or recorded by a rule."""
    known = set(re.findall(r"^\| `(\w+)", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
    recorded = set(re.findall(r"record: (\S+)", RULES.read_text()))
    for path in [RULES, *TESTS, *DASHBOARDS]:
        for name in sorted(set(re.findall(r"(?<![\w:\"/-])(?:kawat[_:]|process_)[\w:]+", path.read_text()))):
            if name not in recorded and re.sub(r"_(bucket|sum|count)$", "", name) not in known and name not in known:
                yield f"{path.name} uses {name}, which docs/metrics.md does not list"


def promtool(*arguments):
    result = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        yield (result.stdout + result.stderr).strip()


def check_with_promtool(expressions):
    yield from promtool("check", "rules", RULES)
    yield from promtool("test", "rules", *TESTS)
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as rules:
        json.dump({"groups": [{"name": "dashboards", "rules": [{"record": f"x{i}", "expr": e} for i, e in enumerate(expressions)]}]}, rules)
        rules.flush()
        yield from promtool("check", "rules", rules.name)


def main():
    expressions = []
    found = list(check_alerts()) + list(check_dashboards(expressions)) + list(check_names())
    have = shutil.which("promtool") is not None
    if have:
        found += list(check_with_promtool(expressions))
    print("\n".join(found) if found else f"{len(alerts())} alerts, {len(DASHBOARDS)} dashboards with {len(expressions)} expressions")
    if not have:
        print("promtool is absent (tools/setup --deploy installs it): expressions and alerts were not tried")
    return 1 if found else 0 if have else SKIPPED


if __name__ == "__main__":
    sys.exit(main())

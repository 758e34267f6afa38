#!/usr/bin/env python3
"""docs/metrics.md lists exactly the metrics that the code has. Run by CTest."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def in_code():
    names = set()
    for top in ("libs", "services", "cli"):
        for path in (ROOT / top).rglob("*.cpp"):
            names |= set(re.findall(r'Get(?:Counter|Gauge|Histogram)\(\s*"((?:kawat|process)_\w+)"', path.read_text()))
    return names


def in_document():
    return set(re.findall(r"^\| `((?:kawat|process)_\w+)", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))


def main():
    code, document = in_code(), in_document()
    if len(code) < 10:
        sys.exit(f"only {len(code)} metrics were found in the code: this test proves nothing")
    found = [f"docs/metrics.md lacks {name}" for name in sorted(code - document)]
    found += [f"docs/metrics.md lists {name}, which no code has" for name in sorted(document - code)]
    print("\n".join(found) if found else f"{len(code)} metrics, all documented")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

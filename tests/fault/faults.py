#!/usr/bin/env python3
"""Does damage to a running kawat on a real Kafka broker, and compares what is left with what the newsroom knows: nothing lost, nothing twice.

Each fault has a broker, a newsroom and four processes of its own. Exit code 1: a fault lost or doubled something, or did not happen."""
import argparse
import ctypes
import dataclasses
import json
import os
import pathlib
import random
import shutil
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "e2e"), str(pathlib.Path(__file__).resolve().parent)]
from fault import FAULTS, carry_out  # noqa: E402
import broker_faults  # noqa: E402, F401
import clock_faults  # noqa: E402, F401
import disk_faults  # noqa: E402, F401
import network_faults  # noqa: E402, F401
import poison_faults  # noqa: E402, F401
import process_faults  # noqa: E402, F401
import short_faults  # noqa: E402, F401

EXAMPLES = """examples:
  tools/faults                                   # all, about 35 minutes; root makes the disks and networks
  tools/faults kill-dedupe broker-killed         # only these
  tools/faults --list
  tools/faults --seed 7 --json faults.json       # other moments; the table for programs as well
  tools/faults kill-store --keep /tmp/kept       # of what failed, the folder with logs and state"""
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000


def mount_for_ourselves():
    """Small disks and network namespaces are seen by this process and its children only, and go with them."""
    library = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0 and library.unshare(CLONE_NEWNS) == 0:
        library.mount(None, b"/", None, MS_REC | MS_PRIVATE, None)


class Progress:
    """Lines on stderr. Those of the kind that come often are written over on a terminal, and left out elsewhere."""

    def __init__(self):
        self.open = False

    def __call__(self, text, inline=False):
        if inline and not sys.stderr.isatty():
            return
        sys.stderr.write(("\r\033[K" if self.open else "") + f"    {text}" + ("" if inline else "\n"))
        sys.stderr.flush()
        self.open = inline


def table(results):
    lines = ["| fault | times | articles | URLs | lost | doubled | seconds to drain | restarts | result |", "|---|---|---|---|---|---|---|---|---|"]
    for r in results:
        end = f"skipped: {r.skipped}" if r.skipped else "passed" if r.passed else "**failed**"
        lines.append(f"| {r.name}: {r.what} | {r.times} | {r.articles} | {r.urls} | {r.lost} | {r.doubled} | {r.drain_seconds} | {r.restarts} | {end} |")
    return "\n".join(lines)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools/faults", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="FAULT", help="only these; all unless named (see --list)")
    parser.add_argument("--list", action="store_true", help="names the faults and what each does")
    parser.add_argument("--seed", type=int, default=1, help="of the newsroom and of the moments at which things happen (1)")
    parser.add_argument("--json", metavar="FILE", help="writes the table there for programs")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps there the logs and state of faults that failed")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in FAULTS]
    if unknown:
        parser.error(f"no fault named {', '.join(unknown)}; there are {', '.join(FAULTS)}")
    return options


def main():
    options = parse_arguments()
    if options.list:
        for one in FAULTS.values():
            print(f"{one.name:20}{one.what}" + ("" if one.by_default else f" (not by default: {one.why_not})"))
        return 0
    mount_for_ourselves()
    chosen = [FAULTS[name] for name in options.names] or [one for one in FAULTS.values() if one.by_default]
    keep = (lambda folder, name: shutil.copytree(folder, pathlib.Path(options.keep) / name, dirs_exist_ok=True,
                                                  ignore_dangling_symlinks=True)) if options.keep else None
    results, say, began = [], Progress(), time.monotonic()
    for number, one in enumerate(chosen, 1):
        print(f"==> {one.name} ({number} of {len(chosen)}): {one.what}", file=sys.stderr, flush=True)
        result = carry_out(one, options.seed, random.Random(f"{options.seed} {one.name}"), say, keep)
        results.append(result)
        say(f"skipped: {result.skipped}" if result.skipped else
            f"{'passed' if result.passed else 'FAILED'}: {result.articles} articles, lost {result.lost}, doubled {result.doubled}, "
            f"drained in {result.drain_seconds} s; {result.seconds} s in all")
        for complaint in result.complaints:
            say(complaint[:6000])
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps({"seed": options.seed, "faults": [dataclasses.asdict(r) for r in results]}, indent=1))
    print(table(results))
    failed = [r.name for r in results if not r.passed]
    print(f"\n{len(results) - len(failed)} of {len(results)} faults passed in {(time.monotonic() - began) / 60:.0f} minutes, seed {options.seed}")
    if failed:
        print(f"again: tools/faults --seed {options.seed} {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

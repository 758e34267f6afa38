#!/usr/bin/env python3
"""A record that crashes its stage three times is run alone, crashes it once more and is a dead letter; all others flow.

The crash comes from outside: crash_at.c, preloaded, ends the process as soon as a crash marker names the record.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
from unittest import mock

from kawat_process import Newsroom, Up, check, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 100
CRASHES = 3 + 1  # and alone
SAID = re.compile(r"kawat: its child was killed by SIGSEGV \(11\) after .*; starting it again in .* \(restart (\d+) of 20 in a row\)")


def preloaded(folder, record):
    """The environment in which kawat crashes at the record."""
    library = pathlib.Path(folder) / "crash_at.so"
    source = pathlib.Path(__file__).with_name("crash_at.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "KAWAT_CRASH_AT": record}


class CrashingRecordTest(unittest.TestCase):
    def test_a_page_that_crashes_parse(self):
        self.becomes_a_dead_letter_and_all_others_flow("parse", "kawat.pages/2/7")

    def test_an_article_that_crashes_dedupe(self):
        self.becomes_a_dead_letter_and_all_others_flow("dedupe", "kawat.parsed/0/20")

    def test_a_fact_that_crashes_store(self):
        self.becomes_a_dead_letter_and_all_others_flow("store", "kawat.articles/1/5", self.crawl_and_lose_a_shard)

    def crawl_and_lose_a_shard(self, newsroom, folder):
        """So that the shard reads facts that dedupe does not send anew (at another offset: then compaction takes the old ones)."""
        with Up(newsroom.config, folder) as up:
            wait_for_no_difference(newsroom.address, up.store, up.fetch, 120)
        shutil.rmtree(up.data / "store/01")
        up.log.unlink()

    def becomes_a_dead_letter_and_all_others_flow(self, stage, record, before=None):
        with temporary_folder() as folder, Newsroom(folder, "--seed", 5, "--articles", ARTICLES, "--delay", 50) as newsroom:
            if before:
                before(newsroom, folder)
            with mock.patch.dict(os.environ, preloaded(folder, record)):
                up = Up(newsroom.config, folder, "--set", "parse.threads=1")  # one line in its marker
            with up:
                wait_until(lambda: len(self.said(up)) == CRASHES, 60, f"{CRASHES} lines that say a crash", every=0.5)
                wait_until(lambda: self.crashed(up), 60, "a dead letter", every=0.5)
                self.assertEqual(self.crashed(up), [(stage, record)])
                self.wait_for(newsroom, up, "the other articles", lambda found: found["compared"] >= ARTICLES - 1 and self.only_one_differs(found))
                self.assertEqual(self.said(up), [str(n) for n in range(1, CRASHES + 1)], up.output())  # and none since
                replayed = run("deadletters", "replay", "--reason", "crashed", "--fetch", up.fetch)
                self.assertIn("replayed 1 of 1", replayed.stdout, replayed.stderr)
                # A revision that was replayed after the next one had come is not told again.
                self.wait_for(newsroom, up, "the article of the dead letter", lambda found: found["stored"] == ARTICLES and self.only_one_differs(found, "revision"))

    def said(self, up):
        """Which restart each line about a crash counts."""
        return SAID.findall(up.output())

    def crashed(self, up):
        """Stage and place of what was given up."""
        up.wait_for_addresses()
        listed = run("deadletters", "list", "--reason", "crashed", "--json", "--fetch", up.fetch)
        letters = json.loads(listed.stdout).get("dead_letters", []) if listed.returncode == 0 else []
        return [(letter["stage"], letter["id"]) for letter in letters]

    def wait_for(self, newsroom, up, what, holds):
        reports = []

        def check_again():
            reports.append(check(newsroom.address, up.store, up.fetch)[1])
            return "findings" in reports[-1] and holds(reports[-1])

        try:
            wait_until(check_again, 90, what, every=1)
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(reports[-1])[:4000]}") from None

    def only_one_differs(self, report, field=None):
        return len({f["url"] for f in report["findings"]}) <= 1 and all(field in (None, f["field"]) for f in report["findings"])


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""Shards that were lost, and logs that were: kawat shard rebuild and accept-log make them good."""
import json
import pathlib
import shutil
import unittest

from kawat_process import KAWAT, Newsroom, Process, Up, run, temporary_folder, wait_for_no_difference, wait_until

CANNOT_MEND = 78
ARTICLES = 200


def ends_with(config, folder):
    """`kawat up` that refuses: its exit code and what it said."""
    log = pathlib.Path(folder) / "refused.log"
    up = Process(KAWAT, "up", "--config", config, "--data", pathlib.Path(folder) / "data", "--any-port", log=log)
    try:
        wait_until(lambda: not up.running(), 60, "kawat up to refuse")
        return up.process.returncode, log.read_text()
    finally:
        up.stop()


class ShardTest(unittest.TestCase):
    def setUp(self):
        temporary = temporary_folder()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.data = self.folder / "data"
        self.newsroom = Newsroom(self.folder, "--articles", ARTICLES, "--rate", 15, "--seed", 6)
        self.addCleanup(self.newsroom.stop)

    def shard(self, command, shard, *flags):
        return run("shard", command, shard, "--config", self.newsroom.config, "--data", self.data, *flags, timeout=120)

    def crawl(self, articles):
        """kawat runs until its store has so many articles; returns their number."""
        with Up(self.newsroom.config, self.folder) as up:
            wait_until(lambda: up.articles() >= articles, 90, f"{articles} articles")
            return up.articles()

    def test_a_lost_dedupe_and_a_lost_store_shard_are_rebuilt(self):
        self.crawl(ARTICLES // 4)
        shutil.rmtree(self.data / "dedupe/00")

        code, said = ends_with(self.newsroom.config, self.folder)
        self.assertEqual(code, CANNOT_MEND, said)
        self.assertIn("kawat shard rebuild dedupe/0", said)

        rebuilt = self.shard("rebuild", "dedupe/0", "--json")
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
        summary = json.loads(rebuilt.stdout)
        self.assertGreaterEqual(summary["articles"], ARTICLES // 4)
        self.assertEqual(summary["malformed"], 0)
        before = self.crawl(ARTICLES // 2)

        shutil.rmtree(self.data / "store/01")
        rebuilt = self.shard("rebuild", "store/1")
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
        self.assertIn("store/1 is rebuilt from", rebuilt.stdout)

        refused = self.shard("rebuild", "store/2")
        self.assertEqual(refused.returncode, CANNOT_MEND, refused.stdout)
        self.assertIn("--yes", refused.stderr)
        rebuilt = self.shard("rebuild", "store/2", "--yes", "--json")
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
        self.assertTrue(pathlib.Path(json.loads(rebuilt.stdout)["set_aside"]).is_dir())

        with Up(self.newsroom.config, self.folder) as up:
            self.assertGreaterEqual(up.articles(), before)
            report = wait_for_no_difference(self.newsroom.address, up.store, up.fetch, 120)
            self.assertGreaterEqual(report["compared"], ARTICLES)

            for command in ("rebuild", "accept-log"):
                busy = self.shard(command, "dedupe/0", "--yes")
                self.assertEqual(busy.returncode, CANNOT_MEND, busy.stdout)
                self.assertIn("in use", busy.stderr)

    def test_a_log_that_was_lost_is_accepted_by_will(self):
        self.crawl(ARTICLES // 4)
        agrees = self.shard("accept-log", "dedupe/0", "--yes")
        self.assertEqual(agrees.returncode, 0, agrees.stderr)
        self.assertIn("the log agrees", agrees.stdout)

        shutil.rmtree(self.data / "log")
        code, said = ends_with(self.newsroom.config, self.folder)
        self.assertEqual(code, CANNOT_MEND, said)
        self.assertIn("kawat shard accept-log", said)

        plan = self.shard("accept-log", "dedupe/0")
        self.assertEqual(plan.returncode, 0, plan.stderr)
        self.assertIn("--yes", plan.stdout)
        shards = ["dedupe/0"] + [f"{service}/{number}" for service in ("fetch", "store") for number in range(4)]
        for shard in shards:
            accepted = self.shard("accept-log", shard, "--yes", "--json")
            self.assertEqual(accepted.returncode, 0, accepted.stderr)
        with Up(self.newsroom.config, self.folder) as up:
            wait_until(lambda: up.articles() >= ARTICLES // 2, 90, "articles after the log was accepted")

    def test_mistakes_are_named(self):
        for arguments, word in ((["rebuild", "dedupe"], "SERVICE/N"), (["rebuild", "stoer/1"], "SERVICE/N"), (["accept-log", "store/x"], "SERVICE/N"),
                                (["rebuild", "fetch/0"], "not rebuilt"), (["rebuild", "store/0", "--data", "/nowhere"], "--data"), (["rebiuld"], "rebuild")):
            answer = run("shard", *arguments)
            self.assertNotEqual(answer.returncode, 0, arguments)
            self.assertIn(word, answer.stderr, arguments)


if __name__ == "__main__":
    unittest.main()

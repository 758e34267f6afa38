#!/usr/bin/env python3
"""`kawat shard`: a backup of a running kawat brings back all of it; damage is found and named."""
import json
import pathlib
import shutil
import unittest

from kawat_process import Newsroom, Up, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 500
DELAY_MS = 30


def shard(*arguments):
    return run("shard", *arguments, timeout=120)


def list_shards(data):
    listed = shard("list", "--data", data, "--json")
    return {row["shard"]: row for row in json.loads(listed.stdout)["shards"]}


class ShardBackupTest(unittest.TestCase):
    def setUp(self):
        self._folder = temporary_folder()
        self.addCleanup(self._folder.cleanup)
        self.folder = self._folder.name

    def ok(self, *arguments):
        result = shard(*arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def refused(self, *arguments):
        result = shard(*arguments)
        self.assertEqual(result.returncode, 78, result.stdout + result.stderr)
        return result.stderr

    def test_a_backup_under_load_brings_back_what_was_deleted(self):
        token = pathlib.Path(self.folder) / "token"
        token.write_text("0123456789abcdef\n")
        guards = [part for service in ("fetch", "dedupe", "store") for part in ("--set", f'{service}.token_file="{token}"')]
        with Newsroom(self.folder, "--seed", 7, "--articles", ARTICLES, "--delay", DELAY_MS) as newsroom:
            with Up(newsroom.config, self.folder, *guards) as up:
                wait_until(lambda: up.articles() >= 100, 60, "100 articles")
                for name in ("fetch/00", "dedupe/00", "store/00"):
                    refused = shard("backup", name, "--to", "loaded", "--data", up.data)
                    self.assertEqual(refused.returncode, 1)
                    self.assertIn("--token-file", refused.stderr)
                self.token = ("--token-file", token)
                self.back_up_online(up)
                wait_until(lambda: up.articles() >= 300, 60, "300 articles")
                up.kill()
            wait_until(lambda: all(row["open_by_process"] is None for row in list_shards(up.data).values()), 30, "the end of the child")
            for service in ("fetch", "dedupe", "store"):
                shutil.rmtree(up.data / service)
            said = self.ok("restore", "all", "--from", self.backup, "--data", up.data)
            self.assertIn("it goes on from kawat.parsed/0 next ", said)
            self.assertEqual(self.fingerprints(up.data), self.fingerprints(self.backup))
            with Up(newsroom.config, self.folder) as up:
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 240)
                self.assertGreaterEqual(report["compared"], ARTICLES)

    def back_up_online(self, up):
        before = list_shards(up.data)
        self.assertEqual(sorted(before), ["dedupe/00"] + [f"fetch/0{i}" for i in range(4)] + [f"store/0{i}" for i in range(4)])
        self.assertEqual({row["open_by_process"] for row in before.values()}, {up.child()})
        self.assertGreater(before["dedupe/00"]["positions"][0]["next"], 0)
        self.ok("backup", "all", "--to", "loaded", "--data", up.data, *self.token)
        self.backup = up.data / "backups" / "loaded"
        self.assertIn("is a backup already", self.refused("backup", "store/00", "--to", "loaded", "--data", up.data, *self.token))
        self.assertIn("is in use", self.refused("restore", "store/00", "--from", self.backup, "--data", up.data, "--yes"))
        self.assertIn("is in use", self.refused("verify", "all", "--data", up.data))
        self.assertIn("a backup's name", self.refused("backup", "store/00", "--to", "../loaded", "--data", up.data))
        for name, row in list_shards(self.backup).items():
            for now, then in zip(row["positions"], before[name]["positions"]):
                self.assertGreaterEqual(now["next"], then["next"])

    def fingerprints(self, data):
        rows = json.loads(self.ok("verify", "all", "--fingerprint", "--data", data, "--json"))["shards"]
        return {row["shard"]: row["fingerprint"] for row in rows}

    def test_a_flipped_byte_is_found_and_named(self):
        with Newsroom(self.folder, "--seed", 7, "--articles", 50, "--delay", DELAY_MS) as newsroom:
            with Up(newsroom.config, self.folder) as up:
                wait_until(lambda: up.articles() >= 50, 60, "50 articles")
                self.assertEqual(up.stop(), 0)
        self.ok("verify", "all", "--data", up.data)
        self.ok("backup", "store/01", "--to", "offline", "--data", up.data)
        self.ok("verify", "all", "--data", up.data / "backups" / "offline")
        # Its own copy, since the backup's tables are links to the shard's.
        away = up.data.parent / "away"
        shutil.copytree(up.data / "backups" / "offline", away)
        for data, remedy in ((up.data, "restore it from a backup"), (away, "use another one")):
            table = next((data / "store" / "01").glob("*.sst"))
            content = bytearray(table.read_bytes())
            content[len(content) // 3] ^= 1
            table.write_bytes(content)
            result = shard("verify", "store/01", "--data", data)
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
            self.assertIn("store/01 is damaged: ", result.stdout)
            self.assertIn(table.name, result.stdout)
            self.assertIn(remedy, result.stdout)
        self.assertIn("not the file that was backed up", self.refused("restore", "store/01", "--from", away, "--data", up.data, "--yes"))


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""Pages that crashed parse are dead letters; once parse is mended they are replayed, and become articles."""
import json
import unittest

from kawat_process import Newsroom, Up, check, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 200
PARTITIONS = 4
GIVEN_UP = range(10, 30)  # offsets of each partition


class DeadLettersTest(unittest.TestCase):
    def letters(self, up, *arguments):
        result = run("deadletters", *arguments, "--fetch", up.fetch)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def poison(self, folder):
        """As three crashes at each of these records leave it (libs/pipeline/crash_marker.h)."""
        marker = folder / "data/parse/marker"
        marker.parent.mkdir(parents=True)
        marker.write_text("".join(f"4 alone kawat.pages/{p}/{o}\n" for p in range(PARTITIONS) for o in GIVEN_UP))

    def test_a_replayed_page_becomes_the_article_that_it_was(self):
        with temporary_folder() as name, Newsroom(name, "--seed", 11, "--articles", ARTICLES, "--delay", 50) as newsroom:
            folder = newsroom.config.parent
            self.poison(folder)
            with Up(newsroom.config, folder) as up:
                refused = lambda: json.loads(self.letters(up, "list", "--reason", "crashed", "--json"))["dead_letters"]
                wait_until(lambda: len(refused()) == PARTITIONS * len(GIVEN_UP), 120, "the pages that are given up", every=0.5)
                wait_until(lambda: "DEAD_LETTER" in json.dumps(check(newsroom.address, up.store, up.fetch)[1]), 60, "the newsroom to miss them", every=1)

                first = refused()[0]
                self.assertEqual((first["stage"], first["reason"]), ("parse", "REASON_CRASHED"))
                shown = self.letters(up, "show", first["id"], "--raw", folder / "page.bin")
                self.assertIn("crashed", shown)
                self.assertEqual((folder / "page.bin").stat().st_size, first["value_bytes"])
                self.assertIn("80\tparse\tcrashed", self.letters(up, "list", "--stage", "parse", "--limit", 1))
                self.assertIn("0 dead letters", self.letters(up, "list", "--until", "1h"))

                self.assertIn("would replay 80 of 80", self.letters(up, "replay", "--reason", "crashed", "--dry-run"))
                self.assertIn("replayed 1 of 1", self.letters(up, "replay", first["id"]))
                self.assertIn("replayed 80 of 80", self.letters(up, "replay", "--reason", "crashed", "--since", "1h"))
                self.assertIn("replayed", self.letters(up, "replay", "--all"))  # the newsroom has a page of its own that no parse reads
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 240)
                self.assertGreaterEqual(report["compared"], ARTICLES)
                self.assertEqual(len(refused()), PARTITIONS * len(GIVEN_UP))

    def test_what_is_wrong_is_said(self):
        result = run("deadletters", "replay", "--fetch", "127.0.0.1:1")
        self.assertEqual(result.returncode, 78)
        self.assertIn("--all", result.stderr)
        result = run("deadletters", "list", "--reason", "bad_encodin", "--fetch", "127.0.0.1:1")
        self.assertEqual(result.returncode, 78)
        self.assertIn('"bad_encoding"', result.stderr)
        result = run("deadletters", "list", "--since", "yesterday", "--fetch", "127.0.0.1:1")
        self.assertEqual(result.returncode, 78)
        self.assertIn("--since", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)

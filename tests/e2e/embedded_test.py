#!/usr/bin/env python3
"""The main job on the embedded log: what the newsroom published is in the store."""
import unittest

from kawat_process import Newsroom, Up, temporary_folder, wait_for_no_difference

ARTICLES = 500
DELAY_MS = 50


class EmbeddedTest(unittest.TestCase):
    def test_the_newsroom_and_the_store_agree(self):
        with temporary_folder() as folder, Newsroom(folder, "--seed", 7, "--articles", ARTICLES, "--delay", DELAY_MS) as newsroom:
            with Up(newsroom.config, folder) as up:
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 240)
                self.assertGreaterEqual(report["compared"], ARTICLES)
                self.assertEqual(up.stop(), 0, "SIGTERM ends it with 0 within 10 s")


if __name__ == "__main__":
    unittest.main(verbosity=2)

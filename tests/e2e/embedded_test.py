#!/usr/bin/env python3
"""The main job on the embedded log: what the newsroom published is in the store, whatever dies on the way."""
import os
import signal
import unittest

from kawat_process import Newsroom, Up, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 500
DELAY_MS = 50


class EmbeddedTest(unittest.TestCase):
    def crawl(self, disturb):
        with temporary_folder() as folder, Newsroom(folder, "--seed", 7, "--articles", ARTICLES, "--delay", DELAY_MS) as newsroom:
            with Up(newsroom.config, folder) as up:
                disturb(up)
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 240)
                self.assertGreaterEqual(report["compared"], ARTICLES)
                self.assertEqual(up.stop(), 0, "SIGTERM ends it with 0 within 10 s")

    def test_the_newsroom_and_the_store_agree(self):
        self.crawl(lambda up: None)

    def test_killing_it_at_five_moments_changes_nothing(self):
        def kill_five_times(up):
            for articles in (1, 100, 200, 300, 400):
                wait_until(lambda: up.articles() >= articles, 120, f"{articles} articles in the store")
                child = up.child()
                (up.data / "addresses.json").unlink(missing_ok=True)
                os.kill(child, signal.SIGKILL)
                wait_until(lambda: up.child() not in (None, child), 30, "a new child")
                up.wait_for_addresses()

        self.crawl(kill_five_times)


if __name__ == "__main__":
    unittest.main(verbosity=2)

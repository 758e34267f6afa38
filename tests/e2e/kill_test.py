#!/usr/bin/env python3
"""SIGKILL at five moments of a crawl changes nothing of what the newsroom finds in the store."""
import os
import signal
import time
import unittest

from kawat_process import Newsroom, Up, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 500
DELAY_MS = 50
LONG_RUN_SECONDS = 1.5  # a child that ran for so long is started again after a second; earlier ends are waited for ever longer


class KillTest(unittest.TestCase):
    def test_killing_it_at_five_moments_changes_nothing(self):
        with temporary_folder() as folder, Newsroom(folder, "--seed", 7, "--articles", ARTICLES, "--delay", DELAY_MS) as newsroom:
            with Up(newsroom.config, folder) as up:
                self.came_up = time.monotonic()
                for articles in (1, 100, 200, 300, 400):
                    self.kill_when_it_has(up, articles)
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 120)
                self.assertGreaterEqual(report["compared"], ARTICLES)

    def kill_when_it_has(self, up, articles):
        wait_until(lambda: up.articles() >= articles and time.monotonic() - self.came_up > LONG_RUN_SECONDS, 120,
                   f"{articles} articles in the store")
        child = up.child()
        (up.data / "addresses.json").unlink(missing_ok=True)
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: up.child() not in (None, child), 30, "a new child")
        up.wait_for_addresses()
        self.came_up = time.monotonic()


if __name__ == "__main__":
    unittest.main(verbosity=2)

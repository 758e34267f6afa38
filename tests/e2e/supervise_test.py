#!/usr/bin/env python3
"""`kawat up` whose child dies again and again gives up, and says what to look at."""
import os
import signal
import unittest

from kawat_process import Up, temporary_folder, wait_until

RESTARTS = 3


class SuperviseTest(unittest.TestCase):
    def test_a_child_that_is_killed_again_and_again_is_given_up(self):
        with temporary_folder() as folder:
            config = os.path.join(folder, "kawat.toml")
            open(config, "w").close()
            with Up(config, folder, "--max-restarts", RESTARTS) as up:
                for restart in range(1, RESTARTS + 1):
                    self.kill_child(up)
                    wait_until(lambda: f"(restart {restart} of {RESTARTS} in a row)" in up.output(), 20, f"the line about restart {restart}")
                self.kill_child(up)
                wait_until(lambda: not up.running(), 20, "its end")
                self.assertEqual(up.stop(), 1)
                last = up.output().splitlines()[-1]
                for part in ("was killed by SIGKILL (9)", f"giving up, {RESTARTS} restarts in a row did not help", "memory", "start kawat again"):
                    self.assertIn(part, last)

    def kill_child(self, up):
        os.kill(wait_until(up.child, 20, "a child"), signal.SIGKILL)


if __name__ == "__main__":
    unittest.main(verbosity=2)

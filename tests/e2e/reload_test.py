#!/usr/bin/env python3
"""SIGHUP and a changed file reload what can be reloaded, say what cannot, and refuse a file that is wrong."""
import os
import pathlib
import signal
import unittest

from kawat_process import BIN, Process, Up, run, temporary_folder, wait_until

SOURCE = '[[sources]]\nid = "{id}"\nfeeds = ["http://{id}.example/feed"]\n'
RESOLVE = '[resolve]\n"http://a.example" = "127.0.0.1:9"\n"http://b.example" = "127.0.0.1:9"\n'


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(temporary_folder()))
        self.config = self.folder / "kawat.toml"

    def write(self, text):
        """As Kubernetes does it: another file takes the name."""
        new = self.folder / "new.toml"
        new.write_text(text)
        os.replace(new, self.config)

    def test_up_reloads_sources_and_the_log_level_on_sighup(self):
        self.write(SOURCE.format(id="a") + RESOLVE)
        with Up(self.config, self.folder, "--set", "fetch.delay=2s") as up:
            says = lambda *parts: any(all(part in line for part in parts) for line in up.output().splitlines())
            sources = lambda: run("sources", "list", "--fetch", up.fetch).stdout
            wait_until(lambda: "a\t" in sources(), 60, "the first source")
            child = up.child()

            self.write('[log]\nlevel = "debug"\n[fetch]\ntimeout = "9s"\n' + SOURCE.format(id="a") + SOURCE.format(id="b") + RESOLVE)
            up.process.send_signal(signal.SIGHUP)
            wait_until(lambda: "b\t" in sources(), 30, "the second source")
            wait_until(lambda: says("was reloaded", "log.level"), 30, "the line on log.level")
            wait_until(lambda: says("was reloaded", "sources"), 30, "the line on sources")
            wait_until(lambda: says("needs a restart", "fetch.timeout"), 30, "the line on fetch.timeout")
            self.assertFalse(says("fetch.delay"), "a flag has not changed")

            self.write("[fetch]\ntimeuot = 3\n")
            up.process.send_signal(signal.SIGHUP)
            wait_until(lambda: says("refused", "timeuot"), 30, "the refusal")
            self.assertEqual(up.child(), child, "the same process goes on")
            self.assertIn("b\t", sources())
            self.assertEqual(up.stop(), 0)

    def test_a_service_notices_a_changed_file(self):
        data = self.folder / "data"
        text = f'data = "{data}"\n[store]\ngrpc = "127.0.0.1:0"\nmetrics = "127.0.0.1:0"\n'
        self.write(text)
        with Process(BIN / "kawat-store", "--config", self.config, log=self.folder / "store.log") as store:
            wait_until(lambda: "store listens" in store.output(), 60, "the store")
            self.write(text + '[fetch]\ndelay = "3s"\n[log]\nlevel = "debug"\n')
            wait_until(lambda: "log.level" in store.output(), 30, "the change to be noticed")
            self.assertNotIn("fetch.delay", store.output(), "another program's")
            self.assertEqual(store.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""The main job as four processes on a real Kafka broker, and a topic read back by kcat."""
import json
import pathlib
import re
import subprocess
import unittest

from kawat_process import BIN, SERVICES, Broker, Newsroom, Process, configure, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 500
DELAY_MS = 50


class KafkaTest(unittest.TestCase):
    def test_four_processes_agree_with_the_newsroom(self):
        with temporary_folder() as folder, Broker(folder) as broker, \
                Newsroom(folder, "--seed", 8, "--articles", ARTICLES, "--delay", DELAY_MS) as newsroom:
            config = configure(newsroom, folder, broker.address)
            applied = run("topics", "apply", "--config", config)
            self.assertEqual(applied.returncode, 0, applied.stderr)
            processes = [Process(BIN / f"kawat-{name}", "--config", config, log=f"{folder}/{name}.log") for name in SERVICES]
            try:
                book = pathlib.Path(folder) / "data/addresses.json"

                def addresses():
                    for process in processes:
                        self.assertTrue(process.running(), process.output()[-3000:])
                    known = json.loads(book.read_text()) if book.exists() else {}
                    return known if set(SERVICES) <= known.keys() else None

                known = wait_until(addresses, 90, "four services' addresses")
                report = wait_for_no_difference(newsroom.address, known["store"]["grpc"], known["fetch"]["grpc"], 300)
                self.assertGreaterEqual(report["compared"], ARTICLES)
                self.read_back(broker.address, report["compared"])
                for process in processes:
                    self.assertEqual(process.stop(), 0, process.output()[-3000:])
            finally:
                for process in processes:
                    process.stop()

    def read_back(self, broker, articles):
        result = subprocess.run(["kcat", "-b", broker, "-C", "-q", "-e", "-t", "kawat.articles", "-f", "%k %h\n"], capture_output=True,
                                text=True, timeout=60, check=True)
        keys = {line.split()[0] for line in result.stdout.splitlines()}
        first_revisions = {key for key in keys if re.fullmatch(r"a/[0-9a-f]{32}/1", key)}
        self.assertGreaterEqual(len(first_revisions), articles)
        self.assertRegex(result.stdout, r"kawat-origin=1/kawat\.parsed/0/\d+/\d+")


if __name__ == "__main__":
    unittest.main(verbosity=2)

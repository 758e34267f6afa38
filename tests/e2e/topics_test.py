#!/usr/bin/env python3
"""kawat topics plan, apply and verify on a real broker, and a service that refuses topics that would lose data."""
import json
import pathlib
import socket
import subprocess
import unittest

from kawat_process import BIN, ROOT, Broker, run, temporary_folder, wait_until

TOPICS = {f"kawat.{name}" for name in ("sources", "links", "pages", "parsed", "articles", "engagement", "deadletters")}
CANNOT_MEND = 78


class PlanTest(unittest.TestCase):
    def test_the_plan_for_a_number_of_articles_needs_no_broker(self):
        result = run("topics", "plan", "--articles-per-day", 100000, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        sizing = json.loads(result.stdout)["sizing"]
        self.assertEqual({topic["topic"] for topic in sizing["topics"]}, TOPICS)
        self.assertEqual({volume["volume"] for volume in sizing["volumes"]}, {"fetch", "dedupe", "store"})
        pages = next(topic for topic in sizing["topics"] if topic["topic"] == "kawat.pages")
        self.assertEqual(pages["retention_seconds"], 7 * 86400)
        self.assertGreaterEqual(pages["bytes_a_replica"], 7 * pages["bytes_per_day"])
        self.assertEqual(sizing["topic_bytes"], sum(topic["bytes_a_replica"] * topic["replicas"] for topic in sizing["topics"]))
        twice = json.loads(run("topics", "plan", "--articles-per-day", 200000, "--json").stdout)["sizing"]
        self.assertEqual(twice["topics"][2]["bytes_per_day"], 2 * pages["bytes_per_day"])
        self.assertIn("kawat.pages", run("topics", "plan").stdout)

    def test_a_broker_that_is_away_is_waited_for_and_then_named(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            broker = "127.0.0.1:%d" % closed.getsockname()[1]
        for command in ("plan", "apply", "verify"):
            result = run("topics", command, "--kafka", broker, "--timeout", "1s")
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn(broker, result.stderr.splitlines()[-1])

    def test_without_a_broker_there_is_nothing_to_apply(self):
        for command in ("apply", "verify"):
            result = run("topics", command)
            self.assertEqual(result.returncode, CANNOT_MEND)
            self.assertIn("--kafka", result.stderr)


class ClusterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(temporary_folder())
        cls.broker = cls.enterClassContext(Broker(cls.folder)).address

    def topics(self, command, *flags):
        return run("topics", command, "--kafka", self.broker, *flags)

    def differences(self):
        return {(d["topic"], d["setting"]): d for d in json.loads(self.topics("verify", "--json").stdout)}

    def configure(self, topic, *changes):
        """As an operator does, by Kafka's own tool."""
        subprocess.run(["java", "-cp", f"{ROOT}/build/deps/kafka/*", "kafka.admin.ConfigCommand", "--bootstrap-server", self.broker, "--alter",
                        "--entity-type", "topics", "--entity-name", topic, *changes], check=True, timeout=60, capture_output=True)

    def store(self):
        config = pathlib.Path(self.folder) / "store.toml"
        config.write_text(f'data = "{self.folder}/data"\n[bus]\nkafka = "{self.broker}"\n[store]\ngrpc = "127.0.0.1:0"\nmetrics = "127.0.0.1:0"\n')
        return subprocess.run([BIN / "kawat-store", "--config", config], capture_output=True, text=True, timeout=60)

    def test_what_is_missing_is_made_and_what_loses_data_is_mended(self):
        verified = self.topics("verify")
        self.assertEqual(verified.returncode, 1)
        self.assertEqual(len(verified.stdout.splitlines()), len(TOPICS))
        planned = self.topics("plan")
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn("kawat.pages: topic is missing", planned.stdout)

        applied = self.topics("apply")
        self.assertEqual(applied.returncode, 0, applied.stderr)
        for topic in TOPICS:
            self.assertIn(f"made {topic}: ", applied.stdout)
        verified = self.topics("verify")
        self.assertEqual((verified.returncode, verified.stdout), (0, ""), verified.stderr)

        self.configure("kawat.pages", "--add-config", "retention.ms=3600000,compression.type=zstd,max.message.bytes=8000000")
        self.configure("kawat.links", "--add-config", "retention.ms=864000000", "--delete-config", "message.timestamp.type")
        wait_until(lambda: len(self.differences()) == 4, 20, "four differences")
        found = {key: d["kind"] for key, d in self.differences().items()}
        self.assertEqual(found, {("kawat.pages", "retention.ms"): "mendable", ("kawat.pages", "max.message.bytes"): "accepted",
                                 ("kawat.links", "message.timestamp.type"): "mendable", ("kawat.links", "retention.ms"): "accepted"})
        refused = self.store()
        self.assertEqual(refused.returncode, CANNOT_MEND, refused.stderr)
        for part in ("kawat.links", "message.timestamp.type is CreateTime", "LogAppendTime", "kawat topics apply"):
            self.assertIn(part, refused.stderr)

        applied = self.topics("apply")
        self.assertEqual(applied.returncode, 0, applied.stderr)
        for line in ("changed kawat.pages: retention.ms from 3600000 to 604800000",
                     "changed kawat.links: message.timestamp.type from CreateTime to LogAppendTime",
                     "left kawat.links: retention.ms is 864000000", "left kawat.pages: max.message.bytes is 8000000"):
            self.assertIn(line, applied.stdout)
        self.assertEqual(self.topics("verify").returncode, 0)
        described = subprocess.run(["java", "-cp", f"{ROOT}/build/deps/kafka/*", "kafka.admin.ConfigCommand", "--bootstrap-server", self.broker,
                                    "--describe", "--entity-type", "topics", "--entity-name", "kawat.pages"], capture_output=True, text=True,
                                   timeout=60, check=True)
        self.assertIn("compression.type=zstd", described.stdout, "what the operator has set stays")


if __name__ == "__main__":
    unittest.main(verbosity=2)

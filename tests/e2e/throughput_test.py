#!/usr/bin/env python3
"""What kawat says of its topics is what the broker says: records to the record, lag in seconds to the second, committed offsets from the start."""
import contextlib
import json
import os
import pathlib
import signal
import threading
import time
import unittest

import kafka_groups
import prometheus
from kawat_process import BIN, SERVICES, Broker, Newsroom, Process, configure, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 1500
PER_SECOND = 100
PARTITIONS = 4
READS = {"fetch": ("kawat.links", "kawat.sources"), "parse": ("kawat.pages",), "dedupe": ("kawat.parsed",),
         "store": ("kawat.articles", "kawat.sources")}
SHARDS = {("fetch", "kawat.sources"): PARTITIONS, ("store", "kawat.sources"): PARTITIONS}  # each shard reads all of it


@contextlib.contextmanager
def little_time_for(process):
    """The process runs one twentieth of the time, so that it is behind; its /metrics answer all the same."""
    done = threading.Event()

    def hold():
        while not done.is_set():
            os.kill(process.pid, signal.SIGSTOP)
            done.wait(0.076)
            os.kill(process.pid, signal.SIGCONT)
            done.wait(0.004)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class ThroughputTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(temporary_folder()))
        self.broker = self.enterContext(Broker(self.folder)).address
        self.newsroom = self.enterContext(Newsroom(self.folder, "--seed", 9, "--articles", ARTICLES, "--rate", PER_SECOND, "--delay", 0))
        self.config = configure(self.newsroom, self.folder, self.broker)
        applied = run("topics", "apply", "--config", self.config)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        self.processes = {}
        self.places = kafka_groups.partitions(self.broker)
        wait_until(lambda: kafka_groups.ends(self.broker, self.places), 30, "leaders of all partitions")

    def start(self, name):
        process = Process(BIN / f"kawat-{name}", "--config", self.config, log=self.folder / f"{name}.log")
        self.addCleanup(process.stop)
        self.processes[name] = process
        return process

    def book(self):
        path = self.folder / "data/addresses.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def address(self, name):
        def known():
            self.assertTrue(self.processes[name].running(), self.processes[name].output()[-3000:])
            return self.book().get(name)

        return wait_until(known, 60, f"the address of {name}")["metrics"]

    def scrape_all(self):
        return [sample for name in SERVICES for sample in prometheus.scrape(self.address(name))]

    def ends(self):
        totals = {}
        for (topic, _), end in kafka_groups.ends(self.broker, self.places).items():
            totals[topic] = totals.get(topic, 0) + end
        return totals

    def test_kawat_and_the_broker_agree(self):
        for name in ("store", "parse", "fetch"):
            self.start(name)
        wait_until(lambda: self.ends()["kawat.parsed"] > 700, 90, "articles that dedupe has not read")
        first = kafka_groups.append_times(self.broker, "kawat.parsed", 0)[0]
        wait_until(lambda: time.time() - first > 10, 30, "the oldest of them to be old enough to tell")
        dedupe = self.start("dedupe")
        self.address("dedupe")
        self.starts_are_committed()
        with little_time_for(dedupe):
            readings = self.read_lag()
        self.lag_in_seconds_is_the_age_of_the_oldest_unread_record(readings)
        self.records_agree_while_articles_flow()
        wait_for_no_difference(self.newsroom.address, self.book()["store"]["grpc"], self.book()["fetch"]["grpc"], 240)
        self.records_agree_to_the_record()

    def starts_are_committed(self):
        """Monitors see where each reader stands, also in partitions that had no record yet."""
        for stage, topics in READS.items():
            wanted = {place for place in self.places if place[0] in topics}
            wait_until(lambda stage=stage, wanted=wanted: wanted <= kafka_groups.committed(self.broker, f"kawat-{stage}").keys(), 30,
                       f"offsets of the group kawat-{stage} for {sorted(wanted)}")

    def read_lag(self):
        """(before, after, seconds, records applied) of dedupe, while it is behind."""
        address, readings = self.book()["dedupe"]["metrics"], []
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and len(readings) < 20:
            before = time.time()
            samples = prometheus.scrape(address)
            after = time.time()
            seconds = prometheus.largest(samples, "kawat_consumer_lag_seconds", topic="kawat.parsed")
            if seconds > 0:
                readings.append((before, after, seconds, int(prometheus.total(samples, "kawat_topic_records_total", stage="dedupe", direction="in"))))
        return readings

    def lag_in_seconds_is_the_age_of_the_oldest_unread_record(self, readings):
        appended = kafka_groups.append_times(self.broker, "kawat.parsed", 0)
        wrong, oldest, furthest = [], 0, 0
        for before, after, seconds, applied in readings:
            self.assertLess(applied, len(appended))
            oldest = max(oldest, seconds)
            off = max(before - appended[applied] - seconds, seconds - (after - appended[applied]), 0)
            furthest = max(furthest, off)
            if off > 1:
                wrong.append(f"{seconds:.3f} s, but the next record is {after - appended[applied]:.3f} s old")
        self.assertGreaterEqual(len(readings), 5, "it was hardly held back: this test proves nothing")
        self.assertGreater(oldest, 5, "it was hardly held back: this test proves nothing")
        self.assertEqual(wrong, [], f"of {len(readings)} readings")
        print(f"\n  {len(readings)} readings of lag, up to {oldest:.1f} s, at most {furthest:.2f} s off the append times", flush=True)

    def records_agree_while_articles_flow(self):
        """What was counted was stored, and what was stored is soon counted."""
        moved = 0
        for _ in range(5):
            before = self.scrape_all()
            ends = self.ends()
            for topic, end in ends.items():
                sent = prometheus.total(before, "kawat_topic_records_total", topic=topic, direction="out")
                self.assertLessEqual(sent, end, f"{topic}: more was counted than the broker has")
                wait_until(lambda topic=topic, end=end: prometheus.total(
                    self.scrape_all(), "kawat_topic_records_total", topic=topic, direction="out") >= end, 30, f"{topic}: {end} records counted")
            moved += sum(self.ends().values()) - sum(ends.values())
        self.assertGreater(moved, 0, "nothing flowed: this test proves nothing")

    def records_agree_to_the_record(self):
        def difference():
            before, ends, samples = self.ends(), self.ends(), self.scrape_all()
            if before != self.ends():
                return "feeds are still asked, and topics grow"
            lines = []
            for topic, end in ends.items():
                sent = prometheus.total(samples, "kawat_topic_records_total", topic=topic, direction="out")
                lines += [f"{topic}: counted {sent:.0f}, stored {end}"] if sent != end else []
            for stage, topics in READS.items():
                for topic in topics:
                    read = prometheus.total(samples, "kawat_topic_records_total", topic=topic, stage=stage, direction="in")
                    wanted = ends[topic] * SHARDS.get((stage, topic), 1)
                    lines += [f"{stage} read {read:.0f} of {topic}, which has {wanted}"] if read != wanted else []
            return "\n".join(lines)

        last = []

        def agrees():
            last[:] = [difference()]
            return not last[0]

        try:
            wait_until(agrees, 60, "agreement")
        except AssertionError as error:
            raise AssertionError(f"{error}: {last[0]}") from None
        ends = self.ends()
        print(f"  {sum(ends.values())} records of {len(ends)} topics counted to the record", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)

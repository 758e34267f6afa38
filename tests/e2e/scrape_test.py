#!/usr/bin/env python3
"""A running kawat shows exactly the metrics that docs/metrics.md lists, and all that rules and dashboards use; `kawat top` reads them."""
import json
import unittest

import prometheus
from kawat_process import Newsroom, Up, run, temporary_folder, wait_for_no_difference

ARTICLES = 60
OURS = ("kawat_", "process_")


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(temporary_folder())
        newsroom = cls.enterClassContext(Newsroom(folder, "--seed", 5, "--articles", ARTICLES, "--delay", 0))
        cls.up = cls.enterClassContext(Up(newsroom.config, folder))
        wait_for_no_difference(newsroom.address, cls.up.store, cls.up.fetch, 180)
        run("search", "a", "--store", cls.up.store)
        cls.samples = prometheus.scrape(cls.up.addresses["store"]["metrics"])
        cls.shown = {prometheus.SUFFIX.sub("", name) for name, _, _ in cls.samples if name.startswith(OURS)}

    def test_every_documented_metric_is_shown_and_every_shown_one_documented(self):
        self.assertGreater(len(self.shown), 20)
        self.assertEqual(sorted(prometheus.documented()), sorted(self.shown))

    def test_rules_and_dashboards_use_what_is_shown(self):
        used = prometheus.used()
        self.assertGreater(len(used), 20)
        self.assertEqual({name: where for name, where in used.items() if name not in self.shown}, {})

    def test_every_metric_is_used(self):
        """By a rule, a dashboard or `kawat top`: what nobody looks at is not kept."""
        self.assertEqual(sorted(self.shown - prometheus.used().keys()), [])

    def test_all_addresses_of_one_process_show_the_same(self):
        started = {dict((name, value) for name, _, value in prometheus.scrape(address))["process_start_time_seconds"]
                   for address in self.metrics_addresses()}
        self.assertEqual(len(started), 1)

    def test_sources_are_few_enough(self):
        for name in ("kawat_source_outcomes_total", "kawat_source_newest_article_timestamp_seconds"):
            sources = {labels["source"] for sample, labels, _ in self.samples if sample == name}
            self.assertGreater(len(sources), 5, name)
            self.assertLessEqual(len(sources), 201, name)

    def metrics_addresses(self):
        return [kinds.get("metrics", kinds.get("http")) for kinds in self.up.addresses.values()]

    def test_top_once_shows_each_topic_once_though_five_addresses_show_the_process(self):
        result = run("top", "--once", "--json", "--interval", 1, "--data", self.up.data)
        self.assertEqual(result.returncode, 0, result.stderr)
        view = json.loads(result.stdout)
        self.assertEqual(len(view["processes"]), 1)
        self.assertEqual(sorted(view["processes"][0]["addresses"]), sorted(self.metrics_addresses()))
        topics = {topic["topic"]: topic for topic in view["topics"]}
        later = prometheus.scrape(self.up.addresses["store"]["metrics"])  # revisions may still come

        def assert_between(shown, name, **labels):
            self.assertLessEqual(prometheus.total(self.samples, name, **labels), shown)
            self.assertLessEqual(shown, prometheus.total(later, name, **labels))
        assert_between(topics["kawat.articles"]["in"]["records"]["total"], "kawat_topic_records_total", topic="kawat.articles", direction="out")
        self.assertEqual([reader["stage"] for reader in topics["kawat.sources"]["readers"]], ["fetch", "store"])
        self.assertEqual({stage["stage"] for stage in view["stages"]}, {"fetch", "parse", "dedupe", "store"})
        assert_between(view["outcomes"]["article"]["total"], "kawat_page_outcomes_total", outcome="article")
        self.assertIn("malformed_feed", {letter["reason"] for letter in view["dead_letters"]})

    def test_top_names_a_service_that_does_not_answer(self):
        flags = ["--metrics", self.metrics_addresses()[0], "--metrics", "127.0.0.1:1", "--once", "--interval", 0.2]
        result = run("top", *flags)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("127.0.0.1:1  DOES NOT ANSWER", result.stdout)
        self.assertNotIn("\x1b", result.stdout, "no terminal, no commands for one")

    def test_top_fails_when_nobody_answers(self):
        result = run("top", "--metrics", "127.0.0.1:1", "--once", "--interval", 0.2)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("kawat up", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""Real pages flow through: each URL has one outcome, articles are found by a phrase, and the seed's article shows on the portal."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import urllib.parse
import urllib.request

from kawat_process import CORPUS, Newsroom, Up, run, temporary_folder, wait_for_no_difference, wait_until

CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]


def read_gold(folder):
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text().split("\n") if line.strip()]


CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def phrase_of(body):
    """Some words of its longest paragraph; of one without spaces, as Japanese and Chinese are, some characters."""
    paragraph = max(body.split("\n"), key=len)
    words = paragraph.split()
    return (" ".join(words[1:6]) if len(words) >= 8 else paragraph[2:32]).replace('"', " ")


@unittest.skipUnless(CORPUS.exists(), f"the corpus is absent: {CORPUS}")
class CorpusTest(unittest.TestCase):
    def test_real_pages_have_outcomes_and_are_found(self):
        gold = read_gold(CORPUS / "extraction")
        with temporary_folder() as folder, Newsroom(folder, "--pages", CORPUS / "extraction", "--delay", 0) as newsroom:
            with Up(newsroom.config, folder) as up:
                report = wait_for_no_difference(newsroom.address, up.store, up.fetch, 240)
                self.assertGreaterEqual(report["compared"], 300, "most of the pages are articles")
                self.find_phrases(up, gold)

    def find_phrases(self, up, gold):
        asked, missed = 0, []
        for page in [page for number, page in enumerate(gold) if number % 15 == 0 or CJK.search(page["body"])]:
            article = run("get", "--url", page["url"], "--store", up.store, "--json")
            if article.returncode != 0 or len(json.loads(article.stdout)["body"]) < 60:
                continue
            body = json.loads(article.stdout)
            phrase = phrase_of(body["body"])
            hits = json.loads(run("search", f'"{phrase}"', "--store", up.store, "--json").stdout)["hits"]
            asked += 1
            if not any(hit["article"]["id"] == body["id"] for hit in hits):
                missed.append((page["url"], phrase))
        self.assertGreater(asked, 30)
        self.assertEqual(missed, [], "a phrase of a stored body finds it")

    def test_the_seed_article_shows_on_the_portal(self):
        gold = read_gold(CORPUS / "seed")[0]
        with temporary_folder() as folder, Newsroom(folder, "--pages", CORPUS / "seed", "--delay", 0) as newsroom:
            with Up(newsroom.config, folder) as up:
                wait_until(lambda: up.articles() >= 1, 60, "the article")
                stored = json.loads(run("get", "--url", gold["url"], "--store", up.store, "--json").stdout)
                for field, name in (("title", "title"), ("body", "body"), ("source", "source_name"), ("group", "source_group"),
                                    ("section", "section"), ("language", "language"), ("agency", "agency"), ("copyright", "copyright"),
                                    ("published", "published_time"), ("authors", "authors")):
                    self.assertEqual(stored[name], gold[field], field)
                query = urllib.parse.quote('"the security guarantee Kyiv needs"')
                page = self.render(f"{up.portal}/?q={query}", folder)
                self.assertIn("JAPAN TODAY", page)
                self.assertIn("yang lalu", page)
                self.assertIn("Media Jepang", page)
                article = self.render(f"{up.portal}/article/{stored['id']}", folder)
                self.assertIn("© Thomson Reuters 2025.", article)

    def render(self, url, folder):
        """The page as a real browser sees it; as the server sent it where there is none."""
        if shutil.which("chromium") is None:
            return urllib.request.urlopen(url, timeout=10).read().decode()
        result = subprocess.run([*CHROMIUM, f"--user-data-dir={pathlib.Path(folder) / 'chromium'}", "--dump-dom", url], capture_output=True,
                                text=True, timeout=60, check=True)
        return result.stdout


if __name__ == "__main__":
    unittest.main(verbosity=2)

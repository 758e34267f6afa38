#!/usr/bin/env python3
"""Crawl to searchable: how many articles a second the whole line takes in, embedded and on Kafka. Prints, asserts nothing.

  pipeline.py [--articles N] [--kafka HOST:PORT]
"""
import argparse
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from kawat_process import Newsroom, Up, temporary_folder, wait_until  # noqa: E402


def measure(name, articles, *flags):
    with temporary_folder() as folder, Newsroom(folder, "--seed", 1, "--articles", articles, "--delay", 0) as newsroom:
        with Up(newsroom.config, folder, *flags) as up:
            start = time.monotonic()
            wait_until(lambda: up.articles() > 0, 60, "the first article")
            first = time.monotonic()
            wait_until(lambda: up.articles() >= articles, 600, f"{articles} articles")
            end = time.monotonic()
    result = {"bench": "pipeline", "bus": name, "articles": articles, "articles_per_second": round(articles / (end - start), 1),
              "seconds": round(end - start, 2), "seconds_to_first": round(first - start, 2)}
    print(json.dumps(result), flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--kafka", help="address of a broker; without it only the embedded log is measured")
    options = parser.parse_args()
    embedded = measure("embedded", options.articles)
    if options.kafka:
        kafka = measure("kafka", options.articles, "--kafka", options.kafka)
        print(json.dumps({"bench": "pipeline", "ratio": "embedded / kafka",
                          "value": round(embedded["articles_per_second"] / kafka["articles_per_second"], 2)}))


if __name__ == "__main__":
    main()

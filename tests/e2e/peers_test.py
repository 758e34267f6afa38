#!/usr/bin/env python3
"""Two stores and two fetches on a real Kafka broker: whichever is asked answers for both."""
import importlib
import json
import pathlib
import socket
import tempfile
import unittest

import grpc

from grpc_client_test import generate_stubs
from kawat_process import BIN, Broker, Newsroom, Process, run, temporary_folder, wait_for_no_difference, wait_until

ARTICLES = 200
INSTANCES = 2


def free_addresses(count):
    """Addresses that were free a moment ago: peers must be known before they listen."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = ["127.0.0.1:%d" % each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return addresses


class Instances:
    """Processes of kawat on one broker, each with a configuration and a data folder of its own."""

    def __init__(self, newsroom, folder, broker):
        self.newsroom, self.folder, self.broker = newsroom, pathlib.Path(folder), broker
        self.stores, self.fetches = free_addresses(INSTANCES), free_addresses(INSTANCES)
        self.processes = {}

    def configure(self, name, instance):
        text = self.newsroom.config.read_text()
        for service in ("fetch", "parse", "dedupe", "store"):
            peers = {"store": self.stores, "fetch": self.fetches}.get(service)
            lines = f'grpc = "{peers[instance] if peers else "127.0.0.1:0"}"\nmetrics = "127.0.0.1:0"\n'
            if peers:
                lines += f"instance = {instance}\ninstances = {INSTANCES}\npeers = {json.dumps(peers)}\n"
            if service == "fetch":
                lines += f'owner = "fetch-{instance}"\n'
            table = f"[{service}]\n"
            text = text.replace(table, table + lines, 1) if table in text else text + f"\n{table}{lines}"
        path = self.folder / f"{name}-{instance}.toml"
        path.write_text(f'data = "{self.folder}/{name}-{instance}"\n' + text + f'\n[bus]\nkafka = "{self.broker}"\npartitions = 4\n')
        return path

    def start(self, name, instance):
        self.processes[name, instance] = Process(BIN / f"kawat-{name}", "--config", self.configure(name, instance),
                                                 log=self.folder / f"{name}-{instance}.log")

    def wait_for_addresses(self):
        def all_listen():
            for process in self.processes.values():
                if not process.running():
                    raise AssertionError(process.output()[-3000:])
            return all((self.folder / f"{name}-{instance}/addresses.json").exists() for name, instance in self.processes)

        wait_until(all_listen, 90, "the services' addresses")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.stop()


class PeersTest(unittest.TestCase):
    def test_any_store_and_any_fetch_answers_for_all(self):
        stubs = self.enterContext(tempfile.TemporaryDirectory())
        generate_stubs(stubs)
        with temporary_folder() as folder, Broker(folder) as broker, \
                Newsroom(folder, "--seed", 9, "--articles", ARTICLES, "--delay", 50) as newsroom, \
                Instances(newsroom, folder, broker.address) as kawat:
            applied = run("topics", "apply", "--config", kawat.configure("topics", 0))
            self.assertEqual(applied.returncode, 0, applied.stderr)
            for name in ("parse", "dedupe"):
                kawat.start(name, 0)
            for instance in range(INSTANCES):
                kawat.start("store", instance)
                kawat.start("fetch", instance)
            kawat.wait_for_addresses()
            for store, fetch in zip(kawat.stores, kawat.fetches):
                report = wait_for_no_difference(newsroom.address, store, fetch, 300)
                self.assertGreaterEqual(report["compared"], ARTICLES)
            self.search_through(kawat.stores)
            self.lose_a_store(kawat)

    def search_through(self, stores):
        """Every node finds the same, and every shard has its part in it."""
        pb = importlib.import_module("kawat.v1.store_service_pb2")
        rpc = importlib.import_module("kawat.v1.store_service_pb2_grpc")
        found = []
        for address in stores:
            with grpc.insecure_channel(address) as channel:
                store = rpc.StoreServiceStub(channel)
                ids, token = [], ""
                while True:
                    page = store.SearchArticles(pb.SearchArticlesRequest(query="lang:id OR lang:en OR lang:ja", page_size=50, page_token=token), timeout=10)
                    ids += [hit.article.id for hit in page.hits]
                    token = page.next_page_token
                    if not token:
                        break
                found.append(ids)
                stats = store.GetStats(pb.GetStatsRequest(), timeout=10)
                self.assertEqual([shard.shard for shard in stats.shards], [0, 1, 2, 3])
                self.assertTrue(all(shard.articles for shard in stats.shards), stats)
                self.assertEqual(len(ids), stats.articles)
        self.assertEqual(found[0], found[1])
        self.assertGreaterEqual(len(found[0]), ARTICLES)

    def lose_a_store(self, kawat):
        """Without its peer a store says so and names it, and says all again once the peer is back."""
        kawat.processes["store", 1].kill()
        alone = run("search", "lang:id", "--store", kawat.stores[0])
        self.assertNotEqual(alone.returncode, 0)
        self.assertIn(kawat.stores[1], alone.stderr)
        kawat.start("store", 1)
        wait_until(lambda: run("search", "lang:id", "--store", kawat.stores[0]).returncode == 0, 60, "the peer to be back")


if __name__ == "__main__":
    unittest.main(verbosity=2)

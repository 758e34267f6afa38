#!/usr/bin/env python3
"""A gRPC client that is not ours: Python's grpcio, with stubs generated from proto/, gets, lists, searches and watches."""
import importlib
import json
import pathlib
import sys
import tempfile
import unittest

import grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_tools import protoc

from kawat_process import ROOT, Newsroom, Up, run, temporary_folder, wait_until

ARTICLES = 40


def generate_stubs(folder):
    protos = [str(path) for path in (ROOT / "proto/kawat/v1").glob("*.proto")]
    include = pathlib.Path(importlib.import_module("grpc_tools").__file__).parent / "_proto"
    code = protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"-I{include}", f"--python_out={folder}", f"--grpc_python_out={folder}", *protos])
    if code != 0:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, folder)


class GrpcClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stubs = cls.enterClassContext(tempfile.TemporaryDirectory())
        generate_stubs(cls.stubs)
        cls.pb = importlib.import_module("kawat.v1.store_service_pb2")
        cls.rpc = importlib.import_module("kawat.v1.store_service_pb2_grpc")
        folder = cls.enterClassContext(temporary_folder())
        newsroom = cls.enterClassContext(Newsroom(folder, "--seed", 3, "--articles", ARTICLES, "--delay", 0))
        cls.up = cls.enterClassContext(Up(newsroom.config, folder))
        wait_until(lambda: cls.up.articles() >= ARTICLES, 120, f"{ARTICLES} articles")
        channel = cls.enterClassContext(grpc.insecure_channel(cls.up.store))
        cls.channel = channel
        cls.store = cls.rpc.StoreServiceStub(channel)

    def newest(self):
        return self.store.ListArticles(self.pb.ListArticlesRequest(page_size=1), timeout=5).articles[0]

    def test_reflection_names_the_service(self):
        database = ProtoReflectionDescriptorDatabase(self.channel)
        self.assertIn("kawat.v1.StoreService", database.get_services())
        self.assertIn("grpc.health.v1.Health", database.get_services())

    def test_gets_by_id_and_by_url(self):
        article = self.newest()
        by_id = self.store.GetArticle(self.pb.GetArticleRequest(id=article.id), timeout=5).article
        by_url = self.store.GetArticle(self.pb.GetArticleRequest(url=article.url), timeout=5).article
        self.assertEqual(by_id, by_url)
        self.assertTrue(by_id.body)

    def test_lists_all_articles_over_pages_without_repeats(self):
        ids, token = [], ""
        while True:
            page = self.store.ListArticles(self.pb.ListArticlesRequest(page_size=7, page_token=token), timeout=5)
            ids += [article.id for article in page.articles]
            token = page.next_page_token
            if not token:
                break
        self.assertGreaterEqual(len(ids), ARTICLES)
        self.assertEqual(len(ids), len(set(ids)))

    def test_finds_a_phrase_of_a_body(self):
        article = next(a for a in self.store.ListArticles(self.pb.ListArticlesRequest(page_size=200), timeout=5).articles if a.language == "en")
        phrase = " ".join(article.body.split("\n")[0].split()[2:7])
        hits = self.store.SearchArticles(self.pb.SearchArticlesRequest(query=f'"{phrase}"', page_size=200), timeout=5).hits
        self.assertIn(article.id, [hit.article.id for hit in hits])

    def test_a_wrong_query_says_what_is_wrong(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.store.SearchArticles(self.pb.SearchArticlesRequest(query='"no end'), timeout=5)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertTrue(caught.exception.details())

    def test_an_unknown_article_is_not_found(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.store.GetArticle(self.pb.GetArticleRequest(id="0" * 32), timeout=5)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_watches_articles_as_they_become_searchable_and_resumes(self):
        with temporary_folder() as folder, Newsroom(folder, "--seed", 4, "--articles", 30, "--rate", 15, "--delay", 0) as newsroom:
            with Up(newsroom.config, folder) as up, grpc.insecure_channel(up.store) as channel:
                store = self.rpc.StoreServiceStub(channel)
                stream = store.WatchArticles(self.pb.WatchArticlesRequest(), timeout=60)
                first = [next(stream) for _ in range(5)]
                stream.cancel()
                resumed = store.WatchArticles(self.pb.WatchArticlesRequest(resume_token=first[1].resume_token), timeout=60)
                key = lambda message: (message.article.id, message.article.revision)
                missing = {key(message) for message in first[2:]}
                before = {key(message) for message in first[:2]}
                while missing:  # the order between shards is free
                    seen = key(next(resumed))
                    self.assertNotIn(seen, before)
                    missing.discard(seen)
                resumed.cancel()
                found = run("get", first[0].article.id, "--store", up.store, "--json")
                self.assertEqual(json.loads(found.stdout)["title"], first[0].article.title)


if __name__ == "__main__":
    unittest.main(verbosity=2)

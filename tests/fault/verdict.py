"""After a fault: does the store have what the newsroom says, does the log say nothing twice, is every dead letter one that must be?"""
import collections
import dataclasses
import importlib
import json
import tempfile
import time

import records
from grpc_client_test import generate_stubs
from kawat_process import check

# What the newsroom has for parse to refuse: a body that is not the gzip it says it is, and a feed that is none.
REFUSED_PAGES = {"https://static-noise.example/packed": "REASON_BAD_ENCODING", "https://static-noise.example/export": "REASON_MALFORMED_FEED"}
_stubs = None


def protos(name):
    """A generated module: protos("article") is kawat/v1/article_pb2."""
    global _stubs
    if _stubs is None:
        _stubs = tempfile.TemporaryDirectory()
        generate_stubs(_stubs.name)
    return importlib.import_module(f"kawat.v1.{name}_pb2")


@dataclasses.dataclass
class Verdict:
    articles: int = 0
    urls: int = 0
    lost: int = 0
    doubled: int = 0
    drained: float = 0.0  # seconds from the fault's end, or the last publication if that was later, to no difference
    complaints: list = dataclasses.field(default_factory=list)


def judge(line, seconds, expected=()):
    """Waits so long for no difference. `expected`: places of the records that the fault put there to be refused."""
    verdict = Verdict()
    report = _wait(line, seconds, verdict)
    verdict.articles, verdict.urls = report.get("compared", 0), report.get("outcomes_compared", 0)
    _count_findings(report.get("findings", []), verdict)
    _judge_articles(line, report, verdict)
    _judge_dead_letters(line, set(expected), verdict)
    return verdict


def _wait(line, seconds, verdict):
    published = time.monotonic()
    deadline = published + seconds
    while True:
        asked = time.monotonic()
        code, report = check(line.newsroom.address, line.grpc("store"), line.grpc("fetch"))
        findings = report.get("findings")
        coming = report.get("revisions_unserved", 0) > 0 or any(finding["problem"] == "unpublished" for finding in findings or ())
        if coming:
            published = asked
        verdict.drained = max(0.0, asked - published)
        if code == 0 and not coming:
            return report
        if time.monotonic() > deadline:
            verdict.complaints.append("no agreement in %d s: %s" % (seconds, json.dumps(findings[:5] if findings else report, ensure_ascii=False)))
            return report
        time.sleep(0.5)


def _count_findings(findings, verdict):
    for finding in findings:
        revision = finding["problem"] == "different" and finding["field"] == "revision"
        if finding["problem"] == "surplus" or revision and int(finding["found"]) > int(finding["expected"]):
            verdict.doubled += 1
        elif finding["problem"] in ("missing", "outcome wrong") or revision:
            verdict.lost += 1


def _judge_articles(line, report, verdict):
    """kawat.articles itself: a key has one value, and an article's revisions are as many as the newsroom served."""
    values, revisions = {}, collections.defaultdict(set)
    for record in records.read(line.broker.address, "kawat.articles"):
        key = record.key.decode(errors="replace")
        if record.place in line.poisoned or record.value is None:
            continue
        event = protos("article").ArticleEvent.FromString(record.value)
        event.complete_below = 0
        fact = event.SerializeToString(deterministic=True)
        if values.setdefault(key, fact) != fact:
            verdict.doubled += 1
            verdict.complaints.append(f"{key} has two values, the second at {record.place}")
        if key.startswith("a/"):
            article, revision = key[2:].rsplit("/", 1)
            revisions[article].add(int(revision))
    for article, numbers in revisions.items():
        if numbers != set(range(1, len(numbers) + 1)):
            verdict.lost += 1
            verdict.complaints.append(f"{article} has the revisions {sorted(numbers)}")
    told, served = sum(map(len, revisions.values())), report.get("revisions_served", -1)
    if told != served:
        verdict.complaints.append(f"the newsroom served {served} revisions, kawat.articles has {told}")
        verdict.lost += max(0, served - told)
        verdict.doubled += max(0, told - served)


def _judge_dead_letters(line, expected, verdict):
    dead_letter, crawl, common = protos("dead_letter"), protos("crawl"), protos("common")
    seen = set()
    for record in records.read(line.broker.address, "kawat.deadletters"):
        if record.place in line.poisoned:
            continue
        letter = dead_letter.DeadLetter.FromString(record.value)
        place = f"{letter.record.topic}/{letter.record.partition}/{letter.record.offset}"
        seen.add(place)
        reason = common.Reason.Name(letter.reason)
        url = crawl.PageRecord.FromString(letter.value).page.url if letter.stage == "parse" and place not in expected else ""
        if place not in expected and REFUSED_PAGES.get(url) != reason:
            verdict.lost += 1
            verdict.complaints.append(f"a dead letter that must not be: {letter.stage} refused {place} {url}: {reason} {letter.detail}")
        line.letters[place] = (letter.stage, reason, letter.detail)
    for place in expected - seen:
        verdict.lost += 1
        verdict.complaints.append(f"{place} has no dead letter")

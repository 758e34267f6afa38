"""Records that no stage can use, written to every topic; and one that crashes parse each time."""
import dataclasses
import gzip
import json
import signal

import preload
import records
from fault import fault
from kawat_process import run, wait_until
from line import Setup
from verdict import protos

MIB = 1 << 20
READ = ("sources", "links", "pages", "parsed", "articles")  # by stages; engagement and deadletters are not
NO_VALUE_IS_SAID = ("sources", "parsed", "articles")        # where a null is no mistake
LIMITS = {"pages": 6 * MIB, "deadletters": 7 * MIB}


@dataclasses.dataclass
class Poison:
    topic: str  # without "kawat."
    name: str
    value: bytes | None
    refused: bool = True  # False: it is used, or nobody reads it, and it changes nothing


def of_every_topic(random, real):
    """`real`: a record of each topic, to be written to the wrong one."""
    for topic in records.TOPICS:
        refused = topic in READ
        limit = LIMITS.get(topic, MIB) - 1000
        yield Poison(topic, "garbage", b"\x07\xff" + random.randbytes(300), refused)  # 7 is no wire type
        yield Poison(topic, "empty", b"", refused)
        yield Poison(topic, "null", None, refused and topic not in NO_VALUE_IS_SAID)
        yield Poison(topic, "large", b"\x07" + random.randbytes(limit), refused)
    yield Poison("sources", "of-pages", real["pages"])
    yield Poison("pages", "of-parsed", real["parsed"])
    yield Poison("parsed", "of-articles", real["articles"])
    yield Poison("articles", "of-parsed", real["parsed"])
    yield Poison("links", "of-articles", real["articles"], False)  # decodes as a batch without links
    yield Poison("engagement", "of-parsed", real["parsed"], False)
    yield Poison("deadletters", "of-parsed", real["parsed"], False)


def hostile_fields():
    article, crawl, source = protos("article"), protos("crawl"), protos("source")
    text = dict(title="T" * 300, body="A line that is no news.\n" * 40)
    yield Poison("sources", "path", source.Source(id="../../etc/passwd", homepage_url="file:///etc/passwd").SerializeToString())
    yield Poison("sources", "scheme", source.Source(id="poison-scheme", homepage_url="gopher://[::1]:70/", max_depth=-9).SerializeToString(), False)
    links = [crawl.Link(url=url, kind=crawl.LINK_KIND_SUBMITTED, depth=-2**31)
             for url in ("javascript:alert(1)", "file:///etc/passwd", "http://169.254.169.254/", "https://" + "a." * 2000 + "example/", "\\\\x", "")]
    yield Poison("links", "urls", crawl.LinkRecord(links=crawl.LinkBatch(from_url="poison", source_id="../..", links=links)).SerializeToString(), False)
    outcome = crawl.PageOutcome(url="https://nobody.example/", seq=2**63 - 1, kind=crawl.OUTCOME_KIND_ARTICLE, article_id="0" * 32)
    yield Poison("links", "outcome", crawl.LinkRecord(outcome=outcome).SerializeToString(), False)
    yield Poison("pages", "no-url", crawl.PageRecord(page=crawl.Page(url="no URL", seq=-1, body=b"<p>x")).SerializeToString())
    bomb = gzip.compress(bytes(64 * MIB))
    yield Poison("pages", "bomb", _page("bomb", bomb, crawl.Header(name="content-encoding", value="gzip")))
    yield Poison("pages", "deep", _page("deep", b"<div>" * (MIB // 5)), False)
    yield Poison("parsed", "no-id", article.ParsedRecord(article=article.Article(seq=2**63 - 1, revision=-1, **text)).SerializeToString())
    yield Poison("parsed", "odd-id", article.ParsedRecord(article=article.Article(id="../../1", seq=1, **text)).SerializeToString())
    yield Poison("parsed", "take-down", article.ParsedRecord(take_down=article.TakeDown(reason="all")).SerializeToString())
    for name, revision in (("other-key", 1), ("revision-0", 0), ("revision-minus", -2**31)):
        event = article.ArticleEvent(complete_below=0, article=article.Article(id="f" * 32, revision=revision, **text))
        yield Poison("articles", name, event.SerializeToString())


def _page(name, body, *headers):
    crawl = protos("crawl")
    page = crawl.Page(url=f"https://poison.example/{name}", status=200, seq=1, body=body, headers=[crawl.Header(name="content-type", value="text/html"), *headers])
    page.fetched_time.GetCurrentTime()
    return crawl.PageRecord(page=page).SerializeToString()


def write(line, random, poisons):
    """To a partition each, and notes in the line where they came to stand."""
    made = {}
    for poison in poisons:
        partition = 0 if poison.topic in ("sources", "parsed") else random.randrange(4)
        made[poison.topic, f"poison-{poison.name}".encode()] = (poison, records.Record("kawat." + poison.topic, partition,
                                                                                       f"poison-{poison.name}".encode(), poison.value))
    records.write(line.broker.address, [record for _, record in made.values()])
    places = {}
    for topic in {poison.topic for poison, _ in made.values()}:
        for record in records.read(line.broker.address, "kawat." + topic):
            if (topic, record.key) in made:
                poison = made[topic, record.key][0]
                line.poisoned[record.place] = poison.refused
                places[record.place] = poison
    if len(places) != len(made):
        raise AssertionError(f"{len(made)} records were written, {len(places)} found")
    return places


def put(line, random):
    """All of them; once the line is drained, it is seen what became of them."""
    real = {topic: random.choice(records.read(line.broker.address, "kawat." + topic)).value for topic in READ}
    places = write(line, random, [*of_every_topic(random, real), *hostile_fields()])
    line.say(f"wrote {len(places)} records, of which {sum(line.poisoned.values())} must be refused")
    line.afterwards = lambda: _look_at_letters(line, places)
    return len(places)


def _look_at_letters(line, places):
    reasons = {place: line.letters.get(place, ("", "none"))[1] for place in places if line.poisoned[place]}
    wrong = {place: reason for place, reason in reasons.items()
             if reason != ("REASON_BAD_ENCODING" if places[place].name == "bomb" else "REASON_MALFORMED_RECORD")}
    if wrong:
        raise AssertionError(f"no dead letter, or of an odd reason: {wrong}")
    listed = run("deadletters", "list", "--json", "--fetch", line.grpc("fetch"))
    if listed.returncode != 0 or not json.loads(listed.stdout)["dead_letters"]:
        raise AssertionError("dead letters cannot be listed: " + listed.stderr)


@fault("poison", "records that cannot be used, on every topic: garbage, empty, null, of the largest size, of another type, with hostile fields",
       articles=500, rate=10)
def poison(line, random):
    line.wait_for_articles(60)
    written = put(line, random)
    line.wait_for_articles(line.articles() + 50)
    crashed = {label: service.exits for label, service in line.services.items() if service.exits}
    if crashed:
        raise AssertionError(f"a record ended a process: {crashed}")
    return written


def crashing(folder):
    library = preload.build("crash_on_hash", folder)
    return Setup(articles=400, rate=10, environment={"parse": {"LD_PRELOAD": library}})


PARAGRAPH = "<p>A page that is an article in all things, long enough to be one, and that ends the process which reads it, again and again.</p>"


@fault("crash-parse", "a page at which parse aborts each time", setup=crashing)
def crash_parse(line, random):
    line.wait_for_articles(40)
    html = f"<html><head><title>The page that ends it</title></head><body><article><h1>The page that ends it</h1>{PARAGRAPH * 12}</article></body></html>"
    [place] = write(line, random, [Poison("pages", "crash", _page("kawat-crash-here", html.encode()))])
    parse = line.services["parse"]
    wait_until(lambda: parse.exits.count(-signal.SIGABRT) >= 4, 60, "parse to abort four times")
    line.say(f"parse aborted {parse.exits.count(-signal.SIGABRT)} times")

    def given_up():
        if line.letters.get(place, ("", ""))[1] != "REASON_CRASHED":
            raise AssertionError(f"{place} is {line.letters.get(place)}")
        if parse.exits.count(-signal.SIGABRT) != 4:
            raise AssertionError(f"parse aborted {parse.exits} times, 4 are enough")

    line.afterwards = given_up
    return 4

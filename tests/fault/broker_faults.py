"""Faults of the broker: killed, away, records written to it a second time."""
import socket
import time

import records
from fault import fault
from kawat_process import wait_until


def reachable(address):
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
        return True
    except OSError:
        return False


def kill_broker(line):
    line.broker.kill()
    wait_until(lambda: not reachable(line.broker.address), 10, "the broker to be gone")


@fault("broker-killed", "SIGKILL of the broker, and a new one on its files at once", articles=500, rate=8)
def broker_killed(line, random):
    times = 5
    line.wait_for_articles(10)
    for i in range(times):
        kill_broker(line)
        line.restart_broker()
        line.say(f"killed the broker {i + 1} of {times}")
        before = line.articles()
        line.wait_for_articles(before + 1)
        time.sleep(random.uniform(1, 4))
    return times


AWAY_SECONDS = 60


@fault("broker-away", f"no broker for {AWAY_SECONDS} s", articles=700, rate=10)
def broker_away(line, random):
    line.wait_for_articles(50)
    starts = {label: service.starts for label, service in line.services.items()}
    kill_broker(line)
    line.say(f"no broker for {AWAY_SECONDS} s")
    before = line.articles()
    deadline = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < deadline:
        if reachable(line.broker.address):
            raise AssertionError("somebody listens in the broker's place")
        time.sleep(1)
    if line.articles() > before + 50:  # what was in the pipe
        raise AssertionError("articles went on without a broker")
    line.restart_broker()
    ended = {label for label, service in line.services.items() if service.starts != starts[label]}
    if ended:
        raise AssertionError(f"{ended} ended, though a broker that is away is waited for")
    return 1


REPLAYED = ("kawat.links", "kawat.pages", "kawat.parsed", "kawat.articles")
SHARE = 0.1


@fault("replay", f"{SHARE:.0%} of the records of {', '.join(REPLAYED)} written a second time, under load", articles=600, rate=12)
def replay(line, random):
    line.wait_for_articles(250)
    times = 0
    for topic in REPLAYED:
        all_records = records.read(line.broker.address, topic)
        chosen = random.sample(all_records, int(len(all_records) * SHARE))
        records.write(line.broker.address, chosen)
        line.say(f"wrote {len(chosen)} of {len(all_records)} records of {topic} again")
        written = len(records.read(line.broker.address, topic)) - len(all_records)
        if not chosen or written < len(chosen):
            raise AssertionError(f"{topic} has {written} records more, {len(chosen)} were written")
        times += len(chosen)
    return times

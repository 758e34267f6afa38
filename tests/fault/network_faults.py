"""Faults of the network between the services and the broker, which stands in a network namespace of its own behind a veth pair."""
import contextlib
import os
import re
import subprocess
import time

from broker_faults import reachable
from fault import NotPossible, fault
from kawat_process import wait_until
from line import Setup

NETNS = f"kawat-fault-{os.getpid()}"
OUTSIDE, INSIDE = f"kwf{os.getpid() % 100000}a", f"kwf{os.getpid() % 100000}b"
OUR_ADDRESS, BROKER_ADDRESS = "10.211.77.1", "10.211.77.2"
RATE = "1mbit"  # of the slow link


def ip(*arguments, check=True):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=check)


def inside(*arguments):
    return ip("netns", "exec", NETNS, *arguments)


def make_network():
    if os.geteuid() != 0:
        raise NotPossible("only root may make network namespaces")
    made = ip("netns", "add", NETNS, check=False)
    if made.returncode != 0:
        raise NotPossible("ip netns add: " + made.stderr.strip())
    ip("link", "add", OUTSIDE, "type", "veth", "peer", "name", INSIDE, "netns", NETNS)
    ip("addr", "add", f"{OUR_ADDRESS}/30", "dev", OUTSIDE)
    ip("link", "set", OUTSIDE, "up")
    for command in (["addr", "add", f"{BROKER_ADDRESS}/30", "dev", INSIDE], ["link", "set", INSIDE, "up"], ["link", "set", "lo", "up"]):
        inside("ip", *command)


def remove_network():
    ip("link", "del", OUTSIDE, check=False)
    ip("netns", "del", NETNS, check=False)


@contextlib.contextmanager
def network():
    try:
        make_network()
        yield
    finally:
        remove_network()


def setup(**options):
    return lambda folder: Setup(netns=NETNS, host=BROKER_ADDRESS, around=network, **options)


@fault("network-cut", "the network to the broker cut for 2 to 30 s: nothing answers, nothing refuses", setup=setup(articles=900, rate=9))
def network_cut(line, random):
    line.wait_for_articles(10)
    lengths = [2, 6, 12, 30]
    for seconds in lengths:
        inside("ip", "link", "set", INSIDE, "down")  # not our end: its route would go, and packets take another one
        line.say(f"cut for {seconds} s")
        if reachable(line.broker.address):
            raise AssertionError("the broker still answers")
        time.sleep(seconds)
        inside("ip", "link", "set", INSIDE, "up")
        wait_until(lambda: reachable(line.broker.address), 30, "the broker to answer")
        line.wait_for_articles(line.articles() + 1)
        time.sleep(random.uniform(1, 3))
    return len(lengths)


@fault("slow-link", f"a link to the broker of {RATE} each way, by tc tbf, for 30 s", setup=setup(articles=500, rate=14))
def slow_link(line, random):
    line.wait_for_articles(20)
    shape = ["root", "tbf", "rate", RATE, "burst", "16kb", "latency", "300ms"]
    subprocess.run(["tc", "qdisc", "add", "dev", OUTSIDE, *shape], check=True)
    inside("tc", "qdisc", "add", "dev", INSIDE, *shape)
    line.say(f"a link of {RATE}")
    time.sleep(30)
    shown = subprocess.run(["tc", "-s", "qdisc", "show", "dev", OUTSIDE], capture_output=True, text=True, check=True).stdout
    delayed = int(re.search(r"overlimits (\d+)", shown).group(1))
    line.say(f"{delayed} packets had to wait")
    if delayed < 100:
        raise AssertionError("the link was not slow: " + shown)
    subprocess.run(["tc", "qdisc", "del", "dev", OUTSIDE, "root"], check=True)
    inside("tc", "qdisc", "del", "dev", INSIDE, "root")
    return 1

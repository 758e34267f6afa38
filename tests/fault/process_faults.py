"""Faults of processes: killed, stopped for a while, restarted in turn, shards moved."""
import shutil
import signal
import time
import urllib.request

from fault import fault
from kawat_process import SERVICES, run, wait_until

KILLS = 50
SESSION_TIMEOUT = 10  # seconds; libs/bus/kafka/consumer.cpp


def kill_again_and_again(line, random, name, times):
    """SIGKILL every one to two seconds, so that some hit a start. Each is seen to have ended a process of its own."""
    service, pids = line.services[name], []
    for i in range(times):
        time.sleep(random.uniform(0.9, 2.0) if i else 0)
        pids.append(service.kill())
        line.say(f"killed {name} {i + 1} of {times}", inline=True)
    if len(set(pids)) != times or service.exits.count(-signal.SIGKILL) != times:
        raise AssertionError(f"{times} kills of {name} ended {service.exits}")
    return times


def _register_kills(name):
    @fault(f"kill-{name}", f"SIGKILL of {name}, every 1 to 2 s", articles=900, rate=10, revision_after=30)
    def kill(line, random):
        line.wait_for_articles(5)
        return kill_again_and_again(line, random, name, KILLS)


for _name in SERVICES:
    _register_kills(_name)


@fault("stop-and-continue", f"SIGSTOP of each process for longer than the session timeout of {SESSION_TIMEOUT} s, then SIGCONT",
       articles=900, rate=10, parses=2, revision_after=25)
def stop_and_continue(line, random):
    line.wait_for_articles(5)
    for service in line.services.values():
        starts = service.starts
        pid = service.signal(signal.SIGSTOP)
        line.say(f"stopped {service.label}")
        wait_until(lambda: _state(pid) == "T", 5, f"{service.label} to stand still")
        time.sleep(SESSION_TIMEOUT + random.uniform(2, 4))
        if _state(pid) != "T" or service.starts != starts:
            raise AssertionError(f"{service.label} did not stand still all the time")
        service.signal(signal.SIGCONT)
        time.sleep(2)
    rebalances = sum(int(_metric(service, "kawat_bus_rebalances_total")) for service in line.of("parse"))
    if rebalances < 4:
        raise AssertionError(f"only {rebalances} rebalances of parse: the session did not time out")
    return len(line.services)


def _state(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]


def _metric(service, name):
    address = service.addresses()["metrics"]
    text = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


@fault("rolling-restart", "SIGTERM of each process in turn, twice, under load", articles=500, rate=12, parses=2, stores=2)
def rolling_restart(line, random):
    line.wait_for_articles(5)
    times = 0
    for _ in range(2):
        for service in line.services.values():
            before = line.articles()
            pid = service.pid
            code = service.stop()
            if code != 0:
                raise AssertionError(f"{service.label} was asked to stop and ended with {code}:\n{service.tail()}")
            service.start()
            line.say(f"restarted {service.label}")
            if service.pid == pid:
                raise AssertionError(f"{service.label} was not restarted")
            line.wait_for_articles(before + 1)  # it flows again
            times += 1
    return times


@fault("move-shards", "store's shards moved: from two processes to one, and to two again, under load", articles=500, rate=10, stores=2)
def move_shards(line, random):
    line.wait_for_articles(30)
    old = [line.remove("store-0"), line.remove("store-1")]
    had = sum(len(_shards(service)) for service in old)
    _move(old[1], _shards(old[1]), old[0])
    [settings] = line.store_settings(1)
    line.add("store", "store-0", settings)
    line.say("two stores are one")
    line.wait_for_articles(100)
    one = line.remove("store-0")
    if len(_shards(one)) != had:
        raise AssertionError(f"{len(_shards(one))} shards of {had} came along")
    settings = line.store_settings(2)
    _move(one, [shard for shard in _shards(one) if int(shard.name) % 2 == 1], old[1])
    for i in range(2):
        line.add("store", f"store-{i}", settings[i])
    line.say("one store is two")
    line.wait_for_articles(150)
    if len(_shards(old[1])) != had // 2:
        raise AssertionError("the shards were not moved")
    return 2


def _shards(service):
    return sorted(path for path in (service.data / "store").iterdir() if path.is_dir())


def _move(source, shards, target):
    for shard in shards:
        for path in (shard, shard.with_name(shard.name + ".marker")):
            if path.exists():
                shutil.move(path, target.data / "store" / path.name)


@fault("wal-tail", "SIGKILL, then the last bytes of each write-ahead log cut off; fetch, dedupe and store in turn, three times",
       articles=500, rate=10, revision_after=10)
def cut_wal_tails(line, random):
    line.wait_for_articles(20)
    times = 0
    for _ in range(3):
        for name in ("fetch", "dedupe", "store"):
            service = line.services[name]
            service.hold(signal.SIGKILL)
            for folder in sorted(path for path in (service.data / name).iterdir() if path.is_dir()):
                newest = max(folder.glob("*.log"), key=lambda path: int(path.stem))
                size = newest.stat().st_size
                if size:
                    with open(newest, "r+b") as log:
                        log.truncate(size - random.randint(1, min(size, 3000)))
                    times += 1
            service.start()
            line.say(f"cut the logs of {name}")
            time.sleep(random.uniform(3, 4))
    if times < 12:
        raise AssertionError(f"only {times} logs had anything to cut")
    return times


@fault("lost-dedupe", "dedupe's folder deleted and rebuilt by kawat shard rebuild", articles=500, rate=10)
def lose_dedupe(line, random):
    line.wait_for_articles(100)
    service = line.services["dedupe"]
    service.hold(signal.SIGTERM)
    shutil.rmtree(service.data / "dedupe/00")
    rebuilt = run("shard", "rebuild", "dedupe/0", "--config", line.config, "--data", service.data, timeout=120)
    if rebuilt.returncode != 0:
        raise AssertionError(rebuilt.stdout + rebuilt.stderr)
    service.start()
    return 1

"""A little of everything in one run, for tools/test."""
import signal
import time

import broker_faults
import poison_faults
from fault import fault
from kawat_process import SERVICES

KILLS = 5  # of each service


@fault("short", f"{KILLS} SIGKILLs of each service, the broker killed once, and poison on every topic, in one run", by_default=False,
       why_not="what it does, others do more of", articles=400, rate=9, revision_after=10)
def short(line, random):
    line.wait_for_articles(20)
    victims = [name for name in SERVICES for _ in range(KILLS)]
    random.shuffle(victims)
    for name in victims[:len(victims) // 2]:
        line.services[name].kill()
        time.sleep(random.uniform(0.5, 1.3))
    broker_faults.kill_broker(line)
    line.restart_broker()
    for name in victims[len(victims) // 2:]:
        line.services[name].kill()
        time.sleep(random.uniform(0.5, 1.3))
    killed = {name: line.services[name].exits.count(-signal.SIGKILL) for name in SERVICES}
    if set(killed.values()) != {KILLS}:
        raise AssertionError(f"{KILLS} kills of each were meant: {killed}")
    line.wait_for_articles(line.articles() + 1)
    poisons = poison_faults.put(line, random)
    return len(victims) + 1 + poisons

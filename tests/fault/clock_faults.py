"""Faults of the wall clock: it jumps, as when NTP or an administrator sets it, while the services run."""
import pathlib
import time
import urllib.request

import preload
from fault import fault
from kawat_process import SERVICES, wait_until
from line import Setup

HOUR = 3600


def clocks(folder):
    library = preload.build("shifted_clock", folder)
    return Setup(articles=700, rate=10, environment={name: {"LD_PRELOAD": library, "FAULT_CLOCK": f"{folder}/{name}.clock"} for name in SERVICES})


def set_clock(line, name, seconds):
    path = pathlib.Path(line.folder) / f"{name}.clock"
    new = path.with_suffix(".new")
    new.write_text(str(seconds))
    new.rename(path)


def _clock_of(service):
    """When it last turned, by its own clock."""
    text = urllib.request.urlopen(f"http://{service.addresses()['metrics']}/metrics", timeout=10).read().decode()
    times = [float(row.split()[-1]) for row in text.splitlines() if row.startswith("kawat_last_progress_timestamp_seconds")]
    return max(times, default=0)


def _register_jump(title, seconds):
    @fault(title, f"the clocks of the services set {abs(seconds) // 60} minutes {'ahead' if seconds > 0 else 'back'}, one after the other, and then right again",
           setup=clocks)
    def jump(line, random):
        line.wait_for_articles(10)
        times = 0
        for shift in (seconds, 0):
            for name in SERVICES:
                set_clock(line, name, shift)
                line.say(f"{name}'s clock is off by {shift} s")
                line.wait_for_articles(line.articles() + 20, seconds=60)
                service = line.services[name]
                wait_until(lambda: abs(_clock_of(service) - time.time() - shift) < 120, 30, f"{name} to go by the shifted clock")
                time.sleep(random.uniform(1, 3))
                times += 1
        return times


_register_jump("clock-ahead", HOUR)
_register_jump("clock-back", -HOUR)

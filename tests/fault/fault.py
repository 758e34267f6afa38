"""What a fault is: a function with a name that is given a running line, does its damage, makes sure that it happened, and says how often."""
import dataclasses
import time
import traceback

import verdict as verdicts
from kawat_process import temporary_folder
from line import Line, Setup

DRAIN_SECONDS = 180
FAULTS = {}


class NotPossible(Exception):
    """This machine lacks what the fault needs; the message says what."""


@dataclasses.dataclass
class Fault:
    name: str
    what: str
    run: object
    setup: object      # a function that makes the Setup, given the folder; it may raise NotPossible
    by_default: bool
    why_not: str


def fault(name, what, by_default=True, why_not="", **options):
    """Registers a function(line, random) that returns how often it did its damage. `options`: of line.Setup, or setup=FUNCTION(folder)."""
    def register(run):
        setup = options.get("setup") or (lambda folder: Setup(**options))
        FAULTS[name] = Fault(name, what, run, setup, by_default, why_not)
        return run
    return register


@dataclasses.dataclass
class Result:
    name: str
    what: str
    times: int = 0
    articles: int = 0
    urls: int = 0
    lost: int = 0
    doubled: int = 0
    drain_seconds: float = 0.0
    seconds: float = 0.0
    restarts: int = 0
    skipped: str = ""
    complaints: list = dataclasses.field(default_factory=list)

    @property
    def passed(self):
        return not self.complaints and not self.lost and not self.doubled


def carry_out(one, seed, random, say, keep):
    result = Result(one.name, one.what)
    began = time.monotonic()
    with temporary_folder() as folder:
        try:
            with Line(folder, one.setup(folder), seed, say) as line:
                try:
                    result.times = one.run(line, random)
                    verdict = verdicts.judge(line, DRAIN_SECONDS, line.poisoned_places())
                    result.articles, result.urls = verdict.articles, verdict.urls
                    result.lost, result.doubled = verdict.lost, verdict.doubled
                    result.drain_seconds = round(verdict.drained, 1)
                    result.complaints += verdict.complaints
                    result.complaints += _bad_ends(line)
                    if line.afterwards:
                        line.afterwards()
                finally:
                    result.restarts = sum(service.starts - 1 for service in line.services.values())
        except NotPossible as error:
            result.skipped = str(error)
        except Exception as error:  # noqa: BLE001 the other faults still run
            result.complaints.append(f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}")
        if keep and not result.passed:
            keep(folder, one.name)
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _bad_ends(line):
    """A service that gave up, or was asked to stop and did not in time."""
    return [f"{service.label} ended with {code}, which nothing starts again:\n{service.tail(1500)}"
            for service in line.services.values() for code in service.exits if code == 78]

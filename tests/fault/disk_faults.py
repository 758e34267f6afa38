"""Faults of disks: full, and slow."""
import contextlib
import errno
import os
import pathlib
import subprocess
import time

import preload
from fault import NotPossible, fault
from kawat_process import SERVICES, wait_until
from line import Setup

DISK = "96m"
FULL_FOR = 3  # seconds in which it is started again and again


def small_disk(name):
    """A Setup in which the data folder of a service is a disk of its own."""
    def setup(folder):
        @contextlib.contextmanager
        def disk():
            path = pathlib.Path(folder) / f"data-{name}"
            path.mkdir()
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", path], capture_output=True, text=True)
            if mounted.returncode != 0:
                raise NotPossible("mount: " + mounted.stderr.strip())
            try:
                yield
            finally:
                subprocess.run(["umount", "-l", path], check=False)
        return Setup(articles=450, rate=10, revision_after=15, around=disk)
    return setup


def fill(path):
    """Until not a byte goes in."""
    with open(path, "ab", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while file.write(bytes(size)) > 0:
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def _register_full(name):
    @fault(f"disk-full-{name}", f"the disk of {name}'s data folder full, until {name} ended and for {FULL_FOR} s after, then freed", setup=small_disk(name))
    def disk_full(line, random):
        service, times = line.services[name], 3
        filler = service.data / "filler"
        for i in range(times):
            line.wait_for_articles(line.articles() + 20)
            before = len(service.exits)

            def ended():
                fill(filler)
                return len(service.exits) > before

            wait_until(ended, 60, f"{name} to end on a full disk")
            until = time.monotonic() + FULL_FOR
            while time.monotonic() < until:
                fill(filler)
                time.sleep(0.05)
            filler.unlink()
            line.say(f"full {i + 1} of {times}: {name} ended with {service.exits[before:]}")
        wrong = [code for code in service.exits if code not in (1, -6)]
        if wrong:
            raise AssertionError(f"on a full disk {name} ended with {wrong}:\n{service.tail()}")
        if "full" not in service.output():
            raise AssertionError(f"{name} does not say that its disk is full:\n{service.tail()}")
        return times


for _name in ("fetch", "dedupe", "store"):
    _register_full(_name)

SYNC_MS = 200


def slow_disks(folder):
    library = preload.build("slow_fsync", folder)
    return Setup(articles=400, rate=12, environment={
        name: {"LD_PRELOAD": library, "FAULT_FSYNC_MS": str(SYNC_MS), "FAULT_FSYNC_COUNT": f"{folder}/{name}.syncs"} for name in SERVICES})


@fault("slow-fsync", f"each fsync and fdatasync of each service takes {SYNC_MS} ms more", setup=slow_disks)
def slow_fsync(line, random):
    line.wait_for_articles(line.setup.articles * 3 // 4, seconds=300)
    syncs = {name: os.path.getsize(line.folder / f"{name}.syncs") for name in ("fetch", "dedupe", "store")}
    line.say(f"slow: {syncs}")
    if min(syncs.values()) < 50:
        raise AssertionError(f"hardly a sync was slow: {syncs}")
    return sum(syncs.values())

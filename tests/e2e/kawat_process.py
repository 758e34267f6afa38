"""Starts and stops the real programs for end-to-end tests. Every wait has a bound and says what it waited for."""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(os.environ.get("KAWAT_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("KAWAT_BIN_DIR", ROOT / "build/release/bin"))
KAWAT = BIN / "kawat"
SERVICES = ("fetch", "parse", "dedupe", "store")
CORPUS = ROOT.parent / "shared/corpus"


def wait_until(condition, seconds, what, every=0.05):
    """The first true value of `condition`, asked again every so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(every)


def run(*arguments, **options):
    """A command of kawat to its end."""
    return subprocess.run([str(KAWAT), *map(str, arguments)], capture_output=True, text=True, timeout=options.pop("timeout", 60), **options)


class Process:
    """A program in the background, with its output in a file. Ended by its id when the block ends."""

    def __init__(self, *arguments, log):
        self.log = pathlib.Path(log)
        self._file = open(self.log, "ab")
        self.process = subprocess.Popen([*map(str, arguments)], stdout=self._file, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process.poll() is None

    def output(self):
        return self.log.read_text(errors="replace")

    def stop(self, seconds=15):
        """SIGTERM, and its exit code."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._file.close()
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()


class Newsroom(Process):
    """`kawat newsroom` on a free port; `config` is the file with which kawat crawls it."""

    def __init__(self, folder, *flags):
        folder = pathlib.Path(folder)
        self.config = folder / "newsroom.toml"
        super().__init__(KAWAT, "newsroom", "--listen", "127.0.0.1:0", "--write-config", self.config, *flags, log=folder / "newsroom.log")
        wait_until(lambda: self.config.exists() or not self.running(), 60, "the newsroom's configuration")
        if not self.running():
            raise AssertionError("the newsroom ended: " + self.output())
        self.address = re.search(r'= "(127\.0\.0\.1:\d+)"', self.config.read_text()).group(1)


class Broker(Process):
    """tools/kafka: one real broker. `flags` are its own; unless they say otherwise on free ports. `prefix`: the command that runs it."""

    def __init__(self, folder, *flags, prefix=()):
        flags = flags or ("--port", 0)
        log = pathlib.Path(folder) / "kafka.log"
        begin = log.stat().st_size if log.exists() else 0
        super().__init__(*prefix, ROOT / "tools/kafka", *flags, log=log)
        address = re.compile(r"^[0-9.]+:\d+$", re.MULTILINE)
        found = wait_until(lambda: address.search(self.output()[begin:]) or not self.running(), 90, "the broker's address")
        if found is True:
            raise AssertionError("the broker ended: " + self.output()[-3000:])
        self.address = found.group(0)


def configure(newsroom, folder, broker):
    """The newsroom's configuration, on Kafka, with free ports."""
    text = newsroom.config.read_text()
    for service in SERVICES:
        ports = 'grpc = "127.0.0.1:0"\nmetrics = "127.0.0.1:0"\n'
        table = f"[{service}]\n"
        text = text.replace(table, table + ports, 1) if table in text else text + f"\n{table}{ports}"
    text = f'data = "{folder}/data"\n' + text + f'\n[bus]\nkafka = "{broker}"\npartitions = 4\n'
    path = pathlib.Path(folder) / "kafka.toml"
    path.write_text(text)
    return path


class Up(Process):
    """`kawat up` with all ports free ones."""

    def __init__(self, config, folder, *flags):
        self.data = pathlib.Path(folder) / "data"
        self._addresses_file = self.data / "addresses.json"
        self._addresses_file.unlink(missing_ok=True)
        super().__init__(KAWAT, "up", "--config", config, "--data", self.data, "--any-port", *flags, log=pathlib.Path(folder) / "up.log")
        self.wait_for_addresses()

    def wait_for_addresses(self):
        def read():
            if not self.running():
                raise AssertionError("kawat up ended: " + self.output()[-3000:])
            try:
                book = json.loads(self._addresses_file.read_text())
            except (FileNotFoundError, json.JSONDecodeError):
                return None
            return book if {"fetch", "parse", "dedupe", "store", "portal"} <= book.keys() else None

        self.addresses = wait_until(read, 60, "addresses.json")

    @property
    def store(self):
        return self.addresses["store"]["grpc"]

    @property
    def fetch(self):
        return self.addresses["fetch"]["grpc"]

    @property
    def portal(self):
        return "http://" + self.addresses["portal"]["http"]

    def child(self):
        """The process id of the child that does the work."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def articles(self):
        stats = run("stats", "--store", self.store, "--json")
        return json.loads(stats.stdout)["articles"] if stats.returncode == 0 else 0


def check(newsroom, store, fetch, *flags):
    """`kawat newsroom check --json`: its exit code and report."""
    result = run("newsroom", "check", "--newsroom", newsroom, "--store", store, "--fetch", fetch, "--json", *flags, timeout=120)
    try:
        return result.returncode, json.loads(result.stdout)
    except json.JSONDecodeError:
        return result.returncode, {"error": result.stdout + result.stderr}


def wait_for_no_difference(newsroom, store, fetch, seconds, *flags):
    """The report of the first check that finds no difference; if none does, the last one is in the error."""
    reports = []

    def agrees():
        code, report = check(newsroom, store, fetch, *flags)
        reports.append(report)
        return code == 0

    try:
        wait_until(agrees, seconds, "no difference", every=1)
    except AssertionError as error:
        raise AssertionError("%s:\n%s" % (error, json.dumps(reports[-1], indent=1, ensure_ascii=False)[:6000])) from None
    return reports[-1]


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="kawat-e2e-")

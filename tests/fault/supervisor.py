"""A service under a supervisor that starts it again when it ends by itself, as Kubernetes does; with a short pause, since tests wait for it."""
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

from kawat_process import BIN, wait_until

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0  # seconds
LONG_RUN = 3.0                         # after which the pause is short again
CANNOT_MEND = 78


class Service:
    """One process of a service, its data in a folder of its own. `label`: its name in logs; `settings`: --set of its own."""

    def __init__(self, name, folder, config, label=None, settings=(), environment=None):
        self.name, self.label = name, label or name
        self.folder = pathlib.Path(folder)
        self.data = self.folder / f"data-{self.label}"
        self.log = self.folder / f"{self.label}.log"
        self.config, self.settings = config, list(settings)
        self.environment = environment or {}
        self.exits = []      # exit codes, in order; negative: the signal that ended it
        self.starts = 0
        self._wanted = False
        self._process = None
        self._wake = threading.Event()
        self._lock = threading.Lock()  # between a new start and stop()
        self._thread = None

    def start(self):
        self._wanted = True
        self._wake.clear()
        self._thread = threading.Thread(target=self._supervise, name=self.label, daemon=True)
        self._thread.start()
        self.process()

    def _supervise(self):
        pause = FIRST_PAUSE
        while self._wanted:
            began = time.monotonic()
            flags = ["--config", str(self.config), "--set", f'data="{self.data}"']
            for setting in self.settings:
                flags += ["--set", setting]
            with self._lock, open(self.log, "ab") as log:
                if not self._wanted:
                    return
                self._process = subprocess.Popen([str(BIN / f"kawat-{self.name}"), *flags], stdout=log, stderr=subprocess.STDOUT,
                                                 env=os.environ | self.environment)
            self.starts += 1
            code = self._process.wait()
            self.exits.append(code)
            if code in (0, CANNOT_MEND):
                return
            pause = FIRST_PAUSE if time.monotonic() - began > LONG_RUN else min(2 * pause, LONGEST_PAUSE)
            self._wake.wait(pause)

    def process(self):
        """The process that runs now, waited for: it may be about to be started again."""
        return wait_until(lambda: self._process if self._process is not None and self._process.poll() is None else self._ended(), 60,
                          f"{self.label} to run")

    def _ended(self):
        if self._thread is not None and not self._thread.is_alive():
            raise AssertionError(f"{self.label} ended with {self.exits[-1:]}:\n" + self.tail())
        return None

    @property
    def pid(self):
        return self.process().pid

    def signal(self, number):
        """To the process that runs now; its id."""
        process = self.process()
        process.send_signal(number)
        return process.pid

    def wait_for_exit(self, seconds, what):
        """The exit code of the process that runs now, once it ended by itself."""
        count = len(self.exits)
        wait_until(lambda: len(self.exits) > count, seconds, f"{self.label} to end: {what}")
        return self.exits[count]

    def kill(self):
        """SIGKILL, seen to have ended it; the supervisor starts it again."""
        process = self.process()
        process.kill()
        wait_until(lambda: process.poll() is not None, 10, f"the end of {self.label}")
        return process.pid

    def hold(self, number):
        """Ends it by this signal, and does not start it again before start()."""
        with self._lock:
            self._wanted = False
            self._wake.set()
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._thread.join(20)
        if self._thread.is_alive() or self.exits[-1] not in (0, -number):
            raise AssertionError(f"{self.label} was to end by signal {number} and did not: {self.exits[-1:]}\n{self.tail()}")

    def addresses(self):
        """Its part of addresses.json: of its last start."""
        try:
            return json.loads((self.data / "addresses.json").read_text()).get(self.name)
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def stop(self, seconds=20):
        """SIGTERM, no new start; its exit code."""
        with self._lock:
            self._wanted = False
            self._wake.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._thread is not None:
            self._thread.join(10)
        return self.exits[-1] if self.exits else None

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def tail(self, size=3000):
        return self.output()[-size:]

"""The line that a fault is done to: a broker, the newsroom that publishes over time, and the services on them."""
import contextlib
import dataclasses
import json
import pathlib
import socket

from kawat_process import SERVICES, Broker, Newsroom, configure, run, wait_until
from supervisor import Service

DELAY_MS = 50


@dataclasses.dataclass
class Setup:
    articles: int = 400
    rate: float = 10           # articles published a second
    revision_after: int = 4    # seconds; longer than fetch may be away with an answer that it has not passed on
    parses: int = 1
    stores: int = 1
    netns: str = ""            # the broker runs in this network namespace ...
    host: str = "127.0.0.1"    # ... and has this address
    around: object = contextlib.nullcontext  # makes what all of it stands on: a network, a disk
    environment: dict = dataclasses.field(default_factory=dict)  # of the services, by name


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Line:
    """Starts everything; ends everything it started when the block ends. `progress` is called with lines for people."""

    def __init__(self, folder, setup, seed, progress):
        self.folder, self.setup, self.seed, self.say = pathlib.Path(folder), setup, seed, progress
        self.broker = None
        self.services = {}
        self.afterwards = None  # a check that the fault wants done once the line is drained
        self.poisoned = {}  # place of a record that the fault wrote → whether it must become a dead letter
        self.letters = {}   # place → stage, reason and detail of its dead letter, once judged

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.setup.around())
            stack.callback(self._stop)
            self.start_broker("--port", 0)
            self.newsroom = stack.enter_context(Newsroom(self.folder, "--seed", self.seed, "--articles", self.setup.articles, "--rate",
                                                         self.setup.rate, "--delay", DELAY_MS, "--revision-after", self.setup.revision_after))
            self.config = configure(self.newsroom, self.folder, self.broker.address)
            applied = run("topics", "apply", "--config", self.config)
            if applied.returncode != 0:
                raise AssertionError(applied.stderr)
            for name in SERVICES:
                for label, settings in self._processes(name):
                    self.add(name, label, settings)
            wait_until(lambda: all(each.addresses() for each in self.services.values()), 90, "the services' addresses")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _stop(self):
        for service in self.services.values():
            service.stop()
        if self.broker is not None:
            self.broker.stop()

    def start_broker(self, *flags):
        """Also once more, after broker.kill(): on what the first one left."""
        prefix = ("ip", "netns", "exec", self.setup.netns) if self.setup.netns else ()
        self.broker = Broker(self.folder, *flags, "--host", self.setup.host, "--data", self.folder / "kafka", prefix=prefix)

    def restart_broker(self):
        self.start_broker("--port", self.broker.address.rsplit(":", 1)[1])

    def _processes(self, name):
        count = {"parse": self.setup.parses, "store": self.setup.stores}.get(name, 1)
        if count == 1:
            return [(name, [])]
        if name == "parse":
            return [(f"parse-{i}", []) for i in range(count)]
        return [(f"store-{i}", settings) for i, settings in enumerate(self.store_settings(count))]

    def store_settings(self, count):
        """The --set flags of each of so many stores."""
        addresses = [f"127.0.0.1:{port}" for port in free_ports(count)]
        return [[f'store.grpc="{address}"', f"store.instance={i}", f"store.instances={count}", f"store.peers={json.dumps(addresses)}"]
                for i, address in enumerate(addresses)]

    def add(self, name, label=None, settings=()):
        service = Service(name, self.folder, self.config, label, settings, self.setup.environment.get(name))
        self.services[service.label] = service
        service.start()
        return service

    def remove(self, label):
        """Stops it for good; its folder stays."""
        service = self.services.pop(label)
        code = service.stop()
        if code != 0:
            raise AssertionError(f"{label} ended with {code}:\n{service.tail()}")
        return service

    def poisoned_places(self):
        """Where records are that must become dead letters."""
        return {place for place, refused in self.poisoned.items() if refused}

    def of(self, name):
        return [service for service in self.services.values() if service.name == name]

    def grpc(self, name):
        """The gRPC address of the first process of a service, as of now: a restart may change it."""
        return (self.of(name)[0].addresses() or {}).get("grpc", "127.0.0.1:1")

    def articles(self):
        stats = run("stats", "--store", self.grpc("store"), "--json")
        return json.loads(stats.stdout)["articles"] if stats.returncode == 0 else 0

    def wait_for_articles(self, count, seconds=120):
        wait_until(lambda: self.articles() >= count, seconds, f"{count} articles in the store", every=0.3)

"""One installation as its processes: web and worker of each service, PostgreSQL and RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.broker import Broker
from tests.support.ports import free_port
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for

SERVICES = ("membership", "registration", "notifications")
_PROGRAMS = Path(sys.executable).parent


class Process:
    """A process of one service: "registration worker", "notifications web"."""

    def __init__(self, words: list[str], environ: dict[str, str], log: Path) -> None:
        self.words = words
        self.environ = environ
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, **environ: str) -> "Process":
        """Start it, perhaps with settings for this time alone."""
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [str(_PROGRAMS / self.words[0]), *self.words[1:]],
                env=os.environ | self.environ | environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and to those it has made."""
        assert self._running is not None
        os.killpg(self._running.pid, number)

    def kill(self) -> None:
        """Kill it, and those it has made, as a power cut would."""
        if self.runs():
            self.signal(signal.SIGKILL)
            self.ended()

    def terminate(self) -> None:
        """Ask it to stop, as an operator would."""
        assert self._running is not None
        self._running.terminate()

    def ended(self) -> int:
        """Return its exit code, once it has one."""
        assert self._running is not None
        return self._running.wait(timeout=60)

    def runs(self) -> bool:
        """Return whether it is alive."""
        return self._running is not None and self._running.poll() is None

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has logged. Raises ValueError for a line that is not JSON."""
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]


class Installation:
    """What a trust runs: everything made ready, nothing started yet."""

    def __init__(self, directory: Path, server: PostgreSQL, broker: Broker) -> None:
        self.directory = directory
        self.broker = broker
        self.databases = {service: server.database() for service in SERVICES}
        self.ports = {service: free_port() for service in SERVICES}
        self.base_url = f"http://127.0.0.1:{self.ports['registration']}"
        self.mailbox = directory / "mailbox"
        self.feed_token = "f" * 32
        self.processes: dict[str, Process] = {}

    def environ(self, service: str) -> dict[str, str]:
        """Return the settings of *service*."""
        return {
            "DATABASE_URL": self.databases[service],
            "INSTANCE": "test",
            "BASE_URL": self.base_url,
            "LINK_KEYS": "1:" + "5e" * 32,
            "ADDRESS_KEY": "ad" * 32,
            "SECRET_KEY": "5c" * 32,
            "STAFF_KEY": "5f" * 32,
            "ORGANISATION": "Example Minds",
            "CONTACT_EMAIL": "hello@example.org",
            "MAIL_TRANSPORT": "mailbox",
            "MAILBOX_DIRECTORY": str(self.mailbox),
            "MAIL_FROM": "webinars@example.org",
            "BROKER_URL": self.broker.url(service),
            "BROKER_ADMIN_URL": self.broker.node.admin_url,
            "FEED_TOKEN": self.feed_token,
            "FEEDS": ",".join(
                f"{name}=http://127.0.0.1:{port}"
                for name, port in self.ports.items()
                if name != service
            ),
            "PORT": str(self.ports[service]),
            "WEB_PROCESSES": "1",
            "TRUSTED_PROXIES": "1",  # everybody may come from a network of their own
            "REGISTRATIONS_PER_NETWORK_HOUR": "100000",
        }

    def process(self, *words: str, **environ: str) -> Process:
        """Return a process of a service, not started: `process("registration", "web")`."""
        log = self.directory / f"{'-'.join(words)}.log"
        return Process([*words], self.environ(words[0]) | environ, log)

    def run(self, service: str, *words: str) -> None:
        """Run a command in this process: a new one would need a second to begin.

        Raises shared.commandline.Wrong for what an operator could put right.
        """
        command = import_module(f"{service}.cli").main
        command.main([*words], obj=self.environ(service), standalone_mode=False)

    def prepare(self) -> None:
        """Do what is done once before anything else: topology and migrations."""
        for service in SERVICES:
            self.run(service, "topology")
            self.run(service, "migrate")

    def start(self) -> None:
        """Start all six processes, and return once pages are served."""
        for service in SERVICES:
            for kind in ("web", "worker"):
                self.processes[f"{service} {kind}"] = self.process(service, kind).start()
        for service in SERVICES:
            wait_for(partial(self.is_ready, service), seconds=60, what=f"{service} web")

    def complaints(self) -> list[str]:
        """Return what no log should hold: tracebacks, and what is no line of ours."""
        return [
            line
            for log in sorted(self.directory.glob("*.log"))
            for line in log.read_text().splitlines()
            if not line.startswith("{")
        ]

    def shut_down(self) -> dict[str, int]:
        """Stop all processes as an operator would; return their exit codes."""
        for process in self.processes.values():
            process.terminate()
        return {name: process.ended() for name, process in self.processes.items()}

    def stop(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes.values():
            process.kill()

    def is_ready(self, service: str) -> bool:
        """Return whether the web process of *service* says that it can work."""
        url = f"http://127.0.0.1:{self.ports[service]}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

"""The whole system as one real process, as `make run` starts it."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.ports import free_port
from tests.support.waiting import wait_for


class Standalone:
    """One installation's process: started, killed and started again on the same directory."""

    def __init__(self, var: Path, *, port: int | None = None, **environ: str) -> None:
        self.var = var
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environ = environ
        self.process: subprocess.Popen[str] | None = None

    def start(self, **environ: str) -> "Standalone":
        """Start the process and return once it answers, or has died as it was told to."""
        self.launch(**environ)
        wait_for(lambda: self.answers() or not self.runs(), seconds=60, what="the first page")
        return self

    def launch(self, **environ: str) -> None:
        """Start the process and return at once."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "standalone",
                "serve",
                f"--port={self.port}",
                f"--var={self.var}",
            ],
            env=os.environ | self.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def runs(self) -> bool:
        """Return whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Return whether the first page can be had."""
        try:
            with urllib.request.urlopen(self.base_url, timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> int:
        """Stop the process as an operator would; return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Kill the process as a power cut would."""
        return self._end(signal.SIGKILL)

    def output(self) -> str:
        """Return what the ended process printed."""
        assert self.process is not None
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            return stream.read()

    def send(self, how: signal.Signals) -> None:
        """Send a signal to the process, if it is alive."""
        assert self.process is not None
        if self.runs():
            self.process.send_signal(how)

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.send(how)
        return self.process.wait(timeout=60)

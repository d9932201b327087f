"""Web servers as processes of their own, stopped when they have served."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.support.ports import free_port
from tests.support.standalone import Standalone
from tests.support.waiting import wait_for

# Limits are for one network or address; the clients stand for many.
_MANY = "100000000"
UNLIMITED = {"REGISTRATIONS_PER_NETWORK_HOUR": _MANY, "REGISTRATIONS_PER_ADDRESS_DAY": _MANY}


@contextmanager
def standalone(var: Path) -> Iterator[Standalone]:
    """Yield the whole system, running on the directory *var*."""
    system = Standalone(
        var, REGISTRATIONS_PER_NETWORK_HOUR=_MANY, REGISTRATIONS_PER_ADDRESS_DAY=_MANY
    )
    try:
        yield system.start()
    finally:
        system.stop()


@contextmanager
def gunicorn(app: str, *, path: str = "/", **environ: str) -> Iterator[int]:
    """Yield the port on which gunicorn serves *app*, once it answers at *path*."""
    port = free_port()
    settings = ["--config=python:tests.benchmarks.gunicorn_settings", f"--bind=127.0.0.1:{port}"]
    with tempfile.TemporaryDirectory(prefix="coproduce-metrics-") as metrics:
        # Several processes count together in files: see shared.web.health.
        counting = {"PROMETHEUS_MULTIPROC_DIR": metrics}
        with _served(["gunicorn", *settings, app], port, path, environ | counting):
            yield port


@contextmanager
def waitress_hello() -> Iterator[int]:
    """Yield the port on which waitress serves the yardstick."""
    port = free_port()
    with _served(["tests.benchmarks.hello", str(port)], port, "/", {}):
        yield port


@contextmanager
def _served(module: list[str], port: int, path: str, environ: dict[str, str]) -> Iterator[None]:
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], env=os.environ | environ, stdout=log, stderr=log
        )
        try:
            wait_for(lambda: _answers(port, path), seconds=120, what=f"{module[0]} to answer")
            yield
        except Exception:
            log.seek(0)
            sys.stderr.writelines(log.readlines()[-20:])
            raise
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()

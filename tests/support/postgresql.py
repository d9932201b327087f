"""A real PostgreSQL of our own, on a private port, gone when the tests end."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.support.ports import free_port
from tests.support.waiting import wait_for


class PostgreSQL:
    """A server in a directory of its own, run by user postgres where we are root."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self.port = free_port()
        self._home = Path(tempfile.mkdtemp(prefix="coproduce-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self._home, "postgres")
        self._run(
            "initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        """Start the server and return once it takes connections."""
        # No socket in the file system: what is left of it when killed would prevent a new start.
        # And to recover, one call instead of one for each file of each test's database.
        settings = (
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "recovery_init_sync_method=syncfs",
        )
        options = " ".join([f"-p {self.port}", *(f"-c {setting}" for setting in settings)])
        self._run("pg_ctl", "-D", "data", "-w", "-t", "300", "-l", "log", "-o", options, "start")

    def shut_down(self) -> None:
        """Stop the server at once, as for an emergency: it has to recover at the next start."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill the server and those that serve its connections, as a power cut would."""
        first = int((self._home / "data" / "postmaster.pid").read_text().split()[0])
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        pids = [first, *map(int, others)]
        for pid in pids:
            with suppress(ProcessLookupError):  # once the first is gone, others end by themselves
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not any(map(_runs, pids)), what="the end of PostgreSQL")
        # The first one's number is in use until whoever adopted it notices its end.
        for lock in (*self._home.glob("data/postmaster.pid"), *self._home.glob(".*.lock")):
            lock.unlink()

    def database(self, encoding: str = "UTF8") -> str:
        """Return the URL of a new, empty database."""
        name = f"test_{uuid4().hex}"
        address = f"postgresql://postgres@127.0.0.1:{self.port}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            make = sql.SQL("create database {} template template0 encoding {}")
            connection.execute(make.format(sql.Identifier(name), sql.Literal(encoding)))
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop the server and remove all it kept."""
        self.shut_down()
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*become, str(self._binaries / program), *arguments]
        done = subprocess.run(
            command, cwd=self._home, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _runs(pid: int) -> bool:
    """Return whether the process has not ended, noticed or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"

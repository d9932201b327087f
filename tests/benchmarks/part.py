"""A part of a worker as a process of its own: says when it is ready, and begins when told to."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.contracts.registration import WebinarPublished
from shared.db import Database
from shared.messaging import Loop, Relay, Worker
from shared.messaging.rabbit import Consumer, RabbitTransport
from tests.benchmarks.events import project


@contextmanager
def waiting(module: str, *arguments: str) -> Iterator[Callable[[], None]]:
    """Yield what tells a process of *module*, which is ready, to begin; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    stdin = process.stdin
    try:
        assert process.stdout.readline() == "ready\n"
        yield lambda: print("begin", file=stdin, flush=True)
    finally:
        stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def main(part: str, database_url: str, broker_url: str) -> None:
    """Do what *part* does from the first line of the input to its end."""
    database = Database(database_url)
    if part == "relay":
        loop = Loop(part, Relay(database, RabbitTransport(broker_url, "registration")).run_once)
    elif part == "consumer":
        consumer = Consumer(broker_url, "notifications", database)
        loop = Loop(part, consumer.run_once, idle=0.0)
    else:
        loop = Loop(part, Worker(database, {WebinarPublished: project}).run_once)
    print("ready", flush=True)
    if sys.stdin.readline():
        loop.start()
        sys.stdin.read()
        loop.stop()
        loop.join()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The worker process of one service: all that it does in the background, beside a broker."""

import signal
import threading
from collections.abc import Collection, Iterator, Sequence

import structlog
from prometheus_client import start_http_server

from shared.config import ConfigurationError, read
from shared.db import Database
from shared.messaging import Loop
from shared.messaging.rabbit import Consumer, RabbitTransport
from shared.messaging.rabbit.names import exchange_of
from shared.messaging.sweep import PAUSE, Sweep
from shared.process_settings import SweepSettings, WorkerSettings
from shared.readiness import wait_until_migrated
from shared.service import Environ, Service

_log = structlog.get_logger(__name__)


def work(service: Service, environ: Environ, only: Collection[str]) -> None:
    """Do the background work of *service*, all of it or the parts named, until told to stop.

    Raises shared.config.ConfigurationError; waits for a database or broker that is away.
    """
    stated = read(WorkerSettings, environ)
    database = Database(read(service.settings, environ).database_url)
    sweeps = list(_sweeps(service, environ, database))  # a wrong setting is said before waiting
    wait_until_migrated(database, service.name)
    transport = RabbitTransport(stated.broker_url, service.name)
    consumer = Consumer(stated.broker_url, service.name, database)
    loops = [*service.loops(environ, database, transport), *sweeps]
    if service.handlers:
        loops.append(service.loop(database, "consumer", consumer.run_once, idle=0.0))
    if stated.metrics_port:
        start_http_server(stated.metrics_port)
    _run([loop for loop in loops if not only or loop.part in only])
    transport.close()
    consumer.close()
    database.dispose()


def _sweeps(service: Service, environ: Environ, database: Database) -> Iterator[Loop]:
    publishers = {exchange_of(type) for type in service.handled}
    if not publishers:
        return
    stated = read(SweepSettings, environ)
    if unknown := publishers - stated.feeds.keys():
        raise ConfigurationError([f"FEEDS: it lacks {', '.join(sorted(unknown))}."])
    for publisher in sorted(publishers):
        sweep = Sweep(
            database,
            publisher,
            base=stated.feeds[publisher],
            token=stated.feed_token,
            types=service.handled,
        )
        yield service.loop(database, "sweep", sweep.run_once, idle=PAUSE)


def _run(loops: Sequence[Loop]) -> None:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    for loop in loops:
        loop.start()
    _log.info("worker.started", loops=[loop.name for loop in loops])
    told.wait()
    for loop in loops:
        loop.stop()
    for loop in loops:
        loop.join()
    _log.info("worker.stopped")

"""A service, as whoever runs it needs to know it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from shared.config import WebSettings
from shared.db import Database
from shared.messaging import Handlers, Loop, Relay, Transport, Worker
from shared.messaging.forgetting import blank_old_bodies
from shared.staff import figures
from shared.staff.figures import Counting

Environ = Mapping[str, str]
_TIDYING_PAUSE = 3600.0  # seconds


Step = Callable[[], int]
# What every worker does, and what it does besides for a service that reacts to events.
_ALWAYS = ("relay", "tidying")
_REACTING = ("consumer", "inbox", "sweep")


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a service is called, how it is made, what it reacts to and does by itself.

    *own_work* makes the steps of its own background work, by what they are called; *counting*
    counts what membership shows on the console's first page.
    """

    name: str
    about: str
    settings: type[WebSettings]
    create_app: Callable[[Environ], Flask]
    handlers: Handlers = field(default_factory=dict)
    forget: Sequence[Callable[[Session], object]] = ()
    own_work: Mapping[str, Callable[[Environ, Database], Step]] = field(default_factory=dict)
    counting: Counting | None = None

    @property
    def handled(self) -> frozenset[str]:
        """Return the types of the events that it reacts to."""
        return frozenset(event.type for event in self.handlers)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what its worker's loops are called."""
        counting = ("figures",) if self.counting else ()
        return (*_ALWAYS, *self.own_work, *counting, *(_REACTING if self.handlers else ()))

    def loops(self, environ: Environ, database: Database, transport: Transport) -> list[Loop]:
        """Return what works in the background wherever it runs, not yet started.

        Each is called by what it does: "registration.relay".
        """
        loop = partial(self.loop, database)
        loops = [
            loop("relay", Relay(database, transport).run_once),
            loop("tidying", self._tidying(database), idle=_TIDYING_PAUSE),
        ]
        for part, make_step in self.own_work.items():
            loops.append(loop(part, make_step(environ, database)))
        if self.counting:
            step = partial(_tell, database, self.counting)
            loops.append(loop("figures", step, idle=figures.PAUSE))
        if self.handlers:
            loops.append(loop("inbox", Worker(database, self.handlers).run_once))
        return loops

    def loop(self, database: Database, part: str, step: Step, *, idle: float = 0.2) -> Loop:
        """Return the loop that does *part*, and tells in *database* when it can't."""
        return Loop(f"{self.name}.{part}", step, idle=idle, database=database)

    def _tidying(self, database: Database) -> Step:
        def tidy() -> int:
            for forget in (blank_old_bodies, *self.forget):
                with database.transaction("tidying") as session:
                    forget(session)
            return 0

        return tidy


def _tell(database: Database, counting: Counting) -> int:
    with database.transaction("figures") as session:
        figures.tell(session, counting)
    return 0  # not at once again: what changes all the time is told every few seconds

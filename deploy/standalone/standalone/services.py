"""The services under this roof: how each is made, what it reacts to, what it does by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click
from flask import Flask
from sqlalchemy.orm import Session

import membership.app
import membership.cli
import notifications.app
import notifications.cli
import registration.app
import registration.cli
from notifications.forgetting import blank_old_deliveries
from notifications.handlers import HANDLERS
from shared.messaging import Handlers
from shared.web.idempotency import forget_old_answers
from shared.web.limits import forget_old_limits


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service, as the roof needs to know it."""

    name: str
    create_app: Callable[[Mapping[str, str]], Flask]
    command: click.Group
    handlers: Handlers = field(default_factory=dict)
    forget: Sequence[Callable[[Session], object]] = ()


SERVICES = (
    Service(
        name="membership",
        create_app=membership.app.create_app,
        command=membership.cli.main,
    ),
    Service(
        name="registration",
        create_app=registration.app.create_app,
        command=registration.cli.main,
        forget=(forget_old_answers, forget_old_limits),
    ),
    Service(
        name="notifications",
        create_app=notifications.app.create_app,
        command=notifications.cli.main,
        handlers=HANDLERS,
        forget=(blank_old_deliveries,),
    ),
)

"""Who asks to register: counted against the limits, then handed to the command as a person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from registration.commands import Person
from registration.config import RegistrationSettings
from shared.addresses import address_key
from shared.web import settings
from shared.web.limits import Window, by_address, by_network, hit

_WHAT = "registrations"


def admit(session: Session, values: Mapping[str, Any]) -> Person:
    """Return the person who sent *values*, as loaded by `PersonSchema`, now counted.

    Raises shared.web.limits.TooManyRequests when their network or this address asks too often.
    """
    stated = settings(RegistrationSettings)
    person = Person(**values, address_key=address_key(stated.address_key, values["email"]))
    network, address = by_network(_WHAT), by_address(_WHAT, person.address_key)
    hourly, daily = stated.registrations_per_network_hour, stated.registrations_per_address_day
    hit(
        session,
        Window(bucket=network, limit=hourly, per=timedelta(hours=1)),
        Window(bucket=address, limit=daily, per=timedelta(days=1)),
    )
    return person

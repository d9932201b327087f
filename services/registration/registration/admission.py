"""Who asks to register: counted against the limits, then handed to the command as a person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from registration.commands import Person
from registration.config import RegistrationSettings
from shared.addresses import address_key
from shared.web import limits, settings, transaction

_WHAT = "registrations"


def admit(values: Mapping[str, Any]) -> Person:
    """Return the person who sent *values*, as loaded by `PersonSchema`.

    Raises shared.web.limits.TooManyRequests when their network or this address asks too often.
    """
    stated = settings(RegistrationSettings)
    person = Person(**values, address_key=address_key(stated.address_key, values["email"]))
    network, address = limits.by_network(_WHAT), limits.by_address(_WHAT, person.address_key)
    with transaction("limit", durable=False) as session:
        hourly = stated.registrations_per_network_hour
        limits.hit(session, network, limit=hourly, per=timedelta(hours=1))
        daily = stated.registrations_per_address_day
        limits.hit(session, address, limit=daily, per=timedelta(days=1))
    return person

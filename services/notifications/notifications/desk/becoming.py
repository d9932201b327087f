"""What became of the mails of the last days: how many, in each state and on each day."""

from collections import Counter
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from notifications.models import Delivery, DeliveryState
from shared.clock import LONDON
from shared.db import now
from shared.staff.figures import first_of
from shared.web.plots import Bar, bars, last_days

States = Counter[DeliveryState]
# What each number of a bar counts.
OUTCOMES = {
    "Handed over or arrived": (DeliveryState.ACCEPTED, DeliveryState.DELIVERED),
    "Waiting": (DeliveryState.DUE, DeliveryState.SENDING),
    "Not to be sent": (DeliveryState.SKIPPED,),
    "Failed": (
        DeliveryState.REJECTED,
        DeliveryState.UNKNOWN,
        DeliveryState.BOUNCED,
        DeliveryState.DROPPED,
    ),
}


def by_day(session: Session) -> dict[date, States]:
    """Return the states of the mails made on each of the last UK days, the oldest day first."""
    days = last_days(now(session).astimezone(LONDON).date())
    # The newest first: an id tells when it was made.
    day = case(*((Delivery.id >= first_of(day), place) for place, day in _backwards(days)))
    counted = (
        select(day, Delivery.state, func.count())
        .where(Delivery.id >= first_of(days[0]))
        .group_by(day, Delivery.state)
    )
    found = {day: States() for day in days}
    for place, state, number in session.execute(counted):
        found[days[place]][DeliveryState(state)] = number
    return found


def plotted(days: dict[date, States]) -> list[Bar]:
    """Return the same as bars."""
    return bars(
        {
            day: [sum(states[state] for state in among) for among in OUTCOMES.values()]
            for day, states in days.items()
        }
    )


def _backwards(days: list[date]) -> list[tuple[int, date]]:
    return list(enumerate(days))[::-1]

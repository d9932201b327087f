"""What must always hold, as sets: which change owes which event, handling, mail and place."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from itertools import pairwise
from uuid import UUID

from notifications.models import Template
from tests.support.balance import Balance, hold
from tests.support.ledgers import Event, Ledgers
from tests.support.mails import EVENTS

_STATES = {f"registration_{state}": state for state in ("confirmed", "waitlisted", "withdrawn")}
_PERMISSION = "mailing_permission_stated"
_TOLD_TO_MEMBERSHIP = {"figure_counted", "staff_acted"}  # how things stand, what staff did
_TEMPLATES = {event.type.split(".")[1]: template.value for template, event in EVENTS.items()}
_TEMPLATES[_PERMISSION] = Template.PERMISSION.value  # whether it is so, the address is asked
_STEPS = {
    ("nothing", "confirmed"),
    ("nothing", "waitlisted"),
    ("waitlisted", "confirmed"),
    ("waitlisted", "withdrawn"),
    ("confirmed", "withdrawn"),
    ("withdrawn", "confirmed"),
    ("withdrawn", "waitlisted"),
}


def check(ledgers: Ledgers, *, dead: Set[tuple[str, UUID]] = frozenset()) -> None:
    """Compare everything with everything, once nothing is left to do.

    *dead* are the events, by source and id, that could not be handled. Raises AssertionError.
    """
    assert ledgers.is_settled(), "something is left to be relayed, handled or sent"
    hold(balances(ledgers, dead))


def balances(ledgers: Ledgers, dead: Set[tuple[str, UUID]]) -> Iterator[Balance]:
    """Yield every comparison."""
    everything = ledgers.events()
    events = [event for event in everything if event.name not in _TOLD_TO_MEMBERSHIP]
    # A figure may have changed in the last moment, and not be told yet.
    unready = [each for each in everything if each not in events and not each.is_published]
    yield Balance.of(
        "published events by position",
        owed=range(1, len(everything) - len(unready) + 1),
        found=(event.position for event in everything if event.is_published),
    )
    yield from _events(ledgers, events)
    yield from _handling(ledgers, events, dead)
    yield from _mail(ledgers, events)
    yield from _places(ledgers)


def _events(ledgers: Ledgers, events: list[Event]) -> Iterator[Balance]:
    """I1: each committed change has its event, and no event is without its change."""
    rows = ledgers.registrations()
    versions = ledgers.webinar_versions() | {row.id: row.version for row in rows}
    stories = _stories(events)
    yield Balance.of(
        "events by subject and version",
        owed={(id, number) for id, last in versions.items() for number in range(1, last + 1)},
        found=((event.subject, event.version) for event in events),
    )
    yield Balance.of(
        "newest events by subject and state",
        owed={(row.id, row.state) for row in rows},
        found=((subject, story[-1]) for subject, story in stories.items()),
    )
    steps = {step for story in stories.values() for step in pairwise(["nothing", *story])}
    yield Balance("steps from state to state", _STEPS, frozenset(), Counter(steps))


def _handling(
    ledgers: Ledgers, events: list[Event], dead: Set[tuple[str, UUID]]
) -> Iterator[Balance]:
    """I2: each event is handled once by who reacts to it; I3: projections end at the newest."""
    heard = [event for event in events if event.name in _TEMPLATES]
    yield Balance.of(
        "events in the inbox by source and id",
        owed={(event.key, "done") for event in heard} | {(key, "dead") for key in dead},
        found=ledgers.inbox(),
    )
    yield Balance.of(
        "deliveries by event, template and address",
        owed={(event.key[1], _TEMPLATES[event.name], event.address_key) for event in heard},
        found=(delivery.key for delivery in ledgers.deliveries()),
    )
    yield Balance.of(
        "statements by event",
        owed={event.key for event in heard if event.name == _PERMISSION},
        found=ledgers.permissions(),
    )
    newest = {event.subject: event for event in heard if event.name in _STATES}
    yield Balance.of(
        "standings by registration, version and state",
        owed={(id, event.version, _STATES[event.name]) for id, event in newest.items()},
        found=ledgers.standings(),
    )


def _mail(ledgers: Ledgers, events: list[Event]) -> Iterator[Balance]:
    """I6: each delivery ends, accepted ones as one whole letter, others for a reason."""
    deliveries = {delivery.id: delivery for delivery in ledgers.deliveries()}
    letters = list(ledgers.letters())
    newest = {event.subject: event.version for event in events if event.name in _STATES}
    accepted = {id for id, delivery in deliveries.items() if delivery.state == "accepted"}
    overtaken = {
        id
        for id, delivery in deliveries.items()
        if delivery.state == "skipped" and delivery.version < newest[delivery.subject]
    }
    # Of what was tried and overtaken before its outcome was known, there may be a letter.
    tried = {id for id in overtaken if deliveries[id].attempts}
    yield Balance.of("deliveries ended", owed=deliveries, found=[*accepted, *overtaken])
    yield Balance(
        "whole letters",
        accepted | tried,
        accepted,
        Counter(letter.id for letter in letters if letter.is_whole),
    )
    yield Balance(
        "letters by event and address",
        {(delivery.key[0], delivery.address) for delivery in deliveries.values()},
        {(deliveries[id].key[0], deliveries[id].address) for id in accepted},
        Counter(
            (deliveries[letter.id].key[0], letter.to)
            for letter in letters
            if letter.id in deliveries
        ),
    )


def _places(ledgers: Ledgers) -> Iterator[Balance]:
    """I7: who is confirmed has a place, nobody has two, and no webinar has more than it had."""
    rows = ledgers.registrations()
    places = ledgers.places()
    yield Balance.of(
        "places by registration",
        owed={(row.webinar, row.id) for row in rows if row.state == "confirmed"},
        found=((webinar, holder) for webinar, holder in places if holder),
    )
    yield Balance.of(
        "places by webinar",
        owed=ledgers.capacities().items(),
        found=Counter(webinar for webinar, _ in places).items(),
    )
    yield Balance.of(
        "registrations by webinar and address",
        owed={(row.webinar, row.address_key) for row in rows},
        found=((row.webinar, row.address_key) for row in rows),
    )


def _stories(events: list[Event]) -> Mapping[UUID, list[str]]:
    """Return the states that each registration went through, by the events about it."""
    stories: dict[UUID, list[str]] = defaultdict(list)
    for event in events:
        if event.name in _STATES:
            stories[event.subject].append(_STATES[event.name])
    return stories

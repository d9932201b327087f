"""What services promise one another: written once, readable for ever."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from marshmallow import ValidationError

from shared.contracts import Envelope, Event, UnreadableMessage, Visibility, registry
from shared.contracts.catalogue import render
from standalone.services import SERVICES
from tests.contract.release import RELEASED

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(RELEASED.glob("*.json"))
EVENTS = [pytest.param(event, id=name) for name, event in registry.items()]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_event_ever_released_can_still_be_read(path: Path):
    envelope = Envelope.from_bytes(path.read_bytes())

    event = registry[path.stem].load(envelope.data or {})

    assert event.type == envelope.type == path.stem


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_readers_of_a_released_event_still_find_all_they_know(path: Path):
    released = json.loads(path.read_bytes())["data"]

    rewritten = registry[path.stem].load(released).dump()

    # A field that went, changed its name or its form would be missing or different here.
    assert {name: rewritten.get(name) for name in released} == released


@pytest.mark.parametrize("event", EVENTS)
def test_every_contract_is_released(event: type[Event]):
    assert RELEASED / f"{event.type}.json" in SAMPLES, "run make release"


@pytest.mark.parametrize("event", EVENTS)
def test_readers_overlook_what_they_do_not_know(event: type[Event]):
    data = json.loads((RELEASED / f"{event.type}.json").read_bytes())["data"]

    assert event.load(data | {"added_later": "x"}) == event.load(data)


@pytest.mark.parametrize("event", EVENTS)
def test_a_value_of_another_kind_is_refused(event: type[Event]):
    data = json.loads((RELEASED / f"{event.type}.json").read_bytes())["data"]
    for name in data:
        with pytest.raises(ValidationError):
            event.load(data | {name: ["of another kind"]})


def test_an_instant_without_its_zone_is_refused():
    event = registry["registration.webinar_published.v1"]
    data = json.loads((RELEASED / f"{event.type}.json").read_bytes())["data"]

    with pytest.raises(ValidationError):
        event.load(data | {"starts_at": "2026-07-02T11:00:00"})


@pytest.mark.parametrize("event", EVENTS)
def test_consumers_are_those_with_a_handler(event: type[Event]):
    handling = {service.name for service in SERVICES if event in service.handlers}

    assert handling == set(event.consumers)


@pytest.mark.parametrize("event", EVENTS)
def test_public_events_name_nobody(event: type[Event]):
    if event.visibility == Visibility.PUBLIC:
        telling = {"email", "address_key", "name", "joining_link", "access_needs", "question"}
        assert not telling & set(event.schema.fields)


def test_the_catalogue_is_fresh():
    assert (ROOT / "docs" / "events.md").read_text() == render(), "run make events"


def test_an_envelope_comes_back_as_it_went():
    envelope = Envelope.from_bytes(SAMPLES[0].read_bytes())

    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", "1"),
        ("source", ""),
        ("source", "two words"),
        ("type", "nul\0"),
        ("time", "2026-07-02T11:00:00"),
        ("subjectversion", 0),
        ("subjectversion", "1"),
        ("sequence", "1"),
        ("data", "text"),
    ],
)
def test_an_envelope_with_a_wrong_attribute_is_refused(attribute: str, value: object):
    attributes = json.loads(SAMPLES[0].read_bytes()) | {attribute: value}

    with pytest.raises(UnreadableMessage):
        Envelope.from_bytes(json.dumps(attributes).encode())


def test_attribute_names_are_those_cloudevents_allows():
    for name in json.loads(SAMPLES[0].read_bytes()):
        assert name.isalnum()
        assert name.islower()
        assert len(name) <= 20


def test_event_ids_sort_by_time():
    from uuid_utils.compat import uuid7

    first, second = uuid7(), uuid7()

    assert isinstance(first, UUID)
    assert first < second

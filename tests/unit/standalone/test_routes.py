"""One address for three services: each request reaches the service that answers it."""

from pathlib import Path

import pytest

from shared.service import Service
from standalone.mailbox import MAILBOX
from standalone.routes import hidden, is_hidden, prefixes, service_of
from standalone.services import SERVICES
from tests.support.services import alone, routes_of


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "registration"),
        ("/nowhere", "registration"),
        ("/webinars", "registration"),
        ("/webinars/sleeping-better/register", "registration"),
        ("/static/membership/coproduce.css", "membership"),
        ("/static/membershipx", "registration"),
        ("/static", "registration"),
        ("*", "registration"),
        ("", "registration"),
    ],
)
def test_the_longest_prefix_wins_and_ends_at_a_slash(path: str, service: str):
    assert service_of(path, prefixes()) == service


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_what_a_service_answers_is_led_to_it_or_hidden(service: Service, tmp_path: Path):
    with alone(service, tmp_path) as app:
        rules = [rule.rule for _, rule in routes_of(app)]

    led = {rule: service_of(rule, prefixes()) for rule in rules if not is_hidden(rule)}
    assert set(led.values()) == {service.name}, led
    assert {rule for rule in rules if is_hidden(rule)} == {
        "/healthz",
        "/readyz",
        "/metrics",
        f"/internal/{service.name}/events",
    }
    assert not [rule for rule in rules if rule.startswith(MAILBOX)]


def test_every_prefix_is_of_a_service_that_there_is():
    assert set(prefixes().values()) == {service.name for service in SERVICES}


def test_nothing_is_both_public_and_hidden():
    assert [prefix for prefix in prefixes() if is_hidden(prefix)] == []
    assert not is_hidden("/healthzz")
    assert all(is_hidden(f"{prefix}/below") for prefix in hidden())

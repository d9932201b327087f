"""Who may reach what: every route of every service is listed here, and tried."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from membership.members import addresses
from membership.members.commands import prove
from membership.members.models import Member
from membership.staff import commands, queries
from notifications.recipients import recipient_of
from registration.demo import add_demo
from shared.links import LinkKeys, Links, Purpose
from shared.service import Service
from shared.staff import Role, Staff
from shared.web.staff import COOKIE, required_role
from standalone.mailbox import MAILBOX
from standalone.roof import Roof
from standalone.services import SERVICES
from tests.support.crowd import link_in
from tests.support.registering import a_person
from tests.support.services import FEED_TOKEN, a_roof, alone, routes_of
from tests.support.staff import sign_in
from tests.support.waiting import wait_for
from tests.support.web import KEY, csrf_token

SLUG = "the-importance-of-co-production"
FORM = f"/webinars/{SLUG}/register"
NOT_FOUND = "There is nothing at this address"


class Access(StrEnum):
    """Who gets an answer, all others being told nothing."""

    ANYBODY = "whoever knows the public address"
    LINK = "whoever was mailed the link to their own page"
    PORT = "whoever reaches the service's own port: operators"
    TOKEN = "the installation's services, at that port"
    SIGNED = "the mail provider, by its signature"
    DOOR = "anybody, to sign in or out"


def usual(service: str) -> dict[str, Access | Role]:
    """Return the routes that every service has."""
    return {
        "GET /healthz": Access.PORT,
        "GET /readyz": Access.PORT,
        "GET /metrics": Access.PORT,
        f"GET /internal/{service}/events": Access.TOKEN,
        f"GET /static/{service}/<path:name>": Access.ANYBODY,
    } | dict.fromkeys((f"{route}" for route in _of_the_system(service)), Role.ADMINISTRATOR)


def _of_the_system(service: str) -> Iterator[str]:
    """Yield the routes by which administrators see how a service stands."""
    for route in ("", "/letters", "/letters/<int:letter_id>", "/retry", "/discard", "/discarded"):
        yield f"GET /staff/system/{service}{route}"
    for route in ("/letters/<int:letter_id>", "/retry", "/discard"):
        yield f"POST /staff/system/{service}{route}"


ROUTES: Mapping[str, Mapping[str, Access | Role]] = {
    "membership": usual("membership")
    | {
        "GET /staff": Role.VIEWER,
        "GET /staff/account": Role.VIEWER,
        "POST /staff/account/password": Role.VIEWER,
        "GET /staff/account/second-step": Role.VIEWER,
        "POST /staff/account/second-step": Role.VIEWER,
        "POST /staff/account/second-step/off": Role.VIEWER,
        "GET /staff/audit": Role.ADMINISTRATOR,
        "GET /staff/members": Role.EDITOR,
        "POST /staff/members": Role.EDITOR,
        "GET /staff/members/<uuid:id>": Role.EDITOR,
        "GET /staff/members/<uuid:id>/address": Role.EDITOR,
        "POST /staff/members/<uuid:id>/address": Role.EDITOR,
        "POST /staff/members/<uuid:id>/groups/join": Role.EDITOR,
        "POST /staff/members/<uuid:id>/groups/leave": Role.EDITOR,
        "GET /staff/members/choices": Role.EDITOR,
        "GET /staff/members/choices/<kind>": Role.EDITOR,
        "POST /staff/members/choices/<kind>": Role.EDITOR,
        "GET /staff/members/choices/<kind>/<code>": Role.EDITOR,
        "POST /staff/members/choices/<kind>/<code>": Role.EDITOR,
        "POST /staff/members/choices/<kind>/<code>/arrange": Role.EDITOR,
        "POST /staff/members/export": Role.EDITOR,
        "GET /staff/members/groups": Role.EDITOR,
        "POST /staff/members/groups": Role.EDITOR,
        "GET /staff/members/groups/<code>": Role.EDITOR,
        "POST /staff/members/groups/<code>": Role.EDITOR,
        "GET /staff/members/groups/<code>/close": Role.EDITOR,
        "POST /staff/members/groups/<code>/close": Role.EDITOR,
        "GET /staff/members/groups/<code>/edit": Role.EDITOR,
        "POST /staff/members/groups/<code>/edit": Role.EDITOR,
        "GET /staff/renew": Access.DOOR,
        "POST /staff/renew": Access.DOOR,
        "GET /staff/set-up/<token>": Access.DOOR,
        "POST /staff/set-up/<token>": Access.DOOR,
        "GET /staff/sign-in": Access.DOOR,
        "POST /staff/sign-in": Access.DOOR,
        "GET /staff/sign-in/organisation": Access.DOOR,
        "GET /staff/sign-in/organisation/back": Access.DOOR,
        "GET /staff/sign-in/code": Access.DOOR,
        "POST /staff/sign-in/code": Access.DOOR,
        "POST /staff/sign-out": Access.DOOR,
        "GET /join": Access.ANYBODY,
        "POST /join": Access.ANYBODY,
        "GET /join/received": Access.ANYBODY,
        "GET /members/erased": Access.ANYBODY,
        "GET /addresses/<token>": Access.LINK,
        "POST /addresses/<token>": Access.LINK,
        "GET /join/<token>": Access.LINK,
        "POST /join/<token>": Access.LINK,
        "GET /members/<token>": Access.LINK,
        "GET /members/<token>/details": Access.LINK,
        "GET /members/<token>/consents/<purpose>": Access.LINK,
        "GET /members/<token>/copy": Access.LINK,
        "GET /members/<token>/copy.json": Access.LINK,
        "GET /members/<token>/leave": Access.LINK,
        "GET /members/<token>/erase": Access.LINK,
        "GET /members/<token>/address": Access.LINK,
        # In this order: each ends what those before it need.
        "POST /members/<token>/details": Access.LINK,
        "POST /members/<token>/address": Access.LINK,
        "POST /members/<token>/consents/<purpose>": Access.LINK,
        "POST /members/<token>/leave": Access.LINK,
        "POST /members/<token>/erase": Access.LINK,
    },
    "notifications": usual("notifications")
    | {
        "GET /preferences/<token>": Access.LINK,
        "POST /preferences/<token>": Access.LINK,
        "POST /preferences/<token>/off": Access.LINK,
        "GET /preferences/<token>/confirm": Access.LINK,
        "POST /preferences/<token>/confirm": Access.LINK,
        "GET /staff/deliveries": Role.VIEWER,
        "POST /staff/deliveries": Role.EDITOR,
        "GET /staff/deliveries/<uuid:id>": Role.VIEWER,
        "GET /staff/deliveries/<uuid:id>/send-again": Role.SENDER,
        "POST /staff/deliveries/<uuid:id>/send-again": Role.SENDER,
        "GET /staff/suppressions": Role.EDITOR,
        "POST /staff/suppressions": Role.EDITOR,
        "GET /staff/suppressions/<uuid:id>": Role.EDITOR,
        "POST /staff/suppressions/<uuid:id>": Role.EDITOR,
        "GET /unsubscribe/<token>": Access.LINK,
        "POST /unsubscribe/<token>": Access.LINK,
        "POST /webhooks/sendgrid/events": Access.SIGNED,
    },
    "registration": usual("registration")
    | {
        "GET /": Access.ANYBODY,
        "GET /accessibility": Access.ANYBODY,
        "GET /contact": Access.ANYBODY,
        "GET /cookies": Access.ANYBODY,
        "GET /privacy": Access.ANYBODY,
        "GET /urgent-help": Access.ANYBODY,
        "GET /webinars/<slug>": Access.ANYBODY,
        "GET /webinars/<slug>/register": Access.ANYBODY,
        "POST /webinars/<slug>/register": Access.ANYBODY,
        "GET /webinars/<slug>/registered": Access.ANYBODY,
        "GET /registrations/<token>": Access.LINK,
        "GET /registrations/<token>/withdraw": Access.LINK,
        "POST /registrations/<token>/withdraw": Access.LINK,
        "GET /staff/webinars": Role.VIEWER,
        "GET /staff/webinars/new": Role.EDITOR,
        "POST /staff/webinars/new": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>": Role.VIEWER,
        "GET /staff/webinars/<uuid:id>/edit": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/edit": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/publish": Role.VIEWER,
        "POST /staff/webinars/<uuid:id>/publish": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/cancel": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/cancel": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/delete": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/delete": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/registrations": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/registrations": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/registrations/export": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/registrations/new": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/registrations/new": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/registrations/<uuid:registration_id>": Role.EDITOR,
        "GET /staff/webinars/<uuid:id>/registrations/<uuid:registration_id>/withdraw": Role.EDITOR,
        "POST /staff/webinars/<uuid:id>/registrations/<uuid:registration_id>/withdraw": Role.EDITOR,
        "GET /v1/registration/openapi.json": Access.ANYBODY,
        "GET /v1/webinars": Access.ANYBODY,
        "GET /v1/webinars/<slug>": Access.ANYBODY,
        "POST /v1/webinars/<slug>/registrations": Access.ANYBODY,
    },
}
# Where each service shows a form to staff, whatever their role.
STAFF_FORMS = {
    "membership": "/staff/account",
    "notifications": "/staff/deliveries",
    "registration": "/staff/webinars/new",
}
# What nobody is told who has no account: where the door is, or that a link is none.
AT_THE_DOOR = {
    "GET /staff/renew": 303,
    "POST /staff/renew": 401,
    "GET /staff/set-up/<token>": 404,
    "POST /staff/set-up/<token>": 404,
    "GET /staff/sign-in": 200,
    "POST /staff/sign-in": 422,
    "GET /staff/sign-in/organisation": 404,  # it is not set up
    "GET /staff/sign-in/organisation/back": 400,
    "GET /staff/sign-in/code": 303,
    "POST /staff/sign-in/code": 303,
    "POST /staff/sign-out": 303,
}
# Under the roof, where notifications answers them.
OF_THE_MAILBOX = [f"GET {MAILBOX}{rest}" for rest in ("", "/<uuid:id>", "/<uuid:id>/html")]
NAMES = [service.name for service in SERVICES]


def an_account(roof: Roof) -> Staff:
    """Return somebody who may do everything, as if they had signed in."""
    with roof.database("membership").transaction("an account") as session:
        commands.add_account(session, email="ada@example.org", name="Ada", role=Role.ADMINISTRATOR)
        account = queries.account(session, "ada@example.org")
        assert account is not None
        return Staff(account.id, uuid4(), account.name, Role.ADMINISTRATOR)


class Site:
    """All services under one roof at its public address, with somebody registered."""

    def __init__(self, roof: Roof, mailbox: Path) -> None:
        self.front = roof.front()
        self._known = {
            "slug": SLUG,
            "name": "coproduce.css",
            "purpose": "sharing",
            "kind": "locality",
            "code": "north",
            "registration_id": str(uuid4()),
            "letter_id": "1",
        }
        self.visit("POST /v1/webinars/<slug>/registrations", email="holder@example.org")
        link = wait_for(lambda: link_in(mailbox, "holder@example.org"), what="the link by mail")
        with roof.database("notifications").transaction("a recipient") as session:
            recipient = recipient_of(session, "of the holder").id
        # Not at the same address: who is erased is so everywhere.
        self.visit("POST /join", email="member@example.org")
        with roof.database("membership").transaction("a member") as session:
            member = session.scalars(select(Member)).one()
            prove(session, member)
        self.visit("POST /join", email="mover@example.org")
        with roof.database("membership").transaction("a new address") as session:
            mover = session.scalars(select(Member).filter_by(email="mover@example.org")).one()
            prove(session, mover)
            addresses.ask(session, mover, email="moved@example.org", address_key="of the moved")
        links = Links(LinkKeys.parse(f"1:{KEY}"), "")
        self.tokens = {
            "registrations": link.rpartition("/")[2],
            "join": links.token(Purpose.JOINING, member.id, member.pending_generation),
            "members": links.token(Purpose.MEMBER, member.id, member.link_generation),
            "addresses": links.token(Purpose.ADDRESS, mover.id, 1),
            "preferences": links.token(Purpose.PREFERENCES, recipient, 0),
            "unsubscribe": links.token(Purpose.UNSUBSCRIBE, recipient, 0),
        }
        self._known["id"] = next(mailbox.glob("*.eml")).stem
        self.owner = an_account(roof)

    def visit(
        self,
        route: str,
        *,
        host: str = "localhost",
        email: str = "new@example.org",
        token: str = "",
    ) -> TestResponse:
        """Return what somebody is answered who comes for the first time, without cookies."""
        method, rule = route.split()
        browser = Client(self.front)
        known = self._known | {"token": token}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], rule)
        ask = partial(browser.open, path, method=method, base_url=f"http://{host}", buffered=True)
        if method != "POST":
            return ask()
        typed = a_person(email=email) | {"reach": "email", "consent_record": "1"}
        if path.startswith("/v1/"):
            return ask(json=a_person(email=email))
        return ask(data=typed | {"csrf_token": csrf_token(browser, self._form(path))})

    def _form(self, path: str) -> str:
        """Return where the service that answers *path* has a form: each knows its own alone."""
        if path.startswith("/preferences"):
            return f"/preferences/{self.tokens['preferences']}"
        if path.startswith("/staff"):
            return "/staff/sign-in"
        return "/join" if path.startswith(("/addresses", "/join", "/members")) else FORM

    def work(self, name: str, route: str, staff: Staff | None, app: Flask) -> TestResponse:
        """Return what a member of *staff* is answered by service *name*, whose form they had."""
        method, rule = route.split()
        browser = Client(self.front)
        sign_in(browser, self.owner, app)
        form = STAFF_FORMS.get(name) or self._form("/preferences")
        token = csrf_token(browser, form) if method == "POST" else ""
        if staff is None:
            browser.delete_cookie(COOKIE)
        else:
            sign_in(browser, staff, app)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self._known[found[1]], rule)
        return browser.open(path, method=method, data={"csrf_token": token})


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(scope="module")
def roof(directory: Path) -> Iterator[Roof]:
    with a_roof(directory) as roof:
        with roof.database("registration").transaction("demo") as session:
            add_demo(session)
        yield roof


@pytest.fixture(scope="module")
def site(roof: Roof, directory: Path) -> Site:
    return Site(roof, directory / "mailbox")


def at_its_port(name: str, directory: Path) -> AbstractContextManager[Flask]:
    """Return the service as it answers at its own port, with the database it has under the roof."""
    (service,) = (service for service in SERVICES if service.name == name)
    return alone(service, directory)


def routes(access: Access | Role) -> list[tuple[str, str]]:
    """Return the service and the route of all that *access* may reach."""
    return [
        (name, route) for name in NAMES for route in ROUTES[name] if ROUTES[name][route] == access
    ]


def listed(app: Flask) -> set[str]:
    return {f"{method} {rule.rule}" for method, rule in routes_of(app)}


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_every_route_of_a_service_is_listed(service: Service, tmp_path: Path):
    with alone(service, tmp_path) as app:
        assert listed(app) == set(ROUTES[service.name])


def test_under_the_roof_there_is_the_mailbox_besides_and_no_feed(roof: Roof):
    under = set[str]().union(*map(listed, roof.applications.values()))
    apart = {route for routes in ROUTES.values() for route in routes}

    assert under - apart == set(OF_THE_MAILBOX)
    assert apart - under == {route for _, route in routes(Access.TOKEN)}


@pytest.mark.parametrize(("name", "route"), routes(Access.ANYBODY))
def test_anybody_gets_what_is_for_anybody(site: Site, name: str, route: str):
    expected = {
        "POST /join": 303,
        "POST /webinars/<slug>/register": 303,
        "POST /v1/webinars/<slug>/registrations": 202,
    }

    assert site.visit(route).status_code == expected.get(route, 200)


@pytest.mark.parametrize(("name", "route"), routes(Access.LINK))
def test_a_person_s_own_pages_open_by_their_link_alone(site: Site, name: str, route: str):
    forged = Links(LinkKeys.parse(f"1:{'cd' * 32}"), "").token(Purpose.REGISTRATION, uuid4(), 1)

    own = site.tokens[route.split("/")[1]]
    others = set(site.tokens.values()) - {own}

    for token in (forged, *others, own[:-1], "x", "%00"):
        refused = site.visit(route, token=token)
        assert refused.status_code == 404
        assert not re.search("(holder|member|moved)@", refused.text)

    changes = "POST" in route and route != "POST /unsubscribe/<token>"
    assert site.visit(route, token=own).status_code == (303 if changes else 200)


@pytest.mark.parametrize(("name", "route"), routes(Access.SIGNED))
def test_what_is_not_signed_is_refused(site: Site, name: str, route: str):
    assert site.visit(route).status_code == 401


@pytest.mark.parametrize("route", OF_THE_MAILBOX)
def test_the_mailbox_is_for_who_sits_at_the_machine(site: Site, roof: Roof, route: str):
    assert site.visit(route).status_code == 200
    assert site.visit(route, host="127.0.0.1:8000").status_code == 200
    refused = site.visit(route, host="elsewhere.example.org")
    assert (refused.status_code, NOT_FOUND in refused.text) == (404, True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(("name", "route"), routes(Access.PORT))
def test_operators_ask_at_the_service_s_own_port(
    site: Site, directory: Path, name: str, route: str, method: str
):
    path = route.split()[1]

    public = site.visit(f"{method} {path}")
    with at_its_port(name, directory) as app:
        own = app.test_client().open(path, method=method)

    assert public.status_code == 404
    assert method == "HEAD" or NOT_FOUND in public.text
    assert own.status_code == 200


@pytest.mark.parametrize(("name", "route"), routes(Access.TOKEN))
def test_services_read_each_other_s_history_by_their_token(
    site: Site, directory: Path, name: str, route: str
):
    path = route.split()[1]
    token = {"Authorization": f"Bearer {FEED_TOKEN}"}

    with at_its_port(name, directory) as app:
        own = app.test_client().get(path, headers=token)
        others = [
            app.test_client().get(path, headers=headers)
            for headers in ({}, {"Authorization": "Bearer x"})
        ]

    assert site.visit(route).status_code == 404
    assert own.status_code == 200
    for refused in others:
        assert (refused.status_code, "example.org" in refused.text) == (401, False)


@pytest.mark.parametrize(("name", "route"), routes(Access.DOOR))
def test_at_the_door_a_stranger_is_told_nothing(site: Site, name: str, route: str):
    answer = site.visit(route, token="x")

    assert answer.status_code == AT_THE_DOOR[route]
    assert "Ada" not in answer.text


@pytest.mark.parametrize(("name", "route"), [(n, r) for role in Role for n, r in routes(role)])
def test_staff_may_do_what_their_role_allows_and_nothing_else(
    site: Site, roof: Roof, name: str, route: str
):
    needed = ROUTES[name][route]
    app = roof.applications["membership"]

    stranger = site.work(name, route, None, app)
    assert stranger.status_code == (307 if "POST" in route else 303)
    assert (stranger.location or "").startswith("/staff/renew?next=")
    for role in Role:
        answer = site.work(name, route, replace(site.owner, role=role), app)
        assert (answer.status_code == 403) == (not role.allows(Role(needed)))
        assert answer.status_code in (200, 303, 403, 404, 409, 422)
        assert not (answer.location or "").startswith("/staff/renew")


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_every_route_for_staff_needs_the_role_that_is_listed(service: Service, tmp_path: Path):
    with alone(service, tmp_path) as app:
        for method, rule in routes_of(app):
            listed = ROUTES[service.name][f"{method} {rule.rule}"]
            needed = required_role(app.view_functions[rule.endpoint])
            assert needed == (listed if isinstance(listed, Role) else None), rule
            assert not rule.rule.startswith("/staff") or listed in (needed, Access.DOOR), rule

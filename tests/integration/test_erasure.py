"""Who wants to be forgotten is: in every table, message and letter of every service."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from membership.members.models import Erasure as Asked
from membership.members.models import Member
from membership.members.queries import unfinished_erasures
from notifications.erasing import Eraser
from notifications.mail import Mail, Outcome
from notifications.mail.mailbox import Mailbox
from notifications.models import (
    Delivery,
    DeliveryState,
    Erasure,
    ReceiptState,
    Suppression,
    SuppressionReason,
    Template,
)
from notifications.receipts import keep
from notifications.sender import Sender
from notifications.suppressions import suppress
from registration.models import Place, Registration, RegistrationState
from registration.planning import WebinarDetails, add_webinar
from shared.contracts import membership, registration
from shared.contracts.notifications import ErasureCompleted
from shared.db import Database, database_now, now
from shared.links import Purpose
from shared.messaging.models import ReceivedEvent, State, StoredEvent
from tests.integration.conftest import NewDatabase
from tests.support.mails import NOON, an_envelope, an_event
from tests.support.office import Office
from tests.support.whole import Whole

NAME, EMAIL = "Zebulon Planted", "zebulon.planted@example.org"
NEW_EMAIL = "zebulon.again@example.org"
MARKS = ("zebulon", "planted", "960 999", "petrified")
SLUGS = ("sleeping-better", "eating-better")
TYPED = {
    "reach": "phone",
    "phone": "01632 960 999",
    "post": "1 Planted Street",
    "access_needs": "I am petrified of cameras",
}
TICKED = {
    "backgrounds": "lived-experience",
    "interests": "reading",
    "consent_record": "1",
    "consent_sharing": "1",
    "consent_invitations": "1",
}


@pytest.fixture
def whole(new_database: NewDatabase, tmp_path: Path) -> Iterator[Whole]:
    whole = Whole(new_database, tmp_path)
    add_webinars(whole)
    yield whole
    whole.close()


def add_webinars(whole: Whole) -> None:
    with whole.databases["registration"].transaction("test") as session:
        starts_at = now(session) + timedelta(days=7)
        for slug in SLUGS:
            details = WebinarDetails(
                title=slug,
                summary="What helps.",
                expect="A talk.",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                capacity=5,
                joining_link="https://meet.example.org/secret",
            )
            add_webinar(session, details, slug=slug, by="the test")


def take_part(whole: Whole, name: str, email: str, **typed: str) -> Member:
    """Register for two webinars and join; return the member."""
    person = {"name": name, "email": email}
    asked = person | {"question": typed.get("access_needs", ""), "wants_invitations": "yes"}
    for slug in SLUGS:
        whole.send("registration", f"/webinars/{slug}/register", **asked)
    whole.send("membership", "/join", **person, **TICKED, **{"reach": "email"} | typed)
    member: Member
    (member,) = (row for row in whole.rows("membership", Member) if row.email == email)
    proof = whole.token("membership", Purpose.JOINING, member.id, member.pending_generation)
    whole.send("membership", proof)
    whole.settle()
    return member


def leave_traces(whole: Whole) -> None:
    """Let all sorts of things go wrong with mail, so that all sorts of traces are left."""
    with whole.databases["notifications"].transaction("test") as session:
        moment = database_now(session)
        found = select(Delivery).where(Delivery.address == EMAIL).order_by(Delivery.id)
        first, *others = session.scalars(found).all()
        assert len(others) >= 3
        first.state, first.reason = DeliveryState.BOUNCED, f"550 no <{EMAIL}> here"
        receipt = {
            "event_key": "a",
            "second_key": "b",
            "kind": "soft_bounce",
            "delivery_id": first.id,
            "address_key": first.address_key,
            "body": {"email": EMAIL},
            "happened_at": moment,
            "received_at": moment,
            "state": ReceiptState.DEAD,
            "due_at": moment,
            "ended_at": moment,
        }
        keep(session, [receipt])
        reason, evidence = SuppressionReason.HARD_BOUNCE, f"550 {EMAIL}"
        suppress(session, first.address_key, reason, evidence=evidence, address=EMAIL)
        lifted = {"lifted_at": moment, "lifted_because": f"{NAME} called"}
        session.execute(update(Suppression).values(lifted))
        dead = {"state": State.DEAD, "error": "KeyError", "ended_at": moment}
        confirmed = ReceivedEvent.type == registration.RegistrationConfirmed.type
        session.execute(update(ReceivedEvent).where(confirmed).values(dead))


def erase(whole: Whole, member: Member) -> None:
    own = whole.token("membership", Purpose.MEMBER, member.id, member.link_generation)
    assert whole.send("membership", f"{own}/erase") == "/members/erased"


def move(whole: Whole, member: Member) -> Member:
    """Change the address of *member*; return them as they are then."""
    own = whole.token("membership", Purpose.MEMBER, member.id, member.link_generation)
    whole.send("membership", f"{own}/address", email=NEW_EMAIL)
    proof = whole.token("membership", Purpose.ADDRESS, member.id, 1)
    whole.send("membership", proof)
    whole.settle()
    moved: Member
    (moved,) = (row for row in whole.rows("membership", Member) if row.id == member.id)
    return moved


def test_nothing_anywhere_names_who_was_erased_and_others_lose_nothing(whole: Whole):
    zebulon = take_part(whole, NAME, EMAIL, **TYPED)
    take_part(whole, "Robin", "robin@example.org")
    leave_traces(whole)
    zebulon = move(whole, zebulon)
    robins = sum("robin@" in text for _, text in whole.kept())
    places = {place.partition("/")[0] for place in whole.naming(*MARKS)}
    assert places >= {
        "mailbox",
        "membership.event.data",
        "membership.member.access_needs",
        "membership.member.email",
        "notifications.delivery.address",
        "notifications.delivery.reason",
        "notifications.inbox.body",
        "notifications.receipt.body",
        "notifications.suppression.address",
        "notifications.suppression.evidence",
        "notifications.suppression.lifted_because",
        "registration.event.data",
        "registration.registration.question",
    }

    erase(whole, zebulon)
    whole.settle()

    assert whole.naming(*MARKS) == []
    assert sum("robin@" in text for _, text in whole.kept()) == robins
    asked = whole.rows("membership", Asked)
    assert {row.service for row in asked} == {"notifications", "registration"}
    with whole.databases["membership"].reading() as session:
        assert unfinished_erasures(session) == []


def test_what_came_to_a_former_address_later_is_whoever_s_it_is_now(whole: Whole):
    zebulon = move(whole, take_part(whole, NAME, EMAIL, **TYPED))
    path = f"/webinars/{SLUGS[0]}/register"
    whole.send("registration", path, name="Robin", email=EMAIL, wants_invitations="yes")
    whole.settle()

    erase(whole, zebulon)
    whole.settle()

    assert whole.naming(NAME.lower(), NEW_EMAIL, *MARKS[2:]) == []
    places = {place.partition("/")[0] for place in whole.naming(EMAIL)}
    assert places == {"mailbox", "notifications.delivery.address"}


def test_no_file_holds_what_was_erased(tmp_path: Path):
    made: list[Database] = []

    def on_a_file() -> Database:
        made.append(Database(f"sqlite:///{tmp_path}/{uuid4().hex}.db"))
        return made[-1]

    whole = Whole(on_a_file, tmp_path)
    whole.send("membership", "/join", name=NAME, email=EMAIL, **TICKED, **TYPED)
    (member,) = whole.rows("membership", Member)
    proof = whole.token("membership", Purpose.JOINING, member.id, member.pending_generation)
    whole.send("membership", proof)
    whole.settle()

    erase(whole, member)
    whole.settle()
    whole.close()
    for database in made:
        database.dispose()

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for mark in MARKS:
        assert [path for path in files if mark.encode() in path.read_bytes().lower()] == []


def test_places_are_free_again_and_the_address_may_come_back(whole: Whole):
    erase(whole, take_part(whole, NAME, EMAIL))
    whole.settle()
    assert {row.state for row in whole.rows("registration", Registration)} == {
        RegistrationState.WITHDRAWN
    }
    assert {row.registration_id for row in whole.rows("registration", Place)} == {None}

    again = take_part(whole, "Zeb", EMAIL)

    assert again.name == ""  # as it was before the button
    mails = {row.template for row in whole.rows("notifications", Delivery) if row.address}
    assert mails >= {Template.CONFIRMED, Template.WELCOME}
    letters = [path.read_text() for path in whole.mailbox.iterdir()]
    assert len(letters) >= 4


def test_what_comes_late_about_who_was_erased_has_no_effect(whole: Whole):
    zebulon = take_part(whole, NAME, EMAIL)
    registrations = whole.rows("registration", Registration)
    erase(whole, zebulon)
    whole.settle()
    late = an_event(Template.CONFIRMED, name=NAME, email=EMAIL)
    welcome = an_event(Template.WELCOME, name=NAME, email=EMAIL)

    whole.hear(
        "notifications",
        an_envelope(late, subject=registrations[0].id),
        an_envelope(welcome, subject=zebulon.id, version=9),
    )
    whole.settle()

    assert whole.naming("zebulon", EMAIL) == []


class Interrupted(Mailbox):
    """A mailbox that is slow: while a letter is on its way to it, its person is erased."""

    def __init__(self, directory: Path, office: Office, envelopes: Sequence[object]) -> None:
        super().__init__(directory)
        self._office, self._envelopes = office, envelopes

    def send(self, mails: Sequence[Mail]) -> list[Outcome]:
        for envelope in self._envelopes:
            self._office.handle(envelope)  # type: ignore[arg-type]
        assert Eraser(self._office.database, self.destroy).run_once() == 0
        return super().send(mails)


def test_a_letter_that_was_being_written_is_destroyed_before_it_is_said_to_be_done(
    office: Office, tmp_path: Path
):
    member, subject = uuid4(), uuid4()
    office.hear(Template.CONFIRMED, subject=subject, name=NAME, email=EMAIL)
    key = office.rows(Delivery)[0].address_key
    moment = office.rows(Delivery)[0].created_at
    asked = membership.ErasureRequested(address_key=key, subjects=[member], requested_at=moment)
    done = registration.ErasureCompleted(
        member_id=member, address_key=key, subjects=[subject], requested_at=moment
    )
    envelopes = [an_envelope(asked, subject=member), an_envelope(done, subject=uuid4())]
    mailbox = Interrupted(tmp_path / "mailbox", office, envelopes)

    Sender(office.database, mailbox, office.renderer).run_once()

    assert [path.suffix for path in mailbox_files(tmp_path)] == [".eml"]
    assert completed(office) == []
    assert Eraser(office.database, mailbox.destroy).run_once() == 2
    assert mailbox_files(tmp_path) == []
    assert completed(office) == [member]


@pytest.mark.parametrize("first", ["membership", "registration"])
def test_it_is_said_once_both_have_spoken_in_whichever_order(
    office: Office, tmp_path: Path, first: str
):
    member = uuid4()
    asked = membership.ErasureRequested(address_key="k", subjects=[member], requested_at=NOON)
    done = registration.ErasureCompleted(
        member_id=member, address_key="k", subjects=[], requested_at=NOON
    )
    envelopes = [an_envelope(asked, subject=member), an_envelope(done, subject=uuid4())]
    eraser = Eraser(office.database, Mailbox(tmp_path / "mailbox").destroy)

    for envelope in envelopes if first == "membership" else reversed(envelopes):
        assert eraser.run_once() == 0
        assert completed(office) == []
        office.handle(envelope)

    assert eraser.run_once() == 1
    assert eraser.run_once() == 0
    assert completed(office) == [member]
    assert len(office.rows(Erasure)) == 1


def mailbox_files(directory: Path) -> list[Path]:
    return sorted((directory / "mailbox").iterdir())


def completed(office: Office) -> list[UUID]:
    """Return of whom it was said that they are forgotten."""
    events = (row for row in office.rows(StoredEvent) if row.type == ErasureCompleted.type)
    return [UUID(event.data["member_id"]) for event in events if event.data]

"""One installation at one address, in which everything has happened that pages can show."""

import re
from itertools import count
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from membership.members import groups
from membership.members.choices import retire
from membership.members.demo import add_demo as add_choices
from membership.members.models import ChoiceKind, Member, MemberState
from membership.staff import commands, passwords, queries
from notifications.mail.mailbox import Mailbox
from notifications.models import Delivery, DeliveryState, Recipient, SuppressionReason
from notifications.suppressions import suppress
from registration import planning
from registration.demo import add_demo as add_webinars
from registration.models import Webinar
from registration.planning import details_of
from shared.db import Database
from shared.links import Purpose
from shared.messaging import accept, dead
from shared.messaging.dead import Which
from shared.messaging.models import ReceivedEvent
from shared.staff import Role
from shared.web import house_of
from standalone.mailbox import MAILBOX, mailbox_pages
from standalone.routes import Dispatcher, prefixes
from tests.support.joining import an_applicant
from tests.support.registering import a_person
from tests.support.reporting import Reporter
from tests.support.whole import Whole

HERE = "http://localhost"
OPEN = "the-importance-of-co-production"
FULL = "crisis-care-designed-together"
PASSWORD = "correct horse battery"
CAREFUL = "careful"  # who has a second step, and the secret of its app
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_KEPT = passwords.hashed(PASSWORD)  # it takes its time
_LINK = re.compile(rf"{HERE}(/[\w/-]+)")


class Place:
    """The services without processes, and their staff: one of each role, nothing else as yet."""

    def __init__(self, directory: Path) -> None:
        number = count()
        self.provider = Reporter()
        self._whole = Whole(
            lambda: Database(f"sqlite:///{directory}/{next(number)}.sqlite3"),
            directory,
            SENDGRID_WEBHOOK_KEYS=self.provider.verification_key,
        )
        self.apps, self.databases = self._whole.apps, self._whole.databases
        self._letters = Mailbox(self._whole.mailbox)
        self.apps["notifications"].register_blueprint(mailbox_pages(self._letters))
        self.prefixes = prefixes() | {MAILBOX: "notifications"}
        self.front = Dispatcher(self.apps, self.prefixes)
        self.invitation = self._employ()

    def _employ(self) -> str:
        """Return the token of who has not set up their account yet."""
        with self.databases["membership"].transaction("test") as session:
            for name in [*Role, CAREFUL]:
                self._add_account(session, name)
            email = address_of("new")
            return commands.add_account(session, email=email, name="New", role=Role.VIEWER)

    def _add_account(self, session: Session, name: str) -> None:
        role = Role.VIEWER if name == CAREFUL else Role(name)
        email = address_of(name)
        commands.add_account(session, email=email, name=name.title(), role=role)
        account = queries.account(session, email)
        assert account is not None
        commands.choose_password(session, account, _KEPT)
        if name == CAREFUL:
            key = house_of(self.apps["membership"]).settings.address_key
            commands.turn_on_second_step(
                session, account, secret=SECRET, key=key, by=commands.OPERATOR
            )

    def own_pages(self) -> list[str]:
        """Return the paths of all own pages, as they are mailed to people."""
        letters = [self._letters.read(heading.id) for heading in self._letters.headings()]
        return [path for letter in letters for path in _LINK.findall(letter.text)]

    def path_mailed(self, to: str, beginning: str) -> str:
        """Return the path that was last mailed *to* somebody and has this *beginning*."""
        for heading in self._letters.headings():
            if heading.to == to:
                for path in _LINK.findall(self._letters.read(heading.id).text):
                    if path.startswith(beginning):
                        return str(path)
        raise LookupError(f"{beginning} for {to}")

    def close(self) -> None:
        """Close every connection."""
        self._whole.close()


class Town(Place):
    """The same with webinars in every state, people in every state, and mail of every kind."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._plan()
        self._register()
        self._join()
        self._trouble()

    def own_pages(self) -> list[str]:
        """Return those, and what stands only in mail to many."""
        with self.databases["notifications"].reading() as session:
            reader = session.scalars(select(Recipient).limit(1)).one()
        of_many = [
            self._whole.token("notifications", purpose, reader.id, reader.link_generation)
            for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)
        ]
        return [*super().own_pages(), *of_many]

    def _plan(self) -> None:
        with self.databases["registration"].transaction("test") as session:
            add_webinars(session)
            example = session.scalars(select(Webinar).where(Webinar.slug == OPEN)).one()
            details = details_of(example)
            planning.draft(session, details)
            off = planning.add_webinar(session, details, slug="called-off", by="Sam")
            planning.cancel(session, off, message="We are ill.", version=off.version, by="Sam")

    def _register(self) -> None:
        for name, slug in (("jo", OPEN), ("robin", FULL), ("gone", OPEN)):
            typed = a_person(name, question="Why?", access_needs="Captions")
            typed["wants_invitations"] = "yes"
            self._whole.send("registration", f"/webinars/{slug}/register", **typed)
        self._whole.settle()
        own = self.path_mailed("gone@example.org", "/registrations/")
        self._whole.send("registration", f"{own}/withdraw")

    def _join(self) -> None:
        with self.databases["membership"].transaction("test") as session:
            add_choices(session)
        for name in ("ash", "sky", "kit", "eve"):
            self._whole.send("membership", "/join", **an_applicant(name))
        self._whole.settle()
        for name in ("ash", "sky", "kit"):  # so that one never proved their address
            self._whole.send("membership", self.path_mailed(f"{name}@example.org", "/join/"))
        self._whole.settle()
        for name, act in (("sky", "leave"), ("kit", "erase")):
            own = self.path_mailed(f"{name}@example.org", "/members/")
            self._whole.send("membership", f"{own}/{act}")
        own = self.path_mailed("ash@example.org", "/members/")
        self._whole.send("membership", f"{own}/address", email="ash.new@example.org")
        self._whole.settle()
        self._group()

    def _group(self) -> None:
        with self.databases["membership"].transaction("test") as session:
            retire(session, ChoiceKind.LOCALITY, "north")
            group, ended = (
                groups.start(session, name=name, about="To try it.") for name in ("Beds", "Ended")
            )
            groups.start(session, name="Another", about="To try it.")
            members = session.scalars(select(Member).where(Member.state == MemberState.JOINED))
            for member in members.all():
                groups.join(session, group, member)
            groups.close(session, ended)

    def _trouble(self) -> None:
        with self.databases["notifications"].transaction("test") as session:
            ids = session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
            for id, state in zip(ids, DeliveryState, strict=False):
                session.execute(update(Delivery).where(Delivery.id == id).values(state=state))
            for number, reason in enumerate(SuppressionReason):
                address = f"no-{number}@example.org"
                suppress(session, f"{number:064}", reason, evidence="550", address=address)
        for database in self.databases.values():
            with database.transaction("test") as session:
                accept(session, [b"not ours", b"nor is this"])
                of_two = select(func.max(ReceivedEvent.id))
                which = Which(id=session.scalars(of_two).one())
                dead.discard(session, which, reason="Not ours")


def address_of(name: str) -> str:
    """Return the address by which the member of staff called *name* signs in."""
    return f"{name}@example.org"

"""Staff find the mail of a person that may not have gone, learn why, and put it right."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from notifications.models import Delivery, DeliveryState, SuppressionReason
from notifications.sender import NO_ANSWER
from notifications.suppressions import suppress
from shared.db import Database, database_now
from tests.support.standalone import Standalone
from tests.support.standalone_staff import signed_in
from tests.support.visitor import Visitor

numbers = count(1)


@pytest.fixture(params=[320, 1280])
def sender(
    chromium: Browser, system: Standalone, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """Somebody of the staff who has signed in, and may send."""
    email, width = f"sender-{next(numbers)}@example.org", request.param
    visitor = signed_in(chromium, system, email, width=width, scripts=True, role="sender")
    yield visitor
    visitor.leaves()


def goes_wrong(system: Standalone, address: str) -> None:
    """Let nobody know whether the mail to *address* was sent, which came back before."""
    database = Database(f"sqlite:///{system.var}/notifications.sqlite3")
    with database.transaction("test") as session:
        mail = session.scalars(select(Delivery).where(Delivery.address == address)).one()
        mail.state, mail.reason = DeliveryState.UNKNOWN, NO_ANSWER
        mail.ended_at = database_now(session)
        suppress(
            session,
            mail.address_key,
            SuppressionReason.HARD_BOUNCE,
            evidence="no such user",
            address=address,
        )
    database.dispose()


def registers(visitor: Visitor, address: str) -> None:
    visitor.goes_to("/webinars/the-importance-of-co-production/register")
    visitor.types("Your name", "Zoë Example")
    visitor.types("Your email address", address)
    visitor.presses("Register")
    visitor.reads_mail(address, "You have a place")


def finds(sender: Visitor, address: str) -> None:
    sender.goes_to("/staff")
    sender.follows("Mail")
    sender.types("Find mail to a person", address)
    sender.presses("Search")
    sender.follows("Confirmation of a place")


def test_a_mail_nobody_can_tell_of_is_found_and_sent_again(sender: Visitor, system: Standalone):
    address = f"lost-{next(numbers)}@example.org"
    registers(sender, address)
    goes_wrong(system, address)

    finds(sender, address)
    sender.sees("We do not know whether it was sent")
    sender.sees("You have a place: The importance of co-production")
    sender.follows("No such address")
    sender.presses("Write to this address again")
    sender.sees("There is a problem")
    sender.jumps("Enter why they may be written to again")
    sender.types("Why may they be written to again?", "They phoned: it works again.")
    sender.presses("Write to this address again")
    sender.sees("We write to this address again")

    finds(sender, address)
    sender.presses("Send again")
    sender.sees("They may get it twice")
    sender.presses("Send it again")
    sender.sees("Sent again by somebody of the staff")

    sender.goes_to("/staff/deliveries")
    sender.follows("Addresses that we do not write to")
    sender.follows("Written to again")
    assert sender.page.locator("main").get_by_text(address).count() == 1

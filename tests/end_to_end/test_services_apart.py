"""The same story where each service is processes of its own, on PostgreSQL and RabbitMQ."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from notifications.mail.mailbox import Letter, Mailbox
from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.postgresql import PostgreSQL
from tests.support.rabbitmq import RabbitMQ
from tests.support.visitor import OWN_LINK, Visitor
from tests.support.waiting import wait_for

TITLE = "The importance of co-production"


@pytest.fixture(scope="module")
def installation(
    postgresql: PostgreSQL, rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    directory = tmp_path_factory.mktemp("installation")
    installation = Installation(directory, postgresql, Broker(rabbitmq))
    installation.prepare()
    installation.run("registration", "demo")
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="module")
def mailbox(installation: Installation) -> Mailbox:
    return Mailbox(installation.mailbox)


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_a_person_registers_reads_the_mail_and_withdraws(
    chromium: Browser, installation: Installation, mailbox: Mailbox, width: int, scripts: bool
):
    visitor = Visitor(chromium, installation.base_url, width=width, scripts=scripts)
    address = f"visitor-{width}@example.org"

    visitor.goes_to("/")
    visitor.follows(TITLE)
    visitor.presses("Register")
    visitor.types("Your name", "Zoë Example")
    visitor.types("Your email address", address)
    visitor.types("Your question for the panel (optional)", "Who decides?\nAnd when?")
    visitor.presses("Register")
    visitor.sees("Thank you, we have your registration")

    text = letter(mailbox, address, f"You have a place: {TITLE}").text
    link = OWN_LINK.search(text.replace("\n", ""))
    assert link is not None
    visitor.goes_to(link[0])
    visitor.sees("You have a place")
    visitor.sees("Who decides? And when?")
    visitor.presses("Give up my place")
    visitor.presses("Give up my place")
    visitor.sees("You are not registered")

    assert letter(mailbox, address, f"You have withdrawn from: {TITLE}").html
    visitor.leaves()


def test_an_operator_stops_every_process_and_none_complains(installation: Installation):
    ends = installation.shut_down()

    assert ends == dict.fromkeys(installation.processes, 0)
    assert installation.complaints() == []


def letter(mailbox: Mailbox, to: str, subject: str) -> Letter:
    """Return the letter to this address with this subject, once it has come."""

    def arrived() -> Letter | None:
        for heading in mailbox.headings():
            if (heading.to, heading.subject) == (to, subject):
                return mailbox.read(heading.id)
        return None

    return wait_for(arrived, seconds=60, what=f"a mail to {to}: {subject}")

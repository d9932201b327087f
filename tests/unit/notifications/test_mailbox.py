"""The mailbox: whole letters, kept once each, for their owner's eyes."""

import email
import os
import time
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.mail import Accepted, Rejected
from notifications.mail.mailbox import Heading, Mailbox, NoSuchLetter
from notifications.mail.mime import compose
from tests.support.writing import MOMENT, a_mail

# What a subject, cleaned of line breaks, may hold.
PRINTABLE = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S"]), min_size=1)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "var" / "mailbox")


def test_a_mail_is_kept_as_a_whole_message(tmp_path: Path, mailbox: Mailbox):
    mail = a_mail()
    assert mailbox.send([mail]) == [Accepted()]

    (path,) = (tmp_path / "var" / "mailbox").iterdir()
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=default)
    assert path.name == f"{mail.id}.eml"
    assert not message.defects
    assert dict(message.items()) == {
        "From": "Example Minds <webinars@example.org>",
        "To": "jo@example.org",
        "Subject": "You have a place: Sleeping better",
        "Date": "Thu, 07 Jul 2022 11:00:00 +0000",
        "Message-ID": f"<{mail.id}@example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.splitlines())) <= 998


def test_a_letter_can_be_read_again(mailbox: Mailbox):
    mail = a_mail()
    mailbox.send([mail])

    letter = mailbox.read(mail.id)
    assert (letter.text, letter.html.strip()) == (mail.text, mail.html)
    assert (letter.sender, letter.to) == ("Example Minds <webinars@example.org>", mail.address)
    assert (letter.id, letter.subject, letter.date) == (mail.id, mail.subject, MOMENT)


def test_handing_a_mail_over_again_replaces_it_by_itself(mailbox: Mailbox):
    mail = a_mail()
    mailbox.send([mail])
    mailbox.send([mail])

    assert len(list(mailbox.headings())) == 1


def test_letters_are_listed_newest_first(mailbox: Mailbox):
    first, second = (a_mail(id=UUID(int=number), subject=f"Number {number}") for number in (1, 2))
    mailbox.send([second, first])

    assert list(mailbox.headings()) == [
        Heading(id=second.id, to="jo@example.org", subject="Number 2", date=MOMENT),
        Heading(id=first.id, to="jo@example.org", subject="Number 1", date=MOMENT),
    ]


def test_a_letter_that_is_not_there_is_named(mailbox: Mailbox):
    with pytest.raises(NoSuchLetter, match=str(UUID(int=1))):
        mailbox.read(UUID(int=1))


def test_only_its_owner_may_look_inside(tmp_path: Path, mailbox: Mailbox):
    mailbox.send([a_mail()])
    directory = tmp_path / "var" / "mailbox"

    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Sleep\r\nBcc: everybody@example.org"},
        {"sender_name": "Minds\nBcc: everybody@example.org"},
        {"address": "jo@example.org\r\nBcc: everybody@example.org"},
        {"address": "no address"},
        {"subject": "half a character: \ud83d"},
    ],
)
def test_a_mail_that_cannot_be_composed_holds_up_no_other(mailbox: Mailbox, changes: dict):
    good = a_mail()

    refused, kept = mailbox.send([a_mail(**changes), good])

    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("could not be composed: ")
    assert "example.org" not in refused.reason
    assert kept == Accepted()
    assert [heading.id for heading in mailbox.headings()] == [good.id]


def test_a_directory_that_is_gone_takes_nothing(tmp_path: Path, mailbox: Mailbox):
    (tmp_path / "var" / "mailbox").rmdir()

    with pytest.raises(OSError, match="No such file"):
        mailbox.send([a_mail()])


def test_what_was_left_half_written_is_swept_away(tmp_path: Path):
    left = tmp_path / ".half.part"
    left.write_text("Dear J")
    long_ago = time.time() - 2 * 60 * 60
    os.utime(left, (long_ago, long_ago))

    Mailbox(tmp_path)

    assert not left.exists()


def test_a_program_that_starts_leaves_alone_what_another_is_writing(tmp_path: Path):
    written = tmp_path / ".half.part"
    written.write_text("Dear J")

    Mailbox(tmp_path)

    assert written.exists()


@given(st.lists(PRINTABLE, min_size=1).map(" ".join))
@example("x" * 2000)
@example("نور " * 60)
@example("Sleep, “better” & <more>; é — " * 20)
def test_a_subject_arrives_as_it_was(subject: str):
    message = email.message_from_bytes(compose(a_mail(subject=subject)), policy=default)

    assert message["Subject"] == subject
    assert message["To"] == "jo@example.org"
    assert message.get_body(("html",))


@given(st.lists(PRINTABLE, min_size=1).map(" ".join))
@example("Minds, Leeds & “York” – für alle; (all) @ home" * 3)
def test_the_name_of_the_organisation_arrives_as_it_was(name: str):
    message = email.message_from_bytes(compose(a_mail(sender_name=name)), policy=compat32)

    # The plain old reader: the newer one adds spaces between encoded words of a name.
    phrase, address = parseaddr(message["From"].replace("\r\n", ""))
    assert str(make_header(decode_header(phrase))) == name
    assert address == "webinars@example.org"

"""SendGrid: what it is asked, what its answers mean, and that nothing is ever said twice."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sendgrid import SendGridAPIClient
from urllib3 import HTTPResponse
from urllib3.util import Timeout

from notifications.mail import Accepted, Later, Mail, Outcome, Refused, Rejected, Unknown, Wording
from notifications.mail.handover import Handover
from notifications.mail.sendgrid import SendGrid, answers, line, request
from notifications.mail.settings import SendGridSettings
from shared.config import read
from tests.support import sendgrid as stubs
from tests.support.logs import everything_logged
from tests.support.ports import free_port
from tests.support.sendgrid import ACCEPT, Answer, Received, Request, SendGridStub
from tests.support.sendgrid_rules import violations
from tests.support.waiting import wait_for
from tests.support.writing import INVITATION, a_mail, an_invitation, invitations, substitutions

BAD = "person-123@example.org"


@pytest.fixture
def stub() -> Iterator[SendGridStub]:
    with SendGridStub() as stub:
        yield stub
    assert stub.violations == []


def mailer(
    stub: SendGridStub, *, connect: float = 20, read_within: float = 20, **changes: str
) -> SendGrid:
    settings = read(SendGridSettings, stub.environ | changes)
    return SendGrid(settings, Timeout(connect=connect, read=read_within))


def as_received(mail: Mail) -> Received:
    return Received(
        ref=mail.id,
        to=mail.address,
        sender=f"{mail.sender_name} <{mail.sender_address}>",
        category=mail.category,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
    )


def by_id(mails: Sequence[Any]) -> list[Any]:
    return sorted(mails, key=lambda mail: str(getattr(mail, "ref", None) or mail.id))


def received(stub: SendGridStub) -> list[Received]:
    return [mail for request in stub.requests for mail in request.mails]


# ------------------------------------------------------------------------- what is asked


def test_a_mail_by_itself_is_asked_for_as_it_was_written(stub: SendGridStub):
    mail = a_mail()

    assert mailer(stub).send([mail]) == [Accepted()]
    assert received(stub) == [as_received(mail)]
    assert stub.accepted == Counter([mail.id])
    (person,) = stub.requests[0].document["personalizations"]
    assert person.keys() == {"to", "headers", "custom_args"}


def test_mails_that_share_their_wording_share_requests(stub: SendGridStub):
    mails = invitations(1100)

    assert mailer(stub).send(mails) == [Accepted()] * 1100
    assert sorted(len(request.refs) for request in stub.requests) == [100, 500, 500]
    assert by_id(received(stub)) == by_id([as_received(mail) for mail in mails])
    assert stub.accepted == Counter(mail.id for mail in mails)


def test_mails_that_only_look_alike_do_not_share_a_request(stub: SendGridStub):
    again = Wording(subject=INVITATION.subject, text=INVITATION.text, html=INVITATION.html)
    mails = [
        an_invitation("a@example.org"),
        an_invitation("b@example.org", wording=again),
        an_invitation("c@example.org", sender_name="Other Minds"),
        an_invitation("d@example.org", category="other"),
        a_mail(),
        a_mail(),
    ]
    mailer(stub).send(mails)

    assert [len(request.refs) for request in stub.requests] == [1] * 6


def test_no_address_is_twice_in_a_request(stub: SendGridStub):
    mails = [an_invitation(to) for to in ("jo@example.org", "Jo@Example.org", "sam@example.org")]

    assert mailer(stub).send(mails) == [Accepted()] * 3
    assert sorted(len(request.refs) for request in stub.requests) == [1, 2]


def test_who_has_too_much_to_be_filled_in_gets_a_mail_by_itself(stub: SendGridStub):
    link = "https://coproduce.example.org/" + "x" * 6000
    mails = [
        *invitations(2),
        an_invitation("x@example.org", substitutions=substitutions("X", link)),
    ]

    assert mailer(stub).send(mails) == [Accepted()] * 3
    assert sorted(len(request.refs) for request in stub.requests) == [1, 2]
    assert by_id(received(stub)) == by_id([as_received(mail) for mail in mails])


PEOPLE = st.sampled_from(["jo", "JO", "sam", "Sam", "o'neil"]).map("{}@example.org".format)
GREETINGS = st.one_of(st.text(max_size=30), st.sampled_from(["é" * 1200, "x" * 9_000]))
INVITED = st.builds(
    lambda to, greeting, wording: an_invitation(
        to,
        wording=wording,
        substitutions=substitutions(f"Dear {greeting}", "https://x.example.org"),
    ),
    PEOPLE,
    GREETINGS.filter(lambda text: "[k-" not in text),
    st.sampled_from(
        [INVITATION, Wording(subject="[k-name]", text="[k-link]", html="[k-name-html]")]
    ),
)


@given(
    st.lists(st.one_of(INVITED, st.builds(a_mail, address=PEOPLE)), max_size=30),
    st.integers(0, 600),
)
@settings(deadline=None, max_examples=30)
def test_every_mail_is_in_exactly_one_sound_request(mails: list[Mail], many: int):
    mails += invitations(many)
    bodies = [request.body(batch) for batch in request.batches(mails)]

    assert [wrong for body in bodies for wrong in violations(body)] == []
    asked = [mail for body in bodies for mail in Request(json.loads(body)).mails]
    assert by_id(asked) == by_id([as_received(mail) for mail in mails])
    assert not [mail for mail in asked if "[k-" in mail.subject + mail.text + mail.html]


# ----------------------------------------------------------------- what the answers mean


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(status=200, accepts=True), Accepted()),
        (Answer(status=400, errors=(("subject", "None."),)), Rejected("400 subject: None.")),
        (Answer(status=413), Rejected("413")),
        (Answer(status=415, errors=((None, "No."),)), Rejected("415 No.")),
        (stubs.UNAVAILABLE, Later(30)),
        (stubs.too_many(), Later(30)),
        (stubs.FAIL, Unknown()),
        (stubs.ACCEPT_THEN_FAIL, Unknown()),
        (Answer(status=502), Unknown()),
        (Answer(status=504), Unknown()),
        (Answer(status=204), Unknown()),
    ],
)  # fmt: skip
def test_an_answer_decides_what_becomes_of_a_mail(
    stub: SendGridStub, answer: Answer, outcome: Outcome
):
    stub.answer_first(answer)

    assert mailer(stub).send([a_mail()]) == [outcome]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (stubs.UNAUTHORISED, "SENDGRID_API_KEY: SendGrid refuses the key (401 The provided"),
        (stubs.FORBIDDEN, "MAIL_FROM: SendGrid does not let us send from this address (403 from:"),
        (Answer(status=404), "SENDGRID_HOST: no SendGrid answers there (404)."),
        (Answer(status=302, headers={"Location": "https://example.org"}), "SENDGRID_HOST: "),
    ],
)
def test_what_an_operator_must_put_right_is_named(stub: SendGridStub, answer: Answer, names: str):
    stub.behaviour = lambda _request: answer
    mails = [a_mail() for _ in range(100)]
    outcomes = mailer(stub).send(mails)

    assert {type(outcome) for outcome in outcomes} == {Refused}
    assert {outcome.remedy.startswith(names) for outcome in outcomes} == {True}  # type: ignore[union-attr]
    assert len(stub.requests) <= line.THREADS, "having been refused, it asked again"


def an_answer(status: int = 429, body: bytes = b"", **headers: str) -> HTTPResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPResponse(body, named, status)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        (lambda: str(int(time.time()) + 100), (80, 100)),
        (lambda: str(int(time.time()) - 100), (1, 1)),
        (lambda: str(int(time.time()) + 10_000), (300, 300)),
        (lambda: "0", (1, 1)),
        (lambda: "soon", (30, 30)),
        (lambda: "", (30, 30)),
        (lambda: "1e9", (30, 30)),
        (lambda: "9" * 5000, (30, 30)),
    ],
)
def test_it_waits_until_it_may_ask_again_but_never_for_ever(
    reset: Callable[[], str], seconds: tuple[float, float]
):
    outcome = answers.outcome(an_answer(X_RateLimit_Reset=reset()), a_mail())

    assert isinstance(outcome, Later)
    assert seconds[0] <= outcome.seconds <= seconds[1]


def test_once_there_are_too_many_no_more_are_posted(stub: SendGridStub):
    stub.behaviour = lambda _request: stubs.too_many(X_RateLimit_Reset="1")
    outcomes = mailer(stub).send([a_mail() for _ in range(100)])

    assert outcomes == [Later(1)] * 100
    assert len(stub.requests) <= line.THREADS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"errors": [{"field": "to", "message": "jo@example.org?"}]}', "400 to: [address]?"),
        (b'{"errors": [{"field": null, "message": "No user JO"}]}', "400 No user [address]"),
        (b'{"errors": [{"message": "a\\nb"}, {"field": "x", "message": "c"}]}', "400 a b; x: c"),
        (b'{"errors": [{"message": "a joke"}]}', "400 a joke"),
        (b'{"errors": ["no"]}', "400"),
        (b'{"errors": "no"}', "400"),
        (b'["errors"]', "400"),
        (b"<html>", "400"),
        (b"\xff", "400"),
        (b"", "400"),
    ],
)  # fmt: skip
def test_the_reason_names_field_and_message_but_no_address(body: bytes, reason: str):
    assert answers.outcome(an_answer(400, body), a_mail()) == Rejected(reason)


@pytest.mark.parametrize("status", [400, 413])
def test_only_the_bad_one_of_five_hundred_is_rejected(stub: SendGridStub, status: int):
    stub.behaviour = refusing_with(status, BAD)
    mails = invitations(500)
    outcomes = mailer(stub).send(mails)

    (bad,) = [mail for mail in mails if mail.address == BAD]
    rejected = outcomes[mails.index(bad)]
    assert isinstance(rejected, Rejected)
    assert (
        rejected.reason
        == f"{status} personalizations.0.to.0.email: Does not contain a valid address."
    )
    assert Counter(outcomes) == {Accepted(): 499, rejected: 1}
    assert stub.accepted == Counter(mail.id for mail in mails if mail != bad)
    assert len(stub.requests) <= 2 * 9 + 1  # 2 ** 9 > 500


def refusing_with(status: int, *addresses: str) -> stubs.Behaviour:
    refuse = stubs.refusing(*addresses)

    def behave(request: Request) -> Answer:
        answer = refuse(request)
        return answer if answer is ACCEPT else Answer(status=status, errors=answer.errors)

    return behave


def test_when_all_are_bad_all_are_rejected(stub: SendGridStub):
    mails = invitations(5)
    stub.behaviour = stubs.refusing(*(mail.address for mail in mails))
    outcomes = mailer(stub).send(mails)

    assert [type(outcome) for outcome in outcomes] == [Rejected] * 5
    assert not stub.accepted


def test_halving_stops_when_the_answers_stop(stub: SendGridStub):
    mails = invitations(4)
    stub.answer_first(Answer(status=400), ACCEPT, stubs.ACCEPT_THEN_RESET)
    outcomes = mailer(stub).send(mails)

    assert outcomes == [Accepted(), Accepted(), Unknown(), Unknown()]
    assert stub.accepted == Counter(mail.id for mail in mails)


def test_a_mail_that_cannot_be_composed_holds_up_no_other(stub: SendGridStub):
    # The package refuses to build what begins with a key, and JSON has no word for bytes.
    bad = an_invitation("x@example.org", headers={"List-Id": b"not text"})
    mails = [*invitations(2), bad, a_mail(text="SG.abc.def"), a_mail()]
    outcomes = mailer(stub).send(mails)

    assert [type(outcome) for outcome in outcomes] == [
        Accepted,
        Accepted,
        Rejected,
        Rejected,
        Accepted,
    ]
    assert str(outcomes[2]).startswith("Rejected(reason='could not be composed: TypeError at json")


# ------------------------------------------------------------------- when no answer comes


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        (stubs.ACCEPT_THEN_RESET, 1),
        (stubs.ACCEPT_THEN_HANG, 1),
        (stubs.RESET, 0),
        (stubs.HANG, 0),
    ],
)
def test_without_an_answer_nobody_knows(stub: SendGridStub, answer: Answer, accepted: int):
    stub.answer_first(answer)
    mails = [a_mail()]

    assert mailer(stub, read_within=0.5).send(mails) == [Unknown()]
    assert stub.accepted.total() == accepted
    assert len(stub.requests) == 1


def test_no_more_are_unknown_than_were_under_way(stub: SendGridStub):
    stub.behaviour = lambda _request: stubs.ACCEPT_THEN_HANG
    mails = [a_mail() for _ in range(100)]
    outcomes = Counter(mailer(stub, read_within=0.5).send(mails))

    assert stub.accepted.total() <= outcomes[Unknown()] <= line.THREADS
    assert outcomes[Later()] == 100 - outcomes[Unknown()]


def test_a_provider_that_is_not_there_has_taken_nothing(stub: SendGridStub):
    nobody = mailer(stub, SENDGRID_HOST=f"http://127.0.0.1:{free_port()}")
    nowhere = mailer(stub, SENDGRID_HOST="https://sendgrid.invalid")

    assert nobody.send([a_mail(), a_mail()]) == [Later()] * 2
    assert nowhere.send([a_mail()]) == [Later()]


def test_a_provider_that_cannot_prove_who_it_is_gets_nothing(stub: SendGridStub):
    unsafe = mailer(stub, SENDGRID_HOST=stub.url.replace("http:", "https:"))

    assert unsafe.send([a_mail()]) == [Later()]
    assert not stub.requests


def test_a_handshake_that_never_ends_has_taken_nothing(stub: SendGridStub):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"https://127.0.0.1:{silent.getsockname()[1]}"

        assert mailer(stub, connect=0.3, SENDGRID_HOST=host).send([a_mail()]) == [Later()]


def test_what_was_not_written_to_its_end_was_not_taken(stub: SendGridStub):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        hangs_up = threading.Thread(target=lambda: server.accept()[0].close())
        hangs_up.start()
        large = a_mail(html="x" * 20_000_000)  # more than any buffer on the way holds
        outcomes = mailer(stub, SENDGRID_HOST=f"http://127.0.0.1:{port}").send([large])
        hangs_up.join()

    assert outcomes == [Later()]


def test_a_large_request_may_take_longer_than_connecting_may(stub: SendGridStub):
    large = a_mail(html="x" * 20_000_000)  # more than any buffer on the way holds
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        reads = threading.Thread(target=read_slowly, args=(server,))
        reads.start()
        sends = mailer(stub, connect=0.5, SENDGRID_HOST=host)
        outcomes = [*sends.send([a_mail()]), *sends.send([large])]
        reads.join()

    assert outcomes == [Accepted()] * 2


def read_slowly(server: socket.socket) -> None:
    """Take two requests on one connection, the second after a while."""
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as reader:
        for pause in (0.0, 1.5):
            threading.Event().wait(pause)
            length = 0
            while line := reader.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split()[1])
            reader.read(length)
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


def test_nothing_is_begun_when_time_is_up():
    handover = Handover(60)
    handover.stop(Refused("Do this."))

    assert Handover(60).stopped is None
    assert Handover(-1).stopped == Later()
    assert handover.stopped == Refused("Do this.")


# ------------------------------------------------------------------------- connections


def test_a_connection_is_used_again(stub: SendGridStub):
    sends = mailer(stub)

    for _ in range(5):
        assert sends.send([a_mail()]) == [Accepted()]
    assert stub.connections < 5  # one, unless this machine halts for seconds


def test_several_requests_are_under_way_at_a_time(stub: SendGridStub):
    together = threading.Barrier(line.THREADS, timeout=60)

    def behave(_request: Request) -> Answer:
        together.wait()
        return ACCEPT

    stub.behaviour = behave
    mails = [a_mail() for _ in range(line.THREADS)]
    assert mailer(stub).send(mails) == [Accepted()] * line.THREADS
    assert stub.connections >= line.THREADS


def test_a_connection_that_was_closed_while_it_rested_is_not_used(stub: SendGridStub):
    sends = mailer(stub)
    sends.send([a_mail()])
    stub.hang_up()
    wait_for(lambda: not stub.open_connections, what="the connection to be closed")

    assert sends.send([a_mail()]) == [Accepted()]
    assert stub.connections == 2


def test_a_connection_that_has_rested_long_is_not_used(
    stub: SendGridStub, monkeypatch: pytest.MonkeyPatch
):
    sends = mailer(stub)
    sends.send([a_mail()])
    monkeypatch.setattr(line, "LONGEST_REST", 0.0)

    assert sends.send([a_mail()]) == [Accepted()]
    assert stub.connections == 2


# ------------------------------------------------------------------------------ secrecy


def test_no_log_tells_key_address_or_words(stub: SendGridStub):
    mail = a_mail(text="Dear Zoë,\n\nwe remember.\n")
    every = [
        *(ACCEPT, stubs.FAIL, stubs.UNAVAILABLE, stubs.UNAUTHORISED, stubs.FORBIDDEN, stubs.HANG),
        *(stubs.RESET, stubs.too_many(), Answer(status=400, errors=(("to", mail.address),))),
    ]
    stub.answer_first(*every)
    with everything_logged() as logged:
        sends = mailer(stub, read_within=0.5)
        for _ in every:
            sends.send([mail])
        sends.send([*invitations(3), a_mail(text="SG.abc.def")])
        mailer(stub, SENDGRID_HOST=f"http://127.0.0.1:{free_port()}").send([mail])

    said = logged()
    assert "Starting new HTTP connection" in said, "urllib3's own log was not looked at"
    assert "sendgrid.no_answer" in said
    for secret in (stubs.KEY, "@", "person-", "remember", "Zoë", "place"):
        assert secret not in said


def test_the_packages_own_client_would_tell_it_all():
    with SendGridStub() as stub, everything_logged() as logged:
        client = SendGridAPIClient(stubs.KEY, host=stub.url)
        client.client.mail.send.post(request_body=json.loads(request.body([a_mail()])))

    assert stubs.KEY in logged()
    assert "jo@example.org" in logged()

"""The stub SendGrid sees what SendGrid, or we, would not have."""

import json
from typing import Any

import pytest

from notifications.mail.sendgrid import SendGrid, request
from notifications.mail.settings import SendGridSettings
from shared.config import read
from tests.support.sendgrid import SendGridStub
from tests.support.sendgrid_rules import violations
from tests.support.writing import a_mail, invitations

SOUND = json.loads(request.body(invitations(2)))
PERSON = SOUND["personalizations"][0]


def a_person(**changes: Any) -> dict[str, Any]:
    return {"personalizations": [PERSON | changes]}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"from": {"name": "Minds"}}, "from.email: "),
        ({"subject": ""}, "subject: "),
        ({"content": SOUND["content"][::-1]}, "content: "),
        ({"content": [{"type": "text/plain", "value": ""}, SOUND["content"][1]]}, "content: "),
        ({"categories": ["é"]}, "categories: "),
        ({"tracking_settings": {}}, "tracking_settings: "),
        ({"template_id": "d-1"}, "template_id: "),
        ({"personalizations": []}, "personalizations: "),
        ({"personalizations": [PERSON, PERSON]}, "personalizations: "),
        (a_person(to=[{"email": "a@example.org", "name": "A"}]), "personalizations.0.to: "),
        (a_person(cc=[]), "personalizations.0.cc: "),
        (a_person(headers={"Reply-To": "x"}), "personalizations.0.headers: "),
        (a_person(headers={"List-Id": "é"}), "personalizations.0.headers: "),
        (a_person(custom_args={"name": "Jo"}), "personalizations.0.custom_args: "),
        (a_person(substitutions={"k": 1}), "personalizations.0.substitutions: "),
        (a_person(substitutions={"k": "é" * 5000}), "personalizations.0.substitutions: "),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], complaint: str):
    assert violations(json.dumps(SOUND).encode()) == []

    (wrong,) = violations(json.dumps(SOUND | changes).encode())
    assert wrong.startswith(complaint)


def test_what_is_too_large_or_no_json_is_named():
    assert violations(b"{") == ["body: Not JSON."]
    assert violations(json.dumps(SOUND).encode() + b" " * 30 * 1024 * 1024) == [
        "body: 30 MB or more."
    ]


def test_what_was_accepted_twice_is_counted_twice():
    with SendGridStub() as stub:
        mail = a_mail()
        sends = SendGrid(read(SendGridSettings, stub.environ))
        sends.send([mail])
        sends.send([mail])

        assert stub.accepted == {mail.id: 2}


def test_a_key_that_is_not_ours_is_a_violation():
    with SendGridStub() as stub:
        stranger = stub.environ | {"SENDGRID_API_KEY": "SG.another"}
        SendGrid(read(SendGridSettings, stranger)).send([a_mail()])

        assert stub.violations == ["Authorization: Not our key."]
        assert not stub.accepted

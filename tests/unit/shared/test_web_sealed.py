"""A sealed value comes back for a while, to this service only, and nobody reads it meanwhile."""

import base64
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, session

from shared.web.sealed import TooMuchToSeal, seal, unseal
from tests.support.web import Clock, an_app

RECEIPT = {"name": "Zoë", "email": "zoe@example.org", "full": False}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    with an_app(tmp_path, clock) as app, app.app_context():
        yield app


@pytest.mark.usefixtures("app")
def test_what_was_sealed_comes_back() -> None:
    assert unseal(seal(RECEIPT, 600)) == RECEIPT


@pytest.mark.usefixtures("app")
def test_a_seal_tells_nothing() -> None:
    token = seal(RECEIPT, 600)

    assert b"example" not in base64.urlsafe_b64decode(token)
    assert seal(RECEIPT, 600) != token


@pytest.mark.usefixtures("app")
def test_a_seal_ends_with_its_time(clock: Clock) -> None:
    token = seal(RECEIPT, 600)
    clock.pass_by(seconds=599)
    assert unseal(token) == RECEIPT
    clock.pass_by(seconds=1)

    assert unseal(token) is None


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("token", ["", "nonsense", "é", "gAAAAA" + "A" * 94])
def test_what_is_no_seal_opens_nothing(token: str) -> None:
    assert unseal(token) is None


@pytest.mark.usefixtures("app")
def test_a_changed_seal_opens_nothing() -> None:
    token = seal(RECEIPT, 600)

    assert unseal(token[:-10] + "AAAAAAAAA=") is None


@pytest.mark.usefixtures("app")
def test_another_key_opens_nothing(tmp_path: Path) -> None:
    token = seal(RECEIPT, 600)
    with an_app(tmp_path, SECRET_KEY="cd" * 32) as other, other.app_context():
        assert unseal(token) is None


def test_the_longest_seal_fits_into_a_cookie_and_no_longer_one_is_made(app: Flask) -> None:
    noise = random.Random(7).randbytes(3000).hex()
    with pytest.raises(TooMuchToSeal):
        seal({"text": noise}, 600)
    longest = 0
    while True:
        try:
            token = seal({"text": noise[: longest + 16]}, 600)
        except TooMuchToSeal:
            break
        longest += 16

    @app.get("/keep")
    def keep() -> str:
        session["receipt"] = token
        session["csrf_token"] = "a" * 40
        return "kept"

    assert longest > 2000
    assert len(app.test_client().get("/keep").headers["Set-Cookie"]) < 4096

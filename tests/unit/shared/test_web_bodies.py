"""What can't be read or is too large is refused in plain words, before it does any harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.web import an_app, csrf_token

FORM = "application/x-www-form-urlencoded"


class Hose:
    """A body that counts what is read of it."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        self.taken += size
        return b"a" * size


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        yield app


@pytest.fixture
def client(app: Flask):
    return app.test_client()


@pytest.mark.parametrize("path", ["/form", "/v1/form"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_huge_body_is_refused_unread(client, path: str, kind: str) -> None:
    hose = Hose(10_000_000)
    environ = {"wsgi.input": hose, "CONTENT_LENGTH": "10000000"}
    answer = client.post(path, content_type=kind, environ_overrides=environ)

    assert answer.status_code == 413
    assert hose.taken == 0


def test_a_huge_body_of_unknown_length_is_given_up_early(client) -> None:
    hose = Hose(10_000_000)
    environ = {"wsgi.input": hose, "wsgi.input_terminated": True}
    chunked = {"Transfer-Encoding": "chunked"}
    answer = client.post("/form", content_type=FORM, environ_overrides=environ, headers=chunked)

    assert answer.status_code == 413
    assert 0 < hose.taken <= 128 * 1024


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
def test_a_form_of_very_many_fields_is_refused(client, kind: str) -> None:
    answer = client.post(
        "/form", data={f"field{number}": "a" for number in range(101)}, content_type=kind
    )

    assert answer.status_code == 413
    assert "What you sent is too large" in answer.text


@pytest.mark.parametrize("name", [b"%FF", b"%ED%A0%80", b"\xff", b"%C3"])
def test_a_form_that_is_not_utf8_is_refused(client, name: bytes) -> None:
    token = csrf_token(client).encode()
    body = b"csrf_token=" + token + b"&name=" + name
    answer = client.post("/form", data=body, content_type=FORM)

    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.parametrize("named", ["", '; name=""', '; filename="a.txt"'])
def test_a_part_of_a_form_without_a_name_is_refused(client, named: str) -> None:
    body = f"--x\r\nContent-Disposition: form-data{named}\r\n\r\nJo\r\n--x--\r\n"
    answer = client.post("/form", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.parametrize("path", ["/people/%00", "/people/a%0Ab", "/people/%1f", "/people/%C2%85"])
def test_addresses_with_control_characters_lead_nowhere(client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=a%0d%0ab", "%00=a", "q=%FF"])
def test_searches_with_control_characters_are_refused(client, query: str) -> None:
    assert client.get(f"/form?{query}").status_code == 400


def test_names_of_all_scripts_are_welcome(client) -> None:
    name = "Zoë O'Neill 🌻 נועה अनु"
    token = csrf_token(client)

    assert client.post("/form", data={"csrf_token": token, "name": name}).text == name
    assert client.get("/form", query_string={"q": name}).status_code == 200

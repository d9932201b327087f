"""What browsers are told, and what their cookie holds."""

import re
from pathlib import Path

import pytest

from tests.support.web import an_app

HTTPS = "https://coproduce.example.org"


def test_only_our_own_files_and_the_script_with_the_nonce_may_run(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        answers = [app.test_client().get("/nowhere") for _ in range(2)]

    policies = [answer.headers["Content-Security-Policy"] for answer in answers]
    nonces = [re.findall("'nonce-([^']+)'", policy)[0] for policy in policies]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0]}"' in answers[0].text
    assert policies[0].startswith("default-src 'none'; script-src 'self' 'nonce-")
    for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policies[0]
    assert "unsafe" not in policies[0]


def test_pages_are_not_kept_and_files_with_their_hash_are(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        client = app.test_client()
        page = client.get("/nowhere")
        stylesheet = re.findall('href="(/static/sample/[^"]+css[^"]+)"', page.text)[0]
        file = client.get(stylesheet)
        file.close()

    assert page.headers["Cache-Control"] == "no-store"
    assert file.status_code == 200
    assert "immutable" in file.headers["Cache-Control"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/v1/nowhere"])
def test_every_answer_carries_the_headers(tmp_path: Path, path: str) -> None:
    with an_app(tmp_path) as app:
        headers = app.test_client().get(path).headers

    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_encryption_is_insisted_on_where_there_is_any(tmp_path: Path) -> None:
    with an_app(tmp_path, BASE_URL=HTTPS) as app:
        assert "max-age=" in app.test_client().get("/").headers["Strict-Transport-Security"]


def test_the_cookie_is_for_this_service_and_this_site_only(tmp_path: Path) -> None:
    with an_app(tmp_path, BASE_URL=HTTPS) as app:
        cookie = app.test_client().get("/form", base_url=HTTPS).headers["Set-Cookie"]

    assert cookie.startswith("sample_session=")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Expires" not in cookie
    assert "Domain" not in cookie


def test_the_cookie_is_set_once(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        client = app.test_client()
        first, second = client.get("/form"), client.get("/form")

    assert "Secure" not in first.headers["Set-Cookie"]
    assert "Set-Cookie" not in second.headers


def test_a_view_may_have_headers_of_its_own(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        headers = app.test_client().get("/calendar.ics").headers

    assert headers.getlist("Cache-Control") == ["max-age=60"]
    assert headers.getlist("Content-Security-Policy") == ["sandbox"]
    assert headers["Referrer-Policy"] == "same-origin"

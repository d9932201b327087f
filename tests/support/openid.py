"""A provider of OpenID Connect: a real server that signs, checks PKCE, and forgets used codes."""

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import urllib3
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask, redirect, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "coproduce of example.org", "a secret: with signs/"


@dataclass
class Provider:
    """An organisation's provider, which knows one person; *claims* are what it says of them."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing: RSAKey | None = None  # another key than the one it tells of
    grants: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        """Return the settings by which membership finds it."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_ROLES": "everybody=viewer,web=editor,it=administrator",
        }

    def app(self) -> Flask:
        """Return what it serves."""
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/.well-known/openid-configuration", view_func=self.describe)
        app.add_url_rule("/authorize", view_func=self.authorize)
        app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        app.add_url_rule("/keys", view_func=self.keys)
        return app

    def describe(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorize(self) -> Any:
        """Grant a code to whoever comes, as if they had signed in here."""
        asked = request.args.to_dict()
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.grants)}"
        self.grants[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return redirect(f"{asked['redirect_uri']}?{back}", 303)

    def token(self) -> Any:
        """Exchange a code for a token, once, for who was granted it."""
        form = request.form
        grant = self.grants.pop(form["code"], None)
        stated = f"{quote_plus(CLIENT)}:{quote_plus(SECRET)}".encode()
        assert request.headers["Authorization"] == f"Basic {base64.b64encode(stated).decode()}"
        if (
            grant is None
            or create_s256_code_challenge(form["code_verifier"]) != grant["code_challenge"]
            or form["redirect_uri"] != grant["redirect_uri"]
        ):
            return {"error": "invalid_grant"}, 400
        said = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "nonce": grant["nonce"],
            "email": "robin@example.org",
            "email_verified": True,
            "name": "Robin Example",
            "groups": ["web", "choir"],
        } | self.claims
        header = {"alg": "RS256", "kid": "1"}
        return {
            "access_token": "x",
            "token_type": "Bearer",
            "id_token": jwt.encode(header, said, self.signing or self.key),
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Yield a provider that is served at a port of this machine."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def sent_back(browser: FlaskClient, next: str = "") -> str:
    """Go to the provider from *browser*; return the path at which it sends the browser back."""
    leaving = browser.get(f"/staff/sign-in/organisation?next={next}")
    assert leaving.status_code == 303
    http = urllib3.PoolManager()
    answer = http.request("GET", str(leaving.location), redirect=False)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"

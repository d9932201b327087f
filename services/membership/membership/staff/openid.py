"""OpenID Connect: who somebody is, told by the provider of their organisation.

The code flow with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9700).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlencode

import urllib3
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from urllib3.util import Timeout, make_headers

from membership.staff.settings import OpenIdSettings

_TIMEOUT = Timeout(connect=5, read=10)
_ALGORITHMS = ["RS256", "PS256", "ES256"]  # never one whose key is no secret, or none
_LONGEST_NAME = 100
_LEEWAY = 60  # seconds that clocks may differ


class ProviderAway(Exception):
    """The provider does not answer as it should; the message says how."""


class NotProven(Exception):
    """What came back proves nobody's identity; the message says why."""


@dataclass(frozen=True)
class Errand:
    """What is remembered of somebody who was sent to the provider."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Errand":
        """Return one that nobody can guess."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider knows them."""

    email: str
    name: str
    groups: Sequence[str]


class Provider:
    """The provider of one organisation."""

    def __init__(self, settings: OpenIdSettings, redirect_uri: str) -> None:
        """Speak with the provider of *settings*, who sends people back to *redirect_uri*."""
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._http = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def address(self, errand: Errand) -> str:
        """Return where to send the browser. Raises ProviderAway."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email profile",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": create_s256_code_challenge(errand.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._metadata()['authorization_endpoint']}?{urlencode(asked)}"

    def identity(self, code: str, errand: Errand, moment: datetime) -> Identity:
        """Return whom the provider vouches for by *code*. Raises ProviderAway and NotProven."""
        metadata = self._metadata()
        told = self._exchange(metadata["token_endpoint"], code, errand)
        keys: Any = self._ask("GET", metadata["jwks_uri"])
        try:
            known = KeySet.import_key_set(keys)
            token = jwt.decode(told["id_token"], known, algorithms=_ALGORITHMS)
            claims = self._claims(token, told, errand)
            claims.validate(now=int(moment.timestamp()), leeway=_LEEWAY)
        except (JoseError, KeyError, ValueError) as error:
            raise NotProven(str(error)) from error
        return _identity(claims)

    def _exchange(self, endpoint: str, code: str, errand: Errand) -> Mapping[str, Any]:
        # RFC 6749 §2.3.1: id and secret are encoded as in a form before they are put together.
        id, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        return self._ask(
            "POST",
            endpoint,
            fields={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._redirect_uri,
                "code_verifier": errand.verifier,
            },
            encode_multipart=False,
            headers=make_headers(basic_auth=f"{quote_plus(id)}:{quote_plus(secret)}"),
        )

    def _claims(self, token: jwt.Token, told: Mapping[str, Any], errand: Errand) -> CodeIDToken:
        client = self._settings.oidc_client_id
        return CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self._settings.oidc_issuer},
                "aud": {"essential": True, "value": client},
            },
            params={
                "nonce": errand.nonce,
                "client_id": client,
                "access_token": told.get("access_token"),
            },
        )

    def _metadata(self) -> Mapping[str, Any]:
        issuer = self._settings.oidc_issuer
        found = self._ask("GET", f"{issuer}/.well-known/openid-configuration")
        if str(found.get("issuer")).rstrip("/") != issuer:
            raise ProviderAway("OIDC_ISSUER: the provider calls itself otherwise.")
        return found

    def _ask(self, method: str, url: str, **how: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, url, **how)
            told = answer.json()
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise ProviderAway(f"OIDC_ISSUER: {type(error).__name__}") from error
        if answer.status == 400 and isinstance(told, dict):
            raise NotProven(str(told.get("error")))
        if answer.status != 200 or not isinstance(told, dict):
            raise ProviderAway(f"OIDC_ISSUER: it answers {answer.status}")
        return told


def _identity(claims: Mapping[str, Any]) -> Identity:
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is False:
        raise NotProven("no address that the provider has verified")
    groups = claims.get("groups")
    stated = groups if isinstance(groups, list) else []
    return Identity(
        email=email,
        name=str(claims.get("name") or email)[:_LONGEST_NAME],
        groups=[group for group in stated if isinstance(group, str)],
    )

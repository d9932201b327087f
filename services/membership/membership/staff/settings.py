"""Signing in by way of one's organisation, where it is set up: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields

from shared.config import ConfigurationError, setting
from shared.staff import Role

_NEEDED = ("oidc_client_id", "oidc_client_secret", "oidc_roles")
_OWN_MACHINE = ("127.0.0.1", "localhost")


class Issuer(fields.String):
    """The address of a provider; open lines are for this machine alone."""

    default_error_messages = {"invalid": "Not an https address."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        parts = urlsplit(str(value))
        if not (parts.scheme == "https" or parts.hostname in _OWN_MACHINE):
            raise self.make_error("invalid")
        return str(value).rstrip("/")


class Roles(fields.Field[Mapping[str, Role]]):
    """Which role a group's members have: "web-editors=editor,it=administrator"."""

    default_error_messages = {"invalid": "Not a list of groups and roles."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Mapping[str, Role]:
        pairs = [part.strip().rpartition("=") for part in str(value).split(",")]
        if not all(group and role in list(Role) for group, _, role in pairs):
            raise self.make_error("invalid")
        return {group: Role(role) for group, _, role in pairs}


@dataclass(frozen=True, kw_only=True)
class OpenIdSettings:
    """Where staff may sign in besides, and what they may do then."""

    oidc_issuer: str = setting(
        Issuer(load_default=""), "Set it to the issuer that your provider states, or to nothing"
    )
    oidc_client_id: str = setting(
        fields.String(load_default=""), "Set it to the id that the provider gave this installation"
    )
    oidc_client_secret: str = setting(
        fields.String(load_default=""), "Set it to the secret that goes with it", secret=True
    )
    oidc_roles: Mapping[str, Role] = setting(
        Roles(load_default={}),
        "Set it to groups and their roles: web-editors=editor,it=administrator",
    )

    def require_whole(self) -> None:
        """Raise ConfigurationError when a provider is named and something it needs is not."""
        lacking = [name.upper() for name in _NEEDED if not getattr(self, name)]
        if self.oidc_issuer and lacking:
            raise ConfigurationError(
                [f"{name}: Missing. OIDC_ISSUER needs it." for name in lacking]
            )

"""Which application answers a path: the longest prefix of routes.toml that fits it."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ROUTES = Path(__file__).parents[2] / "routes.toml"


def prefixes() -> dict[str, str]:
    """Return the service of each prefix."""
    services: dict[str, list[str]] = _routes()["services"]
    return {prefix: service for service, owned in services.items() for prefix in owned}


def hidden() -> list[str]:
    """Return the prefixes that each service answers on its own port alone."""
    prefixes: list[str] = _routes()["hidden"]
    return prefixes


def is_hidden(path: str) -> bool:
    """Return whether nothing public leads to *path*."""
    return any(_fits(path, prefix) for prefix in hidden())


def service_of(path: str, prefixes: Mapping[str, str]) -> str:
    """Return the service that answers *path*. Raises ValueError when none does."""
    fitting = [prefix for prefix in prefixes if _fits(path, prefix)]
    return prefixes[max(fitting, key=len)]


class Dispatcher:
    """Hands each request, untouched, to the application that its path belongs to."""

    def __init__(
        self, applications: Mapping[str, WSGIApplication], prefixes: Mapping[str, str]
    ) -> None:
        self._applications = applications
        self._prefixes = prefixes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        service = service_of(environ.get("PATH_INFO") or "/", self._prefixes)
        return self._applications[service](environ, start_response)


@cache
def _routes() -> dict[str, Any]:
    return tomllib.loads(ROUTES.read_text())


def _fits(path: str, prefix: str) -> bool:
    return prefix == "/" or path == prefix or path.startswith(prefix + "/")

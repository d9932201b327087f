"""How pages look: nhsuk-frontend's components without the identity of the NHS."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, send_from_directory
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
)

from shared.clock import date_in_words, in_words, span_in_words, time_in_words
from shared.helplines import HelpLine

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
ONE_YEAR = 365 * 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Theme:
    """A stylesheet, and the colour a phone gives to the bar above the page."""

    stylesheet: str
    colour: str


THEMES = {
    "charity": Theme("coproduce.css", "#fbf8f3"),
    "nhs-organisation": Theme("nhs-organisation.css", "#005eb8"),
}


class ComponentLoader(BaseLoader):
    """Loads the NHS components, in an environment of their own.

    They read options nobody gave and expect them to be empty, so they need undefined names to be
    chainable; in our own templates that would hide typing errors. And Flask decides by the ending
    of a file's name whether to escape, which would leave theirs (.jinja) unescaped.
    """

    def __init__(self, environment: Environment) -> None:
        self.components = environment.overlay(undefined=ChainableUndefined, autoescape=True)
        self.components.loader = PackageLoader("nhsuk_frontend_jinja")

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        return self.components.get_template(name)


def install_theme(
    app: Flask,
    *,
    package: str,
    organisation: str,
    contact_email: str,
    help_lines: Sequence[HelpLine],
    theme: str,
) -> None:
    """Give *app* the layout, form macros, components, filters and static files of all services."""
    hashes = content_hashes(STATIC)

    def asset(name: str) -> str:
        return f"/static/{package}/{name}?v={hashes[name]}"

    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.loader = _loader(environment)
    environment.globals.update(
        asset=asset,
        organisation=organisation,
        contact_email=contact_email,
        help_lines=help_lines,
        theme=THEMES[theme],
    )
    for phrase in (in_words, date_in_words, time_in_words, span_in_words):
        app.add_template_filter(phrase)
    app.context_processor(_nonce)
    _serve_static(app, package, hashes)


def content_hashes(directory: Path) -> dict[str, str]:
    """Return, by path below *directory*, a hash that changes with the file's content."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {
        path.relative_to(directory).as_posix(): sha256(path.read_bytes()).hexdigest()[:16]
        for path in files
    }


def _loader(environment: Environment) -> ChoiceLoader:
    own = [environment.loader] if environment.loader else []
    return ChoiceLoader([*own, FileSystemLoader(TEMPLATES), ComponentLoader(environment)])


def _nonce() -> dict[str, str | None]:
    return {"cspNonce": g.get("csp_nonce")}


def _serve_static(app: Flask, package: str, hashes: dict[str, str]) -> None:
    def static_file(name: str) -> Response:
        # During a rolling release an old process may be asked for the new content. What it answers
        # must not be kept for a year under the new hash.
        as_asked = request.args.get("v") == hashes.get(name)
        response = send_from_directory(STATIC, name, max_age=ONE_YEAR if as_asked else None)
        response.cache_control.immutable = as_asked
        return response

    app.add_url_rule(f"/static/{package}/<path:name>", view_func=static_file)

"""The only place where membership is wired together."""

import os
from collections.abc import Mapping

from flask import Flask

from shared.config import WebSettings, read
from shared.db import Database
from shared.service import Service
from shared.web import make_app


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(WebSettings, environ)
    return make_app("membership", settings=settings, database=Database(settings.database_url))


SERVICE = Service(
    name="membership",
    about="Who belongs, and what they have agreed to.",
    settings=WebSettings,
    create_app=create_app,
)

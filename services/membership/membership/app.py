"""The only place where membership is wired together."""

import os
from collections.abc import Mapping

from flask import Flask

from shared.config import WebSettings, read
from shared.db import Database
from shared.web import make_app


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the web application. Raises shared.config.ConfigurationError."""
    settings = read(WebSettings, environ)
    return make_app("membership", settings=settings, database=Database(settings.database_url))

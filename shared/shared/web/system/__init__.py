"""/staff/system/<service>: how a service stands, and the events it could not handle."""

from flask import Flask

from shared.web.system import acting, looking, overview
from shared.web.system.blueprint import install_own, system
from shared.web.system.own import Own

# Each module adds its pages to the blueprint.
__all__ = ["Own", "acting", "install", "looking", "overview"]


def install(app: Flask, own: Own) -> None:
    """Let *app* serve the pages about itself, which say besides what is its *own* to say."""
    install_own(app, own)
    app.register_blueprint(system, url_prefix=f"/staff/system/{app.name}")

"""What every footer leads to: help now, who we are, what becomes of what is told."""

from flask import Blueprint, render_template

from shared.web import settings

information = Blueprint("information", __name__)


@information.get("/urgent-help", defaults={"name": "urgent-help"})
@information.get("/contact", defaults={"name": "contact"})
@information.get("/privacy", defaults={"name": "privacy"})
@information.get("/cookies", defaults={"name": "cookies"})
@information.get("/accessibility", defaults={"name": "accessibility"})
def page(name: str) -> str:
    """Show one of these pages, in the words of the installation's settings."""
    return render_template(f"registration/information/{name}.html", settings=settings())

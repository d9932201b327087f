"""docs/mails: a picture of every mail, as it looks in a mail program: `make mails`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from notifications.models import Template
from notifications.rendering import Renderer
from tests.support.mails import NOON, a_delivery, settings
from tests.support.needs import need

HERE = Path(__file__).parents[2] / "docs/mails"
_WIDTH = 600


def draw(chromium: Browser, directory: Path, *, scheme: str = "light", width: int = _WIDTH) -> None:
    """Put a picture of each mail into *directory*, named after its template."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        renderer = Renderer(settings(Path(made)))
    page = chromium.new_page(
        viewport={"width": width, "height": 200},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    for template in Template:
        page.set_content(renderer.render(a_delivery(template), NOON).html)
        page.screenshot(path=directory / f"{template}.png", full_page=True)
    page.close()


def main(directory: Path) -> None:
    """Draw all mails into *directory*."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(need("chromium")), args=["--no-sandbox"]
        )
        draw(chromium, directory)
        chromium.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)

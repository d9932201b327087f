"""Every mail in a real browser: by day and by night, on the smallest phone and on a desk."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from notifications.models import Template
from notifications.rendering import Renderer
from tests.support.mails import NOON, a_delivery, settings

# A mail is shown within a mail program's page, and the landmarks are that page's.
OF_THE_PAGE_AROUND = {"landmark-one-main", "region"}
LONG = "Sleepingbetterwithoutmedicineandwithoutworryingaboutit" * 3


# Every pair of them, but not every three: the width changes no colour.
@pytest.mark.parametrize(
    ("width", "scheme", "theme"),
    [
        (320, "light", "charity"),
        (600, "dark", "charity"),
        (600, "light", "nhs-organisation"),
        (320, "dark", "nhs-organisation"),
    ],
)
@pytest.mark.parametrize("template", Template)
def test_anybody_can_read_it(
    chromium: Browser, tmp_path: Path, template: Template, width: int, scheme: str, theme: str
):
    renderer = Renderer(settings(tmp_path, THEME=theme))
    mail = renderer.render(a_delivery(template, webinar_title=LONG, name="نور"), NOON)
    page = chromium.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_content(mail.html)

    found = Axe().run(page).response
    shown = page.evaluate("[document.documentElement.scrollWidth, document.body.innerText]")
    page.close()

    assert {rule["id"] for rule in found["violations"]} <= OF_THE_PAGE_AROUND
    assert [rule["id"] for rule in found["incomplete"]] == []
    assert shown[0] == width
    assert "Dear نور," in shown[1]

"""What would keep somebody out of a page, as far as a program can tell."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What WCAG 2.2 A and AA ask, and what is good practice besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A letter's frame lets no script in, so cannot answer; mails have a test of their own.
_OPTIONS = {"runOnly": RULES, "iframes": False, "resultTypes": ["violations"]}
_CHANGING = re.compile(r"[\w.-]{16,}|\d")  # secrets of forms and links, dates, numbers
_free: set[tuple[int, str]] = set()


def barriers(page: Page, width: int) -> list[str]:
    """Return what is wrong with *page*; of one found free of barriers before, it is known."""
    same = width, _CHANGING.sub("", page.content())
    if same in _free:
        return []
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    if not found:
        _free.add(same)
    return [f"{page.url}: {rule['id']} at {rule['nodes'][0]['html']}" for rule in found]

"""Somebody who visits the site with a real browser, and complains of what nobody should meet."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.barriers import barriers
from tests.support.waiting import wait_for

OWN_LINK = re.compile(r"http://[\d.:]+/registrations/[\w-]{52}")

_MOST_TABS = 100


class Visitor:
    """A person with a browser of a certain width, with or without JavaScript."""

    def __init__(self, chromium: Browser, base_url: str, *, width: int, scripts: bool) -> None:
        self.base_url = base_url
        self._width = width
        self._scripts = scripts
        self._context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts
        )
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self._hear(str(error)))

    def goes_to(self, path: str) -> None:
        """Open the page at *path*, or at a whole address."""
        self.page.goto(path if path.startswith("http") else self.base_url + path)
        self.looks()

    def follows(self, name: str) -> None:
        """Follow the first link of this name."""
        self._arrives_by(self.page.get_by_role("link", name=name).first)

    def jumps(self, name: str) -> None:
        """Follow the first link of this name, which leads to another place of the same page."""
        self.page.get_by_role("link", name=name).first.click()
        self.looks()

    def presses(self, name: str) -> None:
        """Press the button of this name."""
        self._arrives_by(self.page.get_by_role("button", name=name))

    def types(self, label: str, text: str) -> None:
        """Fill in the field of this label."""
        self.page.get_by_label(label).fill(text)

    def tabs_to(self, target: Locator) -> None:
        """Go on by the Tab key until *target* has the focus, or fail."""
        for _ in range(_MOST_TABS):
            if target.evaluate("element => element.matches(':focus')"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")

    def types_at(self, label: str, text: str) -> None:
        """Fill in the field of this label with the keyboard alone."""
        self.tabs_to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def enters(self, name: str) -> None:
        """Press the button or follow the link of this name with the keyboard alone."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        self.tabs_to(button.or_(link).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looks()

    def sees(self, text: str) -> None:
        """Find *text* in the page's own part, or fail."""
        expect(self.page.locator("main")).to_contain_text(text)

    def looks(self) -> None:
        """Note what would trouble people on this page: barriers, and text beyond the edge."""
        if not self._scripts:
            return  # the tools that look are scripts themselves; the page is the same
        page = self.page
        for barrier in barriers(page, self._width):
            self._hear(barrier)
        if page.evaluate("document.documentElement.scrollWidth") > self._width:
            self._hear(f"{page.url}: wider than {self._width} pixels")

    def reads_mail(self, to: str, subject: str) -> str:
        """Open the newest mail to this address with this subject; return its text."""
        line = self.page.locator("li").filter(has_text=f"To {to}").filter(has_text=subject)

        def arrived() -> bool:
            self.page.goto(f"{self.base_url}/mailbox")
            return line.count() > 0

        wait_for(arrived, what=f"a mail to {to}: {subject}")
        self.looks()
        self._arrives_by(line.first.get_by_role("link"))
        return self.page.locator("pre").inner_text()

    def leaves(self) -> None:
        """Close the browser. Raises AssertionError with all that was found amiss."""
        self._context.close()
        assert self.complaints == [], "\n".join(self.complaints)

    def _arrives_by(self, way: Locator) -> None:
        # A click is over before the next page is there; half a page must not be looked at.
        with self.page.expect_navigation():
            way.click()
        self.looks()

    def _hear(self, complaint: str) -> None:
        # The browser says this of every page that answers other than 200: those are ours.
        if "Failed to load resource: the server responded with a status of 4" not in complaint:
            self.complaints.append(complaint)

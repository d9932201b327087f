"""What staff do to their accounts and sessions."""

from collections.abc import Callable, Mapping
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import func, select

from membership.cli import main as command
from membership.staff import codes
from membership.staff.models import RecoveryCode, StaffAccount, StaffSession
from shared.messaging.models import StoredEvent
from shared.staff.models import EndedStaffSession, StaffAct
from tests.support.desk import EMAIL, PASSWORD, Desk
from tests.support.openid import a_provider, sent_back

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SETUP = "new@example.org"
ANOTHER = "purple tractor sunday"


class Place:
    """Membership of one installation, in one directory, with Sam, whose browser is signed in."""

    def __init__(self, directory: Path) -> None:
        self.desk = Desk(directory)
        self._kept = directory / "cookie"
        self._setup = directory / "setup"

    def prepare(self, name: str) -> None:
        """Make what the act *name* needs."""
        self.desk.ready()
        self._setup.write_text(self.desk.add(SETUP))
        browser = self.desk.signed_in()
        cookie = browser.get_cookie("membership_session")
        assert cookie is not None
        self._kept.write_text(cookie.value)
        if name == "code":
            self.desk.do(_ask_for_codes)

    def browser(self):
        """Return the browser that is signed in, or was."""
        browser = self.desk.browser()
        browser.set_cookie("membership_session", self._kept.read_text())
        browser.get("/staff/renew")
        return browser

    def enter_code(self) -> None:
        browser = self.desk.browser()
        self.desk.sign_in(browser)
        self.desk.send(browser, "/staff/sign-in/code", code=self.desk.code(SECRET))

    def renew(self) -> None:
        self.desk.clock.pass_by(minutes=5)
        self.browser()

    def set_up(self) -> None:
        path = f"/staff/set-up/{self._setup.read_text()}"
        self.desk.send(self.desk.browser(), path, password=ANOTHER)

    def change_password(self) -> None:
        path = "/staff/account/password"
        typed = {"current": PASSWORD, "password": ANOTHER}
        self.desk.send(self.browser(), path, "/staff/account", **typed)

    def turn_on(self) -> None:
        browser = self.browser()
        if not self.desk.account().totp_secret:
            self.desk.turn_on_codes(browser)

    def come_by_organisation(self) -> None:
        with a_provider() as provider:
            desk = Desk(self._kept.parent, **provider.environ())
            now = int(desk.clock().timestamp())
            provider.claims = {"iat": now, "exp": now + 300}
            browser = desk.browser()
            browser.get(sent_back(browser))

    def close(self) -> None:
        """Let go of what is open."""
        self.desk.database.dispose()

    def told(self) -> dict[str, object]:
        """Return all that matters of what is stored; secrets by whether they are there."""
        with self.desk.database.reading() as session:
            accounts = session.scalars(select(StaffAccount).order_by(StaffAccount.email)).all()
            sessions = session.scalars(select(StaffSession).order_by(StaffSession.id)).all()
            told = {
                "accounts": [
                    (bool(a.password_hash), bool(a.setup_hash), bool(a.totp_secret), a.totp_step)
                    for a in accounts
                ],
                "disabled": [bool(account.disabled_at) for account in accounts],
                "sessions": [(own.seen_at, bool(own.ended_at)) for own in sessions],
            }
            counted = (EndedStaffSession, RecoveryCode, StoredEvent, StaffAct)
            for kind in counted:
                told[kind.__name__] = session.scalar(select(func.count()).select_from(kind))
            return told


def _ask_for_codes(session, account) -> None:
    key = bytes.fromhex("ab" * 32)
    codes.turn_on(session, account, secret=SECRET, key=key)


ACTS: Mapping[str, Callable[[Place], object]] = {
    "code": Place.enter_code,
    "organisation": Place.come_by_organisation,
    "password": Place.change_password,
    "renew": Place.renew,
    "second_step": Place.turn_on,
    "set_up": Place.set_up,
    "sign_in": lambda place: place.desk.sign_in(place.desk.browser()),
    "sign_out": lambda place: place.browser().post("/staff/sign-out"),
    "staff": lambda place: CliRunner().invoke(
        command, ["staff", "disable", EMAIL], obj=place.desk.environ
    ),
}

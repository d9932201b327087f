"""A member of staff who keeps the list of members, at the console in a browser."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.staff import Role
from tests.support.joining import Club
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

HOME = "/staff/members"


class Clerk:
    """Somebody signed in to a club's pages for staff."""

    def __init__(self, club: Club, role: Role = Role.EDITOR) -> None:
        self.browser: FlaskClient = club.browser()
        self.staff = a_member_of_staff(role)
        sign_in(self.browser, self.staff, club.app)

    def sees(self, path: str = "", *, status: int = 200) -> str:
        """Return the page at *path* below /staff/members."""
        answer = self.browser.get(HOME + path)
        assert answer.status_code == status, answer.text
        return answer.text

    def posts(self, path: str, **typed: Any) -> TestResponse:
        """Send a form to *path*."""
        data = typed | {"csrf_token": csrf_token(self.browser, HOME)}
        return self.browser.post(HOME + path, data=data)

    def does(self, path: str, **typed: Any) -> str:
        """Send a form that is taken; return the path that it leads to."""
        answer = self.posts(path, **typed)
        assert answer.status_code == 303, answer.text
        return answer.location.removeprefix(HOME)

    def starts(self, name: str = "Crisis care", about: str = "We advise on crisis care.") -> str:
        """Start a group; return the path of its page."""
        return self.does("/groups", name=name, about=about)

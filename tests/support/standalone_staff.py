"""Staff of a running installation: accounts made by its own command."""

import re
import subprocess
import sys

from playwright.sync_api import Browser

from tests.support.standalone import Standalone
from tests.support.visitor import Visitor

PASSWORD = "purple tractor sunday"
_LINK = re.compile(r"http://\S+/staff/set-up/\S+")


def command(system: Standalone, *words: str) -> str:
    """Run `membership staff …` on the installation; return what it printed."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "standalone",
            "membership",
            f"--var={system.var}",
            f"--port={system.port}",
            "staff",
            *words,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def link_for(system: Standalone, email: str, *, role: str = "editor") -> str:
    """Add an account; return the link at which its owner chooses a password."""
    link = _LINK.search(command(system, "add", email, "--name", "Sam Example", "--role", role))
    assert link is not None
    return link[0]


def signed_in(
    chromium: Browser,
    system: Standalone,
    email: str,
    *,
    width: int,
    scripts: bool,
    role: str = "editor",
) -> Visitor:
    """Return somebody of the staff with a browser, who has chosen a password."""
    visitor = Visitor(chromium, system.base_url, width=width, scripts=scripts)
    visitor.goes_to(link_for(system, email, role=role))
    visitor.types("New password", PASSWORD)
    visitor.presses("Keep it and sign in")
    return visitor

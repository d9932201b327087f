"""Staff of a running installation: accounts made by its own command."""

import re
import subprocess
import sys

from tests.support.standalone import Standalone

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

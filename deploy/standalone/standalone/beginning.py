"""What a new installation is given: webinars to look at, and an account to sign in by."""

from membership.staff import commands, queries
from registration.demo import add_demo
from shared.db import Database
from shared.staff import Role
from standalone.roof import Roof

_FIRST = "staff@example.org"


def begin(roof: Roof) -> str:
    """Add what is not there yet; return the path at which the first account gets its password."""
    with roof.database("registration").transaction("demo") as session:
        add_demo(session)
    return f"/staff/set-up/{_first_account(roof.database('membership'))}"


def _first_account(database: Database) -> str:
    with database.transaction("first_account") as session:
        # There already, when a start before this one was cut off: its link was not seen.
        known = queries.account(session, _FIRST, lock=True)
        if known is not None:
            return commands.reset(session, known)
        return commands.add_account(
            session, email=_FIRST, name="First account", role=Role.ADMINISTRATOR
        )

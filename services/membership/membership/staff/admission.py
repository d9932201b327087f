"""Whether who asks is who they say: counted first, so that nobody can go on guessing."""

from datetime import timedelta
from uuid import UUID

from flask import request

from membership.staff import queries
from membership.staff.models import StaffAccount
from membership.staff.passwords import matches
from shared.addresses import address_key
from shared.web import reading, settings, transaction
from shared.web.limits import Window, by_address, by_network, hit

_WINDOW = timedelta(minutes=15)
_BY_NETWORK, _BY_ACCOUNT = 100, 10


def count_sign_in(email: str) -> None:
    """Count a try to sign in. Raises shared.web.limits.TooManyRequests."""
    key = address_key(settings().address_key, email)
    with transaction("limit", durable=False) as session:
        network, account = by_network("staff sign-in"), by_address("staff sign-in", key)
        hit(
            session,
            Window(bucket=network, limit=_BY_NETWORK, per=_WINDOW),
            Window(bucket=account, limit=_BY_ACCOUNT, per=_WINDOW),
        )


def count_network() -> None:
    """Count a try by way of an organisation. Raises shared.web.limits.TooManyRequests."""
    with transaction("limit", durable=False) as session:
        network = by_network("staff sign-in")
        hit(session, Window(bucket=network, limit=_BY_NETWORK, per=_WINDOW))


def count_proof(account_id: UUID) -> None:
    """Count a code or password of somebody who is half or wholly in. Raises TooManyRequests.

    From all networks together: who comes this far knows the password, or has the session.
    """
    with transaction("limit", durable=False) as session:
        hit(session, Window(bucket=f"staff proof:{account_id}", limit=_BY_ACCOUNT, per=_WINDOW))


def recognised(email: str, password: str) -> StaffAccount | None:
    """Return the account that may be let in by *password*; None, as slowly, for all others."""
    with reading() as session:
        account = queries.account(session, email)
    barred = account is None or account.disabled_at is not None
    kept = None if account is None or barred else account.password_hash
    return account if matches(password, kept) else None


def onward() -> str:
    """Return where to go after signing in: a page of the console, and nowhere else."""
    path = request.args.get("next", "")
    within = path == "/staff" or path.startswith(("/staff/", "/staff?"))
    return path if within else "/staff"

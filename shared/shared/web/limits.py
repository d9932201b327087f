"""How often the same network or address may ask: counted in the database, so for all processes."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask import request
from sqlalchemy import case, delete
from sqlalchemy.orm import Session

from shared.db import insert, now
from shared.web import house
from shared.web.models import rate_limit

_LONGEST = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TooManyRequests(Exception):
    """The limit is reached; `retry_after` is the number of seconds until it begins anew."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Window:
    """How often *bucket* may be counted in each time *per*, a day at most."""

    bucket: str
    limit: int
    per: timedelta

    def start(self, moment: datetime) -> datetime:
        """Return when the window began that holds *moment*: at a multiple of *per*."""
        return _EPOCH + (moment - _EPOCH) // self.per * self.per


def hit(session: Session, *windows: Window) -> None:
    """Count one more for each of *windows*. Raises TooManyRequests beyond the limit of any.

    The transaction that is left by that counts nothing. Windows are counted in the order given:
    it is the same everywhere, or two transactions may deadlock.
    """
    if any(window.per > _LONGEST for window in windows):
        raise ValueError("a window lasts a day at most")
    moment = now(session)
    rows = [{"bucket": w.bucket, "window_start": w.start(moment), "hits": 1} for w in windows]
    limits = case({w.bucket: w.limit for w in windows}, value=rate_limit.c.bucket)
    counted = session.scalars(
        insert(session, rate_limit)
        .values(rows)
        .on_conflict_do_update(
            index_elements=["bucket", "window_start"],
            set_={"hits": rate_limit.c.hits + 1},
            where=rate_limit.c.hits < limits,
        )
        .returning(rate_limit.c.bucket)
    ).all()
    for window in windows:
        if window.bucket not in counted:
            left = window.start(moment) + window.per - moment
            raise TooManyRequests(-(-left // timedelta(seconds=1)))


def by_network(what: str) -> str:
    """Return the bucket of the network this request comes from: an IPv4 address, an IPv6 /64."""
    return f"{what}:network:{_caller()}"


def by_address(what: str, address_key: str) -> str:
    """Return the bucket of an e-mail address, given its address key, for this network alone.

    In one common to all networks a stranger could count how often others have entered the
    address, and shut its owner out.
    """
    return f"{what}:address:{address_key}:network:{_caller()}"


def forget_old_limits(session: Session) -> int:
    """Delete the windows that have passed; return how many."""
    gone = delete(rate_limit).where(rate_limit.c.window_start <= now(session) - _LONGEST)
    return session.connection().execute(gone).rowcount


def _caller() -> str:
    key = house.settings().address_key
    network = _network(request.remote_addr or "")
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address  # a local socket has no network
    if not isinstance(ip, IPv6Address):
        return str(ip)
    # A household or phone gets a whole /64, and may use any address in it.
    return str(ip.ipv4_mapped or f"{IPv6Address(int(ip) >> 64 << 64)}/64")

"""How often one network may have mail sent to an address: to join, or to change a member's."""

from datetime import timedelta

from sqlalchemy.orm import Session

from membership.config import MembershipSettings
from shared.web import limits, settings


def count(database: Session, what: str, address_key: str) -> None:
    """Count one more of *what* for the address. Raises TooManyRequests."""
    stated = settings(MembershipSettings)
    network, address = limits.by_network(what), limits.by_address(what, address_key)
    hourly, daily = stated.joins_per_network_hour, stated.joins_per_address_day
    limits.hit(
        database,
        limits.Window(bucket=network, limit=hourly, per=timedelta(hours=1)),
        limits.Window(bucket=address, limit=daily, per=timedelta(days=1)),
    )

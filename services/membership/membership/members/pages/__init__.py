"""The pages of members: the way in, and what each has of their own."""

from membership.members.pages.address import address
from membership.members.pages.desk import desk
from membership.members.pages.joining import joining
from membership.members.pages.own import own

BLUEPRINTS = (joining, own, address, desk)

__all__ = ["BLUEPRINTS"]

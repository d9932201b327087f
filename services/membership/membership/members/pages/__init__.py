"""The pages of members: the way in, and what each has of their own."""

from membership.members.pages.joining import joining
from membership.members.pages.own import own

BLUEPRINTS = (joining, own)

__all__ = ["BLUEPRINTS"]

"""/staff/members: who has joined, which groups they belong to, what people may choose from."""

from membership.members.pages.desk import (
    addressing,
    belonging,
    choosing,
    exporting,
    grouping,
    groups,
    listing,
    person,
)
from membership.members.pages.desk.blueprint import desk

# Each module adds its pages to the blueprint.
__all__ = [
    "addressing",
    "belonging",
    "choosing",
    "desk",
    "exporting",
    "grouping",
    "groups",
    "listing",
    "person",
]

"""The console's pages of webinars, for staff: plan them, see who comes, help who phones."""

from registration.desk import (
    cancelling,
    discarding,
    drafting,
    editing,
    exporting,
    listing,
    overview,
    people,
    phoning,
    publishing,
    withdrawing,
)
from registration.desk.blueprint import desk

# Each module adds its pages to the blueprint.
__all__ = [
    "cancelling",
    "desk",
    "discarding",
    "drafting",
    "editing",
    "exporting",
    "listing",
    "overview",
    "people",
    "phoning",
    "publishing",
    "withdrawing",
]

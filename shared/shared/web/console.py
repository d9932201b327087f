"""The console's menu: the same on the pages of all services, each of which serves its own."""

from dataclasses import dataclass

from shared.staff import Role, Staff


@dataclass(frozen=True)
class Item:
    """A part of the console, and who may see it."""

    href: str
    text: str
    role: Role = Role.VIEWER
    below: str = ""  # what its pages' addresses begin with, where not with its own


ITEMS = (
    Item("/staff", "Home"),
    Item("/staff/webinars", "Webinars"),
    Item("/staff/members", "Members", Role.EDITOR),
    Item("/staff/deliveries", "Mail"),
    Item("/staff/audit", "Audit", Role.ADMINISTRATOR),
    Item("/staff/system/membership", "System", Role.ADMINISTRATOR, below="/staff/system"),
)


def items(staff: Staff) -> list[Item]:
    """Return what *staff* may go to, in the order shown."""
    return [item for item in ITEMS if staff.role.allows(item.role)]

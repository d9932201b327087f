"""What the console's first page shows of the figures that services told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from membership.staff.models import ToldFigure
from shared.staff import Role, Staff
from shared.web.plots import Bar, bars, last_days


@dataclass(frozen=True)
class Matter:
    """Something that somebody should look at, perhaps behind a link."""

    text: str
    href: str | None


@dataclass(frozen=True)
class _Concern:
    one: str
    many: str
    href: str = ""
    role: Role = Role.VIEWER  # who may go there
    otherwise: str = ""  # what the others are told to do

    def of(self, number: int, service: str, staff: Staff) -> Matter:
        text = (self.one if number == 1 else self.many).format(number=number, service=service)
        if not staff.role.allows(self.role):
            return Matter(text + self.otherwise, None)
        return Matter(text, self.href.format(service=service) or None)


# In the order shown: first what nobody else will put right.
_CONCERNS: Mapping[str, _Concern] = {
    "dead_letters": _Concern(
        "1 event that {service} could not handle",
        "{number} events that {service} could not handle",
        "/staff/system/{service}",
        role=Role.ADMINISTRATOR,
        otherwise=": tell whoever runs this system",
    ),
    "mails_unknown": _Concern(
        "1 mail of which nobody can tell whether it was sent",
        "{number} mails of which nobody can tell whether they were sent",
        "/staff/deliveries?state=unknown",
    ),
    "mails_failed": _Concern(
        "1 mail that could not be sent",
        "{number} mails that could not be sent",
        "/staff/deliveries?state=rejected",
    ),
    "people_waiting": _Concern(
        "1 person waits for a place at a webinar",
        "{number} people wait for a place at a webinar",
        "/staff/webinars",
    ),
    "webinars_soon": _Concern(
        "1 webinar in the next seven days",
        "{number} webinars in the next seven days",
        "/staff/webinars",
    ),
}


def matters(figures: Iterable[ToldFigure], staff: Staff) -> Sequence[Matter]:
    """Return what needs attention, with links to where *staff* may go."""
    standing = [figure for figure in figures if figure.name in _CONCERNS and figure.number]
    standing.sort(key=lambda figure: (list(_CONCERNS).index(figure.name), figure.service))
    return [_CONCERNS[each.name].of(each.number, each.service, staff) for each in standing]


def plot(figures: Iterable[ToldFigure], name: str, *, today: date) -> Sequence[Bar]:
    """Return the last fourteen days of what is called *name*, the oldest first."""
    numbers = {figure.day: figure.number for figure in figures if figure.name == name}
    return bars({day: (numbers.get(f"{day}", 0),) for day in last_days(today)})

"""What a service adds to the page that says how it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session


def _nothing(_session: Session) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Own:
    """What does not happen while a part of its worker stands still, and what else is amiss."""

    parts: Mapping[str, str] = field(default_factory=dict)
    concerns: Callable[[Session], Sequence[str]] = _nothing

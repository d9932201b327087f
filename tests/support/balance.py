"""One comparison of two sets: what should be there, and what is."""

from collections import Counter
from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Balance:
    """What was attempted, which of it was acknowledged, and how often each was found.

    What was attempted and not acknowledged may be there or not, but never twice.
    """

    what: str
    attempted: Set[Hashable]
    acknowledged: Set[Hashable]
    found: Counter[Hashable]

    @classmethod
    def of(cls, what: str, *, owed: Iterable[Hashable], found: Iterable[Hashable]) -> Self:
        """Return the balance where all that was attempted is owed, once."""
        owing = frozenset(owed)
        return cls(what, owing, owing, Counter(found))

    @property
    def lost(self) -> Set[Hashable]:
        """Return what was acknowledged and is not there."""
        return self.acknowledged - self.found.keys()

    @property
    def duplicated(self) -> Set[Hashable]:
        """Return what is there more than once."""
        return {item for item, times in self.found.items() if times > 1}

    @property
    def unexpected(self) -> Set[Hashable]:
        """Return what is there and was never attempted."""
        return self.found.keys() - self.attempted

    @property
    def is_even(self) -> bool:
        """Return whether nothing is lost, duplicated or unexpected."""
        return not (self.lost or self.duplicated or self.unexpected)

    @property
    def an_example(self) -> Hashable:
        """Return one of those that are lost, duplicated or unexpected. Raises StopIteration."""
        return next(iter(self.lost or self.duplicated or self.unexpected))

    def __str__(self) -> str:
        return (
            f"{self.what}: {len(self.attempted)} attempted, {len(self.acknowledged)} acknowledged, "
            f"{len(self.lost)} lost, {len(self.duplicated)} duplicated, "
            f"{len(self.unexpected)} unexpected"
        )


def hold(balances: Iterable[Balance]) -> None:
    """Raise AssertionError, in numbers and examples, unless each of *balances* is even."""
    uneven = [balance for balance in balances if not balance.is_even]
    assert not uneven, "\n".join(f"{balance}, like {balance.an_example}" for balance in uneven)

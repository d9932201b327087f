"""What a service tells the console's first page: the same for each of them."""

from dataclasses import dataclass

from shared.contracts.base import Event, said


@dataclass(frozen=True, kw_only=True)
class Counted(Event):
    """How many there are of something has changed. Its subject is the figure."""

    name: str = said('Of what: "dead_letters".')
    day: str = said('Of which day in the UK, "2022-07-07"; empty where it is of the present.')
    number: int = said("How many.")

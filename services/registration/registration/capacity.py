"""How many places there are: made and removed as staff decide."""

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from registration.models import Place, Webinar


class TooFew(Exception):
    """More places are taken than there are to be: `taken` tells how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} places are taken")
        self.taken = taken


def make(session: Session, webinar: Webinar, count: int) -> None:
    """Make so many free places at a locked *webinar*."""
    mine = select(func.max(Place.number)).where(Place.webinar_id == webinar.id)
    last = session.scalar(mine) or 0
    numbers = range(last + 1, last + count + 1)
    rows = [{"webinar_id": webinar.id, "number": number} for number in numbers]
    if rows:
        session.execute(insert(Place), rows)
    webinar.placed += count


def remove(session: Session, webinar: Webinar, count: int) -> None:
    """Remove so many free places of a locked *webinar*. Raises TooFew where fewer are free."""
    free = (
        select(Place.number)
        .where(Place.webinar_id == webinar.id, Place.registration_id.is_(None))
        .order_by(Place.number.desc())
        .limit(count)
        .with_for_update(skip_locked=True)  # who is about to take one shall have it
    )
    numbers = session.scalars(free).all()
    if len(numbers) < count:
        raise TooFew(webinar.placed - len(numbers))
    gone = delete(Place).where(Place.webinar_id == webinar.id, Place.number.in_(numbers))
    session.execute(gone.execution_options(synchronize_session=False))
    webinar.placed -= count

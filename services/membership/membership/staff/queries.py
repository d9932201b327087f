"""What is asked about accounts, sessions and the audit trail."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from membership.staff.models import StaffAccount, StaffSession, ToldFigure
from membership.staff.tokens import hash_of
from shared.db import now
from shared.staff.figures import dead_letters
from shared.staff.models import StaffAct

# As NIST SP 800-63B-4 has it for two steps, whether there are two or one.
LONGEST = timedelta(hours=12)
UNSEEN = timedelta(hours=1)
_KEPT = timedelta(days=30)
PAGE = 50


def account(session: Session, email: str, *, lock: bool = False) -> StaffAccount | None:
    """Return the account of an address; None where there is none."""
    wanted = select(StaffAccount).where(StaffAccount.email == email.lower())
    return session.scalar(wanted.with_for_update() if lock else wanted)


def accounts(session: Session) -> Sequence[StaffAccount]:
    """Return all accounts, by name."""
    return session.scalars(select(StaffAccount).order_by(StaffAccount.name)).all()


def locked(session: Session, id: UUID) -> StaffAccount:
    """Return the account, locked, as it is now."""
    return session.get_one(StaffAccount, id, with_for_update=True, populate_existing=True)


def to_set_up(session: Session, token: str) -> StaffAccount | None:
    """Return the account whose owner has *token* to choose a password; None once it is over."""
    return session.scalar(
        select(StaffAccount)
        .where(StaffAccount.setup_hash == hash_of(token), StaffAccount.setup_until > now(session))
        .with_for_update()
    )


def running_session(session: Session, token: str) -> StaffSession | None:
    """Return the session that the browser with *token* is in; None once it is over."""
    moment = now(session)
    return session.scalar(
        select(StaffSession)
        .join(StaffSession.account)
        .where(StaffSession.token_hash == hash_of(token), StaffSession.ended_at.is_(None))
        .where(StaffSession.started_at > moment - LONGEST, StaffSession.seen_at > moment - UNSEEN)
        .where(StaffAccount.disabled_at.is_(None))
        .options(joinedload(StaffSession.account))
    )


def acts(
    session: Session, *, by: UUID | None, page: int
) -> Sequence[tuple[StaffAct, StaffAccount | None]]:
    """Return what staff did, the newest first, perhaps one of them alone; one more than a page."""
    wanted = (
        select(StaffAct, StaffAccount)
        .outerjoin(StaffAccount, StaffAccount.id == StaffAct.account_id)
        .order_by(StaffAct.at.desc(), StaffAct.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if by is not None:
        wanted = wanted.where(StaffAct.account_id == by)
    return [(act, account) for act, account in session.execute(wanted)]


def figures(session: Session, *, today: date) -> Sequence[ToldFigure]:
    """Return what the services told of the present, and of the last days; and our own."""
    since = f"{today - timedelta(days=31)}"
    told = select(ToldFigure).where((ToldFigure.day == "") | (ToldFigure.day > since))
    dead = dead_letters(session)
    own = ToldFigure(service="membership", name=dead.name, day="", number=dead.number)
    return [own, *session.scalars(told)]


def forget_old_sessions(session: Session) -> int:
    """Delete the sessions that began long ago; return how many."""
    gone = delete(StaffSession).where(StaffSession.started_at <= now(session) - _KEPT)
    return session.connection().execute(gone).rowcount

"""What can be done with accounts and sessions. The account's row is locked by whoever calls."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.staff import codes
from membership.staff.models import StaffAccount, StaffSession
from membership.staff.tokens import hash_of, new_token
from shared.contracts.membership import StaffSessionEnded
from shared.db import now
from shared.messaging import publish
from shared.staff import Role, Staff, record
from shared.staff.models import EndedStaffSession

SETUP_WORKS = timedelta(days=3)
# Who acts by the command line, on the machine itself, has no account.
OPERATOR = Staff(UUID(int=0), UUID(int=0), "The command line", Role.ADMINISTRATOR)
# As has whoever is let in by a group of their organisation.
ORGANISATION = Staff(UUID(int=1), UUID(int=0), "The organisation", Role.ADMINISTRATOR)


class AddressTaken(Exception):
    """Another account has this address."""


def add_account(
    session: Session, *, email: str, name: str, role: Role, by: Staff = OPERATOR
) -> str:
    """Add an account; return the token with which its owner chooses a password.

    Raises AddressTaken.
    """
    if session.scalar(select(StaffAccount.id).where(StaffAccount.email == email)):
        raise AddressTaken(email)
    account = StaffAccount(email=email, name=name, role=role, added_at=now(session))
    session.add(account)
    session.flush()
    record(session, by, action="account_added", about=_the(account))
    return _new_setup(session, account)


def known_elsewhere(session: Session, *, email: str, name: str, role: Role) -> StaffAccount:
    """Return the locked account of somebody whom their organisation knows, with the role it says.

    Whoever comes for the first time gets an account without a password.
    """
    same = select(StaffAccount).where(StaffAccount.email == email).with_for_update()
    account = session.scalar(same)
    if account is None:
        add_account(session, email=email, name=name, role=role, by=ORGANISATION)
        account = session.scalars(same).one()
        account.setup_hash = account.setup_until = None
    elif account.role != role and not account.disabled_at:
        change_role(session, account, role, by=ORGANISATION)
    return account


def reset(session: Session, account: StaffAccount, *, by: Staff = OPERATOR) -> str:
    """Let the owner begin anew, wherever they are and whatever they have lost; return the token.

    Password and second step are gone; an account that was disabled is so no more.
    """
    account.password_hash = account.disabled_at = None
    codes.turn_off(session, account)
    end_sessions(session, account)
    record(session, by, action="account_reset", about=_the(account))
    return _new_setup(session, account)


def disable(session: Session, account: StaffAccount, *, by: Staff = OPERATOR) -> None:
    """Let nobody in by *account* any more, and whoever is in by it out."""
    account.disabled_at = account.disabled_at or now(session)
    account.setup_hash = account.setup_until = None
    end_sessions(session, account)
    record(session, by, action="account_disabled", about=_the(account))


def change_role(
    session: Session, account: StaffAccount, role: Role, *, by: Staff = OPERATOR
) -> None:
    """Let the owner of *account* do what *role* may, after signing in again."""
    account.role = role
    end_sessions(session, account)
    record(session, by, action="role_changed", about=_the(account))


def choose_password(
    session: Session, account: StaffAccount, password_hash: str, *, staying: UUID | None = None
) -> None:
    """Keep the new password; end every session but the one that is *staying*."""
    account.password_hash = password_hash
    account.setup_hash = account.setup_until = None
    end_sessions(session, account, but=staying)
    owner = Staff(account.id, staying or UUID(int=0), account.name, account.role)
    record(session, owner, action="password_chosen", about=_the(account))


def turn_on_second_step(
    session: Session, account: StaffAccount, *, secret: str, key: bytes, by: Staff
) -> list[str]:
    """Ask for a code at every sign-in from now on; return the recovery codes."""
    record(session, by, action="second_step_turned_on", about=_the(account))
    return codes.turn_on(session, account, secret=secret, key=key)


def turn_off_second_step(session: Session, account: StaffAccount, *, by: Staff) -> None:
    """Ask for no code any more."""
    record(session, by, action="second_step_turned_off", about=_the(account))
    codes.turn_off(session, account)


def start_session(session: Session, account: StaffAccount) -> tuple[Staff, str]:
    """Let the owner of *account* in; return who they are, and the token for their browser."""
    token, moment = new_token(), now(session)
    started = StaffSession(
        account_id=account.id, token_hash=hash_of(token), started_at=moment, seen_at=moment
    )
    session.add(started)
    session.flush()
    staff = Staff(account.id, started.id, account.name, Role(account.role))
    record(session, staff, action="signed_in", about=_the(account))
    return staff, token


def sign_out(session: Session, account: StaffAccount, own: StaffSession) -> None:
    """End the owner's own session."""
    staff = Staff(account.id, own.id, account.name, Role(account.role))
    _end(session, account, own)
    record(session, staff, action="signed_out", about=_the(account))


def end_sessions(session: Session, account: StaffAccount, *, but: UUID | None = None) -> None:
    """End the sessions of *account*, everywhere, perhaps *but* one."""
    running = select(StaffSession).where(
        StaffSession.account_id == account.id,
        StaffSession.ended_at.is_(None),
        StaffSession.id != (but or UUID(int=0)),
    )
    for own in session.scalars(running):
        _end(session, account, own)


def _end(session: Session, account: StaffAccount, own: StaffSession) -> None:
    own.ended_at = moment = now(session)
    session.add(EndedStaffSession(session_id=own.id, ended_at=moment))
    publish(session, StaffSessionEnded(session_id=own.id, ended_at=moment), about=account)


def _new_setup(session: Session, account: StaffAccount) -> str:
    token = new_token()
    account.setup_hash, account.setup_until = hash_of(token), now(session) + SETUP_WORKS
    return token


def _the(account: StaffAccount) -> str:
    return f"account:{account.id}"

"""The second step of signing in: six digits from an authenticator app, or a recovery code."""

import base64
import hmac
from datetime import datetime
from typing import Any

import pyotp
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership.staff.models import RecoveryCode, StaffAccount
from membership.staff.tokens import hash_of, new_recovery_code
from shared.db import now

_STEP = 30  # seconds that a code of an app counts
_DIGITS = 6
_RECOVERY_CODES = 10


def new_secret() -> str:
    """Return a secret that an app can make codes from, in base32."""
    return pyotp.random_base32()


def address_for_app(secret: str, *, email: str, organisation: str) -> str:
    """Return the otpauth:// address by which an app learns *secret*."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=organisation)


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """Return the half minute since 1970 that *code* is of: now, or the one before or after."""
    present = int(moment.timestamp()) // _STEP
    typed = code.encode()
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * _STEP).encode(), typed):
            return step
    return None


def turn_on(session: Session, account: StaffAccount, *, secret: str, key: bytes) -> list[str]:
    """Ask *account* for a code from now on; return new recovery codes, which are not kept."""
    account.totp_secret = _fernet(key).encrypt(secret.encode()).decode()
    codes = [new_recovery_code() for _ in range(_RECOVERY_CODES)]
    session.execute(_all_of(account))
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_of(code)) for code in codes)
    return codes


def turn_off(session: Session, account: StaffAccount) -> None:
    """Ask *account* for no code any more."""
    account.totp_secret = account.totp_step = None
    session.execute(_all_of(account))


def accept(session: Session, account: StaffAccount, code: str, *, key: bytes) -> bool:
    """Return whether *code* is one of the locked *account*'s; it is then used up."""
    typed = "".join(code.split()).replace("-", "").lower()
    if not (len(typed) == _DIGITS and typed.isdigit()):
        return _use_up(session, account, typed)
    secret = _fernet(key).decrypt(account.totp_secret or "").decode()
    step = step_of(secret, typed, now(session))
    if step is None or step <= (account.totp_step or 0):
        return False
    account.totp_step = step
    return True


def _use_up(session: Session, account: StaffAccount, typed: str) -> bool:
    written = "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))
    used = _all_of(account).where(RecoveryCode.code_hash == hash_of(written))
    return session.connection().execute(used).rowcount == 1


def _all_of(account: StaffAccount) -> Any:
    return delete(RecoveryCode).where(RecoveryCode.account_id == account.id)


def _fernet(key: bytes) -> Fernet:
    # Sealed, for a copy of the database alone must not be a second step as well.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"coproduce second step")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key)))

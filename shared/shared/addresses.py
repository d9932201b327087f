"""E-mail addresses: which can be written to, which were mistyped, and how we know one again."""

import hashlib
import hmac
from difflib import get_close_matches

from email_validator import EmailNotValidError, validate_email

# Where most people in the UK have their mail; a domain that is nearly one of these is a slip.
_COMMON_DOMAINS = (
    "aol.com", "btinternet.com", "email.com", "gmail.com", "gmx.co.uk", "gmx.com",
    "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com",
    "mail.com", "me.com", "msn.com", "nhs.net", "ntlworld.com", "outlook.com", "proton.me",
    "protonmail.com", "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com",
    "ymail.com",
)  # fmt: skip
_ALIKE = 0.8  # of 1: a letter too many, too few, wrong or misplaced


class NotAnAddress(ValueError):
    """No mail can be sent there."""


def address_key(key: bytes, address: str) -> str:
    """Return the 64 hex digits by which *address* is known, whatever its capitals.

    *address* is in ASCII form (an internationalised domain as punycode). Without *key* nobody
    can tell which address is meant, nor try a list of addresses against it.
    """
    return hmac.new(key, address.strip().lower().encode("ascii"), hashlib.sha256).hexdigest()


def ascii_form(address: str) -> str:
    """Return *address* as mail is sent to it, an internationalised domain as punycode.

    Whether its domain exists is not asked: an outage of name servers must not turn people away.
    Raises NotAnAddress, also for a local part that few providers deliver to (RFC 6531).
    """
    try:
        valid = validate_email(
            address, allow_smtputf8=False, check_deliverability=False, strict=True
        )
    except EmailNotValidError:
        raise NotAnAddress from None
    # Not None: without SMTPUTF8 there is an ASCII form of every valid address.
    return str(valid.ascii_email)


def probably_meant(address: str) -> str | None:
    """Return the address that somebody who typed *address* may have meant; None if it is likely.

    To be asked about, never to be acted on: the domain that was typed may well exist.
    """
    local_part, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in _COMMON_DOMAINS:
        return None
    nearest = get_close_matches(domain, _COMMON_DOMAINS, n=1, cutoff=_ALIKE)
    return f"{local_part}@{nearest[0]}" if nearest else None

"""The address key: how services speak of an e-mail address without naming it."""

import hashlib
import hmac


def address_key(key: bytes, address: str) -> str:
    """Return the 64 hex digits by which *address* is known, whatever its capitals.

    *address* is in ASCII form (an internationalised domain as punycode). Without *key* nobody
    can tell which address is meant, nor try a list of addresses against it.
    """
    return hmac.new(key, address.strip().lower().encode("ascii"), hashlib.sha256).hexdigest()

"""What staff type where a time or a link is wanted, as people write such things."""

import re
from datetime import time
from urllib.parse import urlsplit

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?", re.ASCII)
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}


def clock_time(text: str) -> time | None:
    """Return the time of "14:30", "2.30pm", "2pm" or "midday"; None of anything else."""
    said = text.lower().strip()
    if said in _NAMED:
        return _NAMED[said]
    found = _CLOCK.fullmatch(said)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def is_https_link(text: str) -> bool:
    """Return whether *text* is an address, whole and encrypted, that a mail can carry."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    is_whole = text.isprintable() and " " not in text  # a mail would cut it there
    return parts.scheme == "https" and bool(parts.hostname) and is_whole

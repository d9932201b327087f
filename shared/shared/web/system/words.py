"""Words for what programs call otherwise: types of events, parts of a worker, lengths of time."""

from collections.abc import Mapping

# What does not happen while a part of a worker stands still.
PARTS: Mapping[str, str] = {
    "relay": "What happens here is not passed on to the other parts of the system.",
    "consumer": "What happens in the other parts of the system does not arrive here.",
    "inbox": "What happened in the other parts of the system is not acted on.",
    "sweep": "Nobody looks whether anything from the other parts of the system was lost.",
    "tidying": "What is too old to be kept is not deleted.",
    "figures": "The numbers on the first page are not brought up to date.",
}
UNKNOWN_PART = "Some of the work in the background is not done ({part})."


def event_in_words(type: str) -> str:
    """Return "Registration confirmed" for "registration.registration_confirmed.v1"."""
    if type == "unreadable":
        return "A message that cannot be read"
    words = type.split(".")
    name = words[1] if len(words) == 3 else type
    return name.replace("_", " ").capitalize()


def length_in_words(seconds: float) -> str:
    """Return *seconds* rounded down: "1 minute", "25 minutes", "2 hours", "3 days"."""
    minutes = int(seconds) // 60
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def events(number: int) -> str:
    """Return "1 event" or "5 events"."""
    return "1 event" if number == 1 else f"{number} events"

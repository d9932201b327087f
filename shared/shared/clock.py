"""What time it is, and how to say it: every instant is aware, every reader is in the UK."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
LONDON = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def date_in_words(moment: datetime) -> str:
    """Return the UK date of *moment*: "Thursday 7 July 2022" (NHS service manual, dates)."""
    local = moment.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}"


def time_in_words(moment: datetime) -> str:
    """Return the UK time of *moment*: "5:30pm", "midday", "midnight", never "12pm".

    Source: NHS service manual, "numbers, measurements, dates and time".
    """
    local = moment.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def in_words(moment: datetime) -> str:
    """Return "Thursday 7 July 2022 at midday"."""
    return f"{date_in_words(moment)} at {time_in_words(moment)}"


def span_in_words(start: datetime, end: datetime) -> str:
    """Return "Thursday 7 July 2022, midday to 1pm", with the second date where it differs."""
    if start.astimezone(LONDON).date() == end.astimezone(LONDON).date():
        return f"{date_in_words(start)}, {time_in_words(start)} to {time_in_words(end)}"
    return f"{in_words(start)} to {in_words(end)}"

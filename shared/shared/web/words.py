"""What error pages say: what happened, what it means, what to do. Nobody is blamed."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """An error in plain words. A program is told the meaning, a person all three."""

    title: str
    meaning: str
    remedy: str


UNREADABLE = Words(
    title="We could not read what was sent",
    meaning="What was sent could not be read, so nothing has been saved or changed.",
    remedy="Go back, reload the page and try again.",
)
UNCHECKED = Words(
    title="Your form could not be checked",
    meaning="We could not check that the form came from our own page. "
    "Nothing has been saved or changed.",
    remedy="Go back, copy anything long that you typed, reload the page and send it again. "
    "Your browser needs to allow cookies from this site.",
)
BROKEN_LINK = Words(
    title="This link does not work",
    meaning="The link is not complete.",
    remedy="Check that you copied all of it from our email, up to its last letter.",
)
AWAY = Words(
    title="Sorry, this service is not available just now",
    meaning="The service is not available for a moment. What you sent has not been saved.",
    remedy="Wait a few minutes, then go back and try again.",
)
UNEXPECTED = Words(
    title="Sorry, something went wrong",
    meaning="Something went wrong at our end.",
    remedy="Wait a few minutes and try again. If it happens again, email us at the address below "
    "and give this reference: {reference}",
)
NOT_ALLOWED = Words(
    title="Your account does not allow this",
    meaning="This needs an account with the role “{role}” or a higher one. "
    "Nothing has been changed.",
    remedy="If you need it for your work, ask an administrator to change your role.",
)
OTHER = Words(
    title="We could not do that",
    meaning="The request could not be carried out. Nothing has been changed.",
    remedy="Go back and try again.",
)

BY_STATUS = {
    400: UNREADABLE,
    404: Words(
        title="Page not found",
        meaning="There is nothing at this address.",
        remedy="If you typed the address, check that it is right. "
        "If you pasted it, check that you copied all of it.",
    ),
    405: Words(
        title="This page cannot be used that way",
        meaning="This address does not take this kind of request. Nothing has been changed.",
        remedy="Start again from the first page.",
    ),
    410: Words(
        title="This page is no longer available",
        meaning="What was at this address has been closed or replaced.",
        remedy="If you came by a link in an email, look for a newer email from us: "
        "its link replaces this one.",
    ),
    413: Words(
        title="What you sent is too large",
        meaning="More was sent than we can take, so nothing has been saved.",
        remedy="Go back, make it shorter and send it again.",
    ),
    415: Words(
        title="We cannot read this kind of content",
        meaning="The content is not of a type that we read here. "
        "Send JSON, with the header Content-Type: application/json.",
        remedy="Go back and try again.",
    ),
    422: Words(
        title="Some of the answers cannot be used",
        meaning="Some of what was sent cannot be used, so nothing has been saved.",
        remedy="Go back, check your answers and send them again.",
    ),
    500: UNEXPECTED,
    503: AWAY,
}


def too_many(seconds: int) -> Words:
    """Return the words for somebody who may try again in *seconds*."""
    return Words(
        title="Please wait before you try again",
        meaning="This was done many times in a short while from your connection or for this "
        f"address, so it is paused. Nothing has been saved. Try again in {_span(seconds)}.",
        remedy="If you need something sooner, email us at the address below.",
    )


def _span(seconds: int) -> str:
    """Return *seconds*, rounded up: "1 minute", "25 minutes", "2 hours"."""
    minutes = -(-seconds // 60)
    number, unit = (minutes, "minute") if minutes < 60 else (-(-minutes // 60), "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"

"""Mails in plain words, for people who run a charity and not a mail server."""

from collections.abc import Mapping
from typing import NamedTuple

from notifications.claims import NEVER_REPORTED
from notifications.erasing import ERASED
from notifications.gate import Bar
from notifications.models import DeliveryState, ReceiptKind, SuppressionReason, Template
from notifications.sender import NO_ANSWER

KINDS: Mapping[Template, str] = {
    Template.CONFIRMED: "Confirmation of a place",
    Template.WAITLISTED: "Waiting list",
    Template.WITHDRAWN: "Withdrawal",
    Template.LINK: "Link to a registration",
    Template.CHANGED: "Change of a webinar",
    Template.CANCELLED: "Cancellation of a webinar",
    Template.PERMISSION: "Question before invitations",
    Template.INVITATION: "Invitation",
    Template.JOINING: "Question before joining",
    Template.WELCOME: "Welcome to a member",
    Template.MEMBER_LINK: "Link to a member's page",
    Template.ADDRESS_ASKED: "Question to a member's new address",
    Template.ADDRESS_TAKEN: "Answer to an address that has a member already",
    Template.ADDRESS_PROVEN: "Link to a member's page, to the new address",
    Template.ADDRESS_CHANGED: "Notice to a member's former address",
}


class State(NamedTuple):
    """How far a mail has come: in a word or two, what that means, and what to do."""

    short: str
    meaning: str
    remedy: str = ""


STATES: Mapping[DeliveryState, State] = {
    DeliveryState.DUE: State("Waiting", "It is sent by itself, and tried again where need be."),
    DeliveryState.SENDING: State(
        "Being sent", "It is being handed over to the mail provider.", "Look again in two minutes."
    ),
    DeliveryState.ACCEPTED: State(
        "Handed over",
        "The mail provider has it. Whether it has arrived is not known, or not known yet.",
    ),
    DeliveryState.DELIVERED: State("Arrived", "The person's own mail provider has it."),
    DeliveryState.BOUNCED: State(
        "Came back",
        "The person's own mail provider did not take it.",
        "Check the address with the person, and reach them in another way.",
    ),
    DeliveryState.DROPPED: State(
        "Not passed on",
        "Our mail provider did not pass it on: most often because an earlier mail to this address "
        "came back or was reported as unwanted.",
        "Check the address with the person, and reach them in another way.",
    ),
    DeliveryState.REJECTED: State(
        "Refused",
        "It could not be written, or the mail provider would not take it. It is not sent again.",
        "Write to the person yourself. If others are refused for the same reason, tell whoever "
        "runs this system.",
    ),
    DeliveryState.UNKNOWN: State(
        "Nobody can tell",
        "We do not know whether it was sent, so it is not sent again by itself: the person might "
        "get it twice.",
        "If the mail provider tells us, it is shown here. If it has not after a day, ask the "
        "person, or send it again.",
    ),
    DeliveryState.SKIPPED: State("Not to be sent", "It was not sent, for the reason given."),
}
_WHY: Mapping[str, str] = {
    Bar.SUPPRESSED: "The address is not to be written to",
    Bar.SUPERSEDED: "It was no longer true, or no longer needed",
    Bar.NO_PERMISSION: "The person has not agreed to be invited",
    Bar.PAUSED: "The person is taking a break from invitations",
    ERASED: "The person asked to be forgotten",
    NEVER_REPORTED: "Whatever sent it was cut off before it could say whether it had",
    NO_ANSWER: "The mail provider gave no answer",
}
RECEIPTS: Mapping[ReceiptKind, str] = {
    ReceiptKind.ACCEPTED: "Taken by our mail provider",
    ReceiptKind.DEFERRED: "Not taken yet by the person's mail provider, and tried again",
    ReceiptKind.DELIVERED: "Arrived at the person's mail provider",
    ReceiptKind.SOFT_BOUNCE: "Came back: the person's mail provider did not take it",
    ReceiptKind.HARD_BOUNCE: "Came back: the person's mail provider knows no such address",
    ReceiptKind.DROPPED: "Not passed on by our mail provider",
    ReceiptKind.COMPLAINT: "Reported by the person as unwanted",
    ReceiptKind.UNSUBSCRIBED: "Answered by the person with: no more of these",
}


class Suppressed(NamedTuple):
    """Why an address is not written to: in a word or two, what that means, and a warning."""

    short: str
    meaning: str
    warning: str = ""


_ONLY_IF_ASKED = (
    "Go on only if this person has asked you themselves to be written to again. Writing to "
    "somebody who said no can be against the law, and can make providers refuse all our mail."
)
SUPPRESSED: Mapping[SuppressionReason, Suppressed] = {
    SuppressionReason.HARD_BOUNCE: Suppressed(
        "No such address", "The person's mail provider said that there is no such address."
    ),
    SuppressionReason.SOFT_BOUNCES: Suppressed(
        "Came back again and again", "Mail to it came back again and again within a month."
    ),
    SuppressionReason.COMPLAINT: Suppressed(
        "Reported as unwanted", "The person reported our mail as unwanted.", _ONLY_IF_ASKED
    ),
    SuppressionReason.UNSUBSCRIBED: Suppressed(
        "Turned off",
        "The person turned off all that they had not asked for. They still get answers to what "
        "they do themselves, and invitations only once they say yes to them again.",
        _ONLY_IF_ASKED,
    ),
}


def why(reason: str) -> str:
    """Return a delivery's reason as staff read it: ours in plain words, a provider's as it said."""
    return _WHY.get(reason, f"“{reason}”")

"""What people may agree to, in the words they are shown. New words are a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ConsentPurpose(StrEnum):
    """What somebody may agree to, each apart from the others."""

    RECORD = "record"
    INVITATIONS = "invitations"
    SHARING = "sharing"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words beside a box, and those that explain them."""

    version: int
    text: str
    hint: str


WORDINGS: Mapping[ConsentPurpose, Wording] = {
    ConsentPurpose.RECORD: Wording(
        version=1,
        text="Keep what I have told you here, including what it says about my health, "
        "so that I can take part as a member",
        hint="We cannot make you a member without this",
    ),
    ConsentPurpose.INVITATIONS: Wording(
        version=1,
        text="Email me about future webinars",
        hint="You can stop these emails at any time",
    ),
    ConsentPurpose.SHARING: Wording(
        version=1,
        text="Tell organisations that work with you that I am a member",
        hint="They are not told your name, your address or what brings you",
    ),
}

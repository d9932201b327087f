"""What pages show, from what is stored and what was typed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from membership.members.models import Choice, ChoiceKind, ConsentStatement, Member
from membership.members.queries import Offered
from membership.members.schemas import CONSENT, REACH
from membership.members.wordings import WORDINGS, ConsentPurpose
from shared.clock import date_in_words

Answers = list[tuple[str, str]]  # what was asked, and what somebody answered


def choices(offered: Offered, values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the items of each field to choose from, ticked as in *values*."""
    return {
        "backgrounds": _items(offered[ChoiceKind.BACKGROUND], values.get("backgrounds", ())),
        "locality": _items(offered[ChoiceKind.LOCALITY], values.get("locality", ())),
        "interests": _items(offered[ChoiceKind.INTEREST], values.get("interests", ())),
        "reach": [
            {"value": way, "text": text, "checked": values.get("reach") == way}
            for way, text in REACH.items()
        ],
    }


def boxes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the box of each consent: never ticked but by the person, and again if refused."""
    return [
        {
            "name": CONSENT + purpose,
            "value": str(wording.version),
            "text": wording.text,
            "hint": {"text": wording.hint},
            "checked": values.get(CONSENT + purpose) == str(wording.version),
        }
        for purpose, wording in WORDINGS.items()
    ]


def typed(member: Member) -> dict[str, Any]:
    """Return what *member* told us as the form for changing it shows it."""
    told = ("name", "reach", "phone", "post", "access_needs")
    return {name: getattr(member, name) for name in told} | {
        "backgrounds": [choice.code for choice in member.chosen(ChoiceKind.BACKGROUND)],
        "locality": [choice.code for choice in member.chosen(ChoiceKind.LOCALITY)],
        "interests": [choice.code for choice in member.chosen(ChoiceKind.INTEREST)],
    }


def answers(values: Mapping[str, Any], email: str, known: Collection[Choice]) -> Answers:
    """Return what somebody told us, in the words of the choices *known*, without what is empty."""
    labels = {(choice.kind, choice.code): choice.label for choice in known}

    def chosen(name: str, kind: ChoiceKind) -> str:
        found = (labels.get((kind, code), code) for code in values[name])
        return "\n".join(found)

    told = (
        ("Name", values["name"]),
        ("Email address", email),
        ("How to reach you", REACH.get(values["reach"], "")),
        ("Phone number", values["phone"]),
        ("Postal address", values["post"]),
        ("What brings you", chosen("backgrounds", ChoiceKind.BACKGROUND)),
        ("Where you live", chosen("locality", ChoiceKind.LOCALITY)),
        ("What interests you", chosen("interests", ChoiceKind.INTEREST)),
        ("What would help you take part", values["access_needs"]),
    )
    return [(asked, text) for asked, text in told if text]


def groups(member: Member) -> Answers:
    """Return each group that *member* belongs to: what it is for, and since when."""
    return [
        (said.group.name, f"{said.group.about}\nSince {date_in_words(said.since)}")
        for said in member.memberships
    ]


def consents(standing: Mapping[str, ConsentStatement]) -> list[dict[str, Any]]:
    """Return, of each thing to agree to, its words and how the member stands with it."""
    return [_consent(purpose, standing.get(purpose)) for purpose in ConsentPurpose]


def _consent(purpose: ConsentPurpose, said: ConsentStatement | None) -> dict[str, Any]:
    holds = said is not None and said.given
    return {
        "purpose": purpose.value,
        "text": said.wording if said and holds else WORDINGS[purpose].text,
        "given": holds,
        "since": said.stated_at if said else None,
        "needed": purpose == ConsentPurpose.RECORD,
    }


def _items(offered: Sequence[Choice], chosen: Collection[str]) -> list[dict[str, Any]]:
    return [
        {"value": choice.code, "text": choice.label, "checked": choice.code in chosen}
        for choice in offered
    ]

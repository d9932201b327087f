"""The events of a member, filled from its row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from membership.members.models import FormerAddress, Member
from shared.contracts.membership import (
    AddressProven,
    ErasureRequested,
    JoiningAsked,
    MailingPermissionStated,
    MemberContactChanged,
    MemberLinkRequested,
)


def joining_asked(member: Member, name: str) -> JoiningAsked:
    """Return the fact that the address was entered by somebody who calls themself *name*."""
    stated = _to(member) | {"name": name, "link_generation": member.pending_generation}
    return JoiningAsked(**stated)


def address_proven(member: Member) -> AddressProven:
    """Return the fact that the address itself has said it wants to be a member's."""
    return AddressProven(**_to(member))


def link_requested(member: Member) -> MemberLinkRequested:
    """Return the fact that a member's address was entered again."""
    return MemberLinkRequested(**_to(member))


def invitations_stated(
    member: Member, *, wording: str, given: bool, stated_at: datetime
) -> MailingPermissionStated:
    """Return the fact that the member wants invitations, or no longer."""
    return MailingPermissionStated(
        address_key=member.address_key,
        purpose="webinar_invitations",
        basis="consent",
        wording=wording,
        given=given,
        stated_at=stated_at,
    )


def contact_changed(
    member: Member, *, before: tuple[str, str], changed_at: datetime
) -> MemberContactChanged:
    """Return the fact that the member had another address and address key *before*."""
    former_email, former_address_key = before
    return MemberContactChanged(
        **_to(member),
        former_email=former_email,
        former_address_key=former_address_key,
        changed_at=changed_at,
    )


def erasure_requested(
    member: Member, address_key: str, moment: datetime, former: Sequence[FormerAddress]
) -> ErasureRequested:
    """Return the fact that whoever had this address, and *former* ones, wants to be forgotten."""
    return ErasureRequested(
        address_key=address_key,
        subjects=[member.id],
        requested_at=moment,
        former_address_keys=[address.address_key for address in former],
        former_until=[address.until for address in former],
    )


def _to(member: Member) -> dict[str, Any]:
    return {
        "email": member.email,
        "address_key": member.address_key,
        "name": member.name,
        "link_generation": member.link_generation,
    }

"""The facts that membership publishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, Visibility, contract, said, said_since


@contract("membership.member_joined.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """Somebody is a member from now on. Its subject is the member."""

    locality: str | None = said("The code of where they live, where they said so.")
    joined_at: datetime = said("Since when.")


@contract("membership.member_changed.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class MemberChanged(Event):
    """A member changed what we hold of them. Its subject is the member."""

    locality: str | None = said("The code of where they live, where they said so.")
    changed_at: datetime = said("When.")


@contract("membership.member_left.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    """Somebody is no longer a member. Its subject is the member."""

    left_at: datetime = said("Since when.")


@contract("membership.member_erased.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class MemberErased(Event):
    """Somebody had all that is held of them deleted: delete what you hold. Its subject is they."""

    erased_at: datetime = said("When.")


@contract("membership.group_joined.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class GroupJoined(Event):
    """A member belongs to a group from now on. Its subject is the member."""

    group: str = said("The group's code.")
    joined_at: datetime = said("Since when.")


@contract("membership.group_left.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class GroupLeft(Event):
    """A member no longer belongs to a group. Its subject is the member."""

    group: str = said("The group's code.")
    left_at: datetime = said("Since when.")


@contract("membership.sharing_granted.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class SharingGranted(Event):
    """A member agreed that other organisations are told of the membership. Its subject is they."""

    stated_at: datetime = said("When it was stated.")


@contract("membership.sharing_withdrawn.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class SharingWithdrawn(Event):
    """A member no longer agrees that other organisations are told. Its subject is the member."""

    stated_at: datetime = said("When it was stated.")


@dataclass(frozen=True, kw_only=True)
class _ToAPerson(Event):
    email: str = said("Where to write to the person, in ASCII form.")
    address_key: str = said("By what key that address is known.")
    name: str = said("How the person wishes to be addressed.")
    link_generation: int = said("The generation of the link that the mail is to have.")


@contract(
    "membership.joining_asked.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class JoiningAsked(_ToAPerson):
    """An address was entered to join, and is to prove itself by a button behind a mailed link.

    Its subject is who would be the member; until then they exist for nobody.
    """


@contract(
    "membership.address_proven.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class AddressProven(_ToAPerson):
    """The button behind the mailed link was pressed: welcome the new member, its subject."""


@contract(
    "membership.member_link_requested.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class MemberLinkRequested(_ToAPerson):
    """A member's address was entered to join again, so its person is sent their link again.

    Its subject is the member; nothing about them has changed.
    """


@contract(
    "membership.address_change_asked.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class AddressChangeAsked(Event):
    """A member wants their mail at another address, which is to prove itself as theirs.

    It does so by a button behind a mailed link. Its subject is the member, whom it does not name:
    an address that was mistyped is a stranger's.
    """

    email: str = said("The new address, in ASCII form.")
    address_key: str = said("By what key that address is known.")
    link_generation: int = said("The generation of the link that the mail is to have.")


@contract(
    "membership.address_taken.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class AddressTaken(Event):
    """A member wants their mail at an address that has a membership of its own already.

    Nothing has changed, and only that address is told. Its subject is the member who asked.
    """

    email: str = said("The address, in ASCII form.")
    address_key: str = said("By what key that address is known.")


@contract(
    "membership.member_contact_changed.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class MemberContactChanged(_ToAPerson):
    """A member's mail goes to another address from now on, which has proven itself.

    Its subject is the member. Links that were mailed to the former address work no more.
    """

    former_email: str = said("Where their mail went before, in ASCII form.")
    former_address_key: str = said("By what key that address is known.")
    changed_at: datetime = said("When it was changed.")


@contract(
    "membership.mailing_permission_stated.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class MailingPermissionStated(Event):
    """A member said, behind the link in our mail, whether to be mailed for a purpose.

    Its subject is the member. The address has proven itself, so that it counts at once.
    """

    address_key: str = said("By what key the address is known.")
    purpose: str = said('What for: "webinar_invitations".')
    basis: str = said('The lawful basis: "consent".')
    wording: str = said("The words beside the box, as they were shown.")
    given: bool = said("True: permission given. False: withdrawn.")
    stated_at: datetime = said("When it was stated.")


@contract(
    "membership.erasure_requested.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications", "registration"),
)
@dataclass(frozen=True, kw_only=True)
class ErasureRequested(Event):
    """Somebody wants all that is held of them deleted. Its subject is who was the member.

    Asked once more, after a backup was put back, it has a subject of its own.

    Each service that reads it deletes what it holds of the address up to this moment, of former
    addresses while they were theirs, and of these subjects, whenever it is told of them. It says so
    by its `erasure_completed`.
    """

    address_key: str = said("By what key their address is known.")
    subjects: list[UUID] = said("What membership's events about them had as subjects: the member.")
    requested_at: datetime = said("When it was asked for.")
    former_address_keys: list[str] = said_since("By what keys their former addresses are known.")
    former_until: list[datetime] = said_since("Until when each of those was theirs, in that order.")

    @property
    def addresses(self) -> list[tuple[str, datetime]]:
        """By what keys their addresses are known, and until when each was theirs."""
        former = zip(self.former_address_keys, self.former_until, strict=True)
        return [(self.address_key, self.requested_at), *former]


@contract(
    "membership.staff_session_ended.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications", "registration"),
)
@dataclass(frozen=True, kw_only=True)
class StaffSessionEnded(Event):
    """A member of staff has signed out, or was shut out. Its subject is the account."""

    session_id: UUID = said("The session that is not to be let in any more.")
    ended_at: datetime = said("When it ended.")

"""The facts that registration publishes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.acts import Acted
from shared.contracts.base import Event, Visibility, contract, said
from shared.contracts.figures import Counted


@contract("registration.webinar_published.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class WebinarPublished(Event):
    """A webinar is open to registrations. Its subject is the webinar."""

    slug: str = said("The last segment of the webinar's public address.")
    title: str = said("The public title.")
    starts_at: datetime = said("When it starts.")
    ends_at: datetime = said("When it ends.")


@contract("registration.webinar_changed.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class WebinarChanged(Event):
    """What the public may know of a webinar is another than before. Its subject is the webinar."""

    slug: str = said("The last segment of the webinar's public address.")
    title: str = said("The public title now.")
    starts_at: datetime = said("When it starts now.")
    ends_at: datetime = said("When it ends now.")


@contract("registration.webinar_cancelled.v1", visibility=Visibility.PUBLIC)
@dataclass(frozen=True, kw_only=True)
class WebinarCancelled(Event):
    """A webinar will not take place. Its subject is the webinar."""

    slug: str = said("The last segment of the webinar's public address.")


@dataclass(frozen=True, kw_only=True)
class _AboutARegistration(Event):
    webinar_id: UUID = said("The webinar it is for.")
    webinar_slug: str = said("The last segment of the webinar's public address.")
    webinar_title: str = said("The public title.")
    starts_at: datetime = said("When the webinar starts.")
    ends_at: datetime = said("When the webinar ends.")
    email: str = said("Where to write to the person, in ASCII form.")
    address_key: str = said("By what key that address is known.")
    name: str = said("How the person wishes to be addressed.")
    link_generation: int = said("The generation of the person's own link.")


@contract(
    "registration.registration_confirmed.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed(_AboutARegistration):
    """A person has a place at a webinar. Its subject is the registration."""

    joining_link: str = said("Where to join; only for people with a place.")


@contract(
    "registration.registration_waitlisted.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class RegistrationWaitlisted(_AboutARegistration):
    """Every place was taken, so a person waits for one. Its subject is the registration."""


@contract(
    "registration.registration_withdrawn.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class RegistrationWithdrawn(_AboutARegistration):
    """A person gave up a place, or waiting for one. Its subject is the registration."""


@contract(
    "registration.webinar_access_changed.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class WebinarAccessChanged(_AboutARegistration):
    """When a webinar is, or where to join it, is another than its person was told before.

    Its subject is the registration: there is one for each that is concerned.
    """

    state: str = said('How the registration stands: "confirmed" or "waitlisted".')
    old_starts_at: datetime = said("When the webinar was to start.")
    old_ends_at: datetime = said("When the webinar was to end.")
    joining_link: str = said("Where to join now; empty for who has no place.")
    is_new_link: bool = said("Whether the person was told of another joining link before.")


@contract(
    "registration.registration_cancelled.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(_AboutARegistration):
    """The webinar that a person had registered for will not take place.

    Its subject is the registration: there is one for each that is concerned.
    """

    message: str = said("What staff tell people besides; may be empty.")


@contract(
    "registration.registration_link_requested.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class RegistrationLinkRequested(_AboutARegistration):
    """An address that is registered was entered again, so its person is sent the link again.

    Its subject is the registration; nothing about the registration has changed.
    """


@contract(
    "registration.erasure_completed.v1",
    visibility=Visibility.INTERNAL,
    consumers=("membership", "notifications"),
)
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """Registration holds nothing any more of somebody who asked for that.

    Its subject is the erasure. Who heard of these subjects forgets them as well, whatever may
    still arrive about them.
    """

    member_id: UUID = said("Who was the member.")
    address_key: str = said("By what key their address was known.")
    subjects: list[UUID] = said("What registration's events about them had as subjects.")
    requested_at: datetime = said("When it was asked for.")


@contract(
    "registration.mailing_permission_stated.v1",
    visibility=Visibility.INTERNAL,
    consumers=("notifications",),
)
@dataclass(frozen=True, kw_only=True)
class MailingPermissionStated(Event):
    """Somebody ticked, on a registration form, that they wish to hear of future webinars.

    Its subject is the registration. It counts as given once the address itself has confirmed it.
    """

    email: str = said("The address it speaks of, in ASCII form.")
    address_key: str = said("By what key that address is known.")
    purpose: str = said('What for: "webinar_invitations".')
    basis: str = said('The lawful basis: "consent".')
    wording: str = said("The words beside the box, as they were shown.")
    given: bool = said("True: permission given. False: withdrawn.")
    stated_at: datetime = said("When it was stated.")


@contract("registration.staff_acted.v1", visibility=Visibility.INTERNAL, consumers=("membership",))
@dataclass(frozen=True, kw_only=True)
class StaffActed(Acted):
    """A member of staff did something in registration. Its subject is the act."""


@contract(
    "registration.figure_counted.v1", visibility=Visibility.INTERNAL, consumers=("membership",)
)
@dataclass(frozen=True, kw_only=True)
class FigureCounted(Counted):
    """How many there are of something in registration has changed. Its subject is the figure."""

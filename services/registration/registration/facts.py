"""The events of a registration, filled from its row."""

from datetime import datetime
from typing import Any

from registration.details import WebinarDetails
from registration.models import Registration, RegistrationState, Webinar
from shared.contracts.registration import (
    MailingPermissionStated,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationLinkRequested,
    RegistrationWaitlisted,
    RegistrationWithdrawn,
    WebinarAccessChanged,
)

INVITATIONS_WORDING = "Email me about future webinars"


def entered(
    registration: Registration, webinar: Webinar
) -> RegistrationConfirmed | RegistrationWaitlisted:
    """Return the fact that the person has a place, or waits for one."""
    common = _common(registration, webinar)
    if registration.state == RegistrationState.CONFIRMED:
        return RegistrationConfirmed(**common, joining_link=webinar.joining_link)
    return RegistrationWaitlisted(**common)


def withdrawn(registration: Registration, webinar: Webinar) -> RegistrationWithdrawn:
    """Return the fact that the person no longer wishes to come."""
    return RegistrationWithdrawn(**_common(registration, webinar))


def access_changed(
    registration: Registration, webinar: Webinar, before: WebinarDetails
) -> WebinarAccessChanged | None:
    """Return the fact that what the person goes by is another than *before*; None if it is not.

    Only who has a place goes by the joining link.
    """
    has_place = registration.state == RegistrationState.CONFIRMED
    is_new_link = has_place and webinar.joining_link != before.joining_link
    times = (before.starts_at, before.ends_at)
    if times == (webinar.starts_at, webinar.ends_at) and not is_new_link:
        return None
    return WebinarAccessChanged(
        **_common(registration, webinar),
        state=registration.state,
        old_starts_at=before.starts_at,
        old_ends_at=before.ends_at,
        joining_link=webinar.joining_link if has_place else "",
        is_new_link=is_new_link,
    )


def cancelled(registration: Registration, webinar: Webinar) -> RegistrationCancelled:
    """Return the fact that the webinar the person meant to come to will not take place."""
    return RegistrationCancelled(**_common(registration, webinar), message=webinar.cancellation)


def link_requested(registration: Registration, webinar: Webinar) -> RegistrationLinkRequested:
    """Return the fact that the address was entered again."""
    return RegistrationLinkRequested(**_common(registration, webinar))


def invitations_wanted(registration: Registration, stated_at: datetime) -> MailingPermissionStated:
    """Return the fact that the box beside `INVITATIONS_WORDING` was ticked."""
    return MailingPermissionStated(
        email=registration.email,
        address_key=registration.address_key,
        purpose="webinar_invitations",
        basis="consent",
        wording=INVITATIONS_WORDING,
        given=True,
        stated_at=stated_at,
    )


def _common(registration: Registration, webinar: Webinar) -> dict[str, Any]:
    return {
        "webinar_id": webinar.id,
        "webinar_slug": webinar.slug,
        "webinar_title": webinar.title,
        "starts_at": webinar.starts_at,
        "ends_at": webinar.ends_at,
        "email": registration.email,
        "address_key": registration.address_key,
        "name": registration.name,
        "link_generation": registration.link_generation,
    }

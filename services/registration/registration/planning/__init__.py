"""What staff do with webinars. Each takes a session and leaves committing to its caller."""

from registration.details import PanelMember, WebinarDetails, changed, details_of
from registration.planning.cancelling import cancel
from registration.planning.changing import edit
from registration.planning.discarding import discard
from registration.planning.publishing import add_webinar, draft, publish
from registration.planning.refusals import Incomplete, NotADraft, Over, Overtaken, SlugTaken
from shared.slugs import NoSlug, slug_of

__all__ = [
    "Incomplete",
    "NoSlug",
    "NotADraft",
    "Over",
    "Overtaken",
    "PanelMember",
    "SlugTaken",
    "WebinarDetails",
    "add_webinar",
    "cancel",
    "changed",
    "details_of",
    "discard",
    "draft",
    "edit",
    "publish",
    "slug_of",
]

"""What membership is told by its environment."""

from dataclasses import dataclass

from membership.staff.settings import OpenIdSettings
from shared.config import WebSettings


@dataclass(frozen=True, kw_only=True)
class MembershipSettings(OpenIdSettings, WebSettings):
    """The settings of every service, and how staff may sign in."""

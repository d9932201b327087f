"""What membership is told by its environment."""

from dataclasses import dataclass

from marshmallow import fields, validate

from membership.staff.settings import OpenIdSettings
from shared.config import WebSettings, setting


def _at_least_one(default: int) -> fields.Integer:
    return fields.Integer(load_default=default, validate=validate.Range(min=1))


@dataclass(frozen=True, kw_only=True)
class MembershipSettings(OpenIdSettings, WebSettings):
    """The settings of every service, how staff may sign in, and how often who may ask to join."""

    joins_per_network_hour: int = setting(
        _at_least_one(120),
        "Set it to how often one network, perhaps a hospital, may ask to join in an hour",
    )
    joins_per_address_day: int = setting(
        _at_least_one(20),
        "Set it to how often one network may enter the same email address in a day",
    )

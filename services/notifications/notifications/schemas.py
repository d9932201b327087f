"""What people send to change their preferences."""

from marshmallow import Schema, fields, validate

from notifications.preferences import Break


class PreferencesSchema(Schema):
    """What to be mailed about, and whether to rest from it."""

    invited = fields.Boolean(
        load_default=False, error_messages={"invalid": "Tick the box or leave it empty"}
    )
    rest = fields.String(
        load_default="",
        validate=validate.OneOf(["", *Break], error="Choose how long your break is to be"),
    )

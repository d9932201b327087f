"""What staff type to sign in, and to change how they do."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from membership.staff.passwords import LONGEST
from shared.addresses import NotAnAddress, ascii_form
from shared.web.forms import Text


class Address(Text):
    """The address of an account, in ASCII form and small letters."""

    def __init__(self) -> None:
        super().__init__(254, label="Your email address", enter="Enter your email address")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            return ascii_form(super()._deserialize(value, attr, data, **kwargs)).lower()
        except NotAnAddress:
            raise ValidationError(
                "Enter an email address in the correct format, like name@example.org"
            ) from None


def _password(enter: str) -> fields.String:
    """Return a field for a password, which is taken to the letter."""
    length = validate.Length(min=1, max=LONGEST, error=f"{enter}, at most {LONGEST} characters")
    return fields.String(
        required=True, validate=length, error_messages={"required": enter, "invalid": enter}
    )


class SignInSchema(Schema):
    """Who wishes to come in."""

    email = Address()
    password = _password("Enter your password")


class CodeSchema(Schema):
    """What shows that they have their telephone, or a recovery code."""

    code = Text(40, label="The code", enter="Enter the code that your app shows")


class NewPasswordSchema(Schema):
    """The password of an account that has none."""

    password = _password("Enter a new password")


class ChangePasswordSchema(Schema):
    """Another password for an account that has one."""

    current = _password("Enter the password you have now")
    password = _password("Enter a new password")


class ConfirmSchema(Schema):
    """The password once more, before something that matters."""

    password = _password("Enter your password")


class SecondStepSchema(ConfirmSchema, CodeSchema):
    """The password, and a code that shows that the app was told the secret."""

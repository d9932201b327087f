"""Settings: read once from the environment, each with its meaning, its check and its remedy.

A service declares its settings as a frozen dataclass:

    @dataclass(frozen=True, kw_only=True)
    class Settings(WebSettings):
        mail_from: str = setting(fields.Email(), "Set it to the address that mail comes from")

and `read(Settings, os.environ)` fills it from MAIL_FROM and the others, or names all that is wrong.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, missing, validate

from shared.helplines import HELP_LINES, HelpLine, HelpLines
from shared.links import LinkKeys
from shared.variables import DatabaseUrl, HexKey, LinkKeysField, Origin

AnySettings = TypeVar("AnySettings")


class ConfigurationError(Exception):
    """The environment does not hold what the program needs; one line per variable says what."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def setting(field: fields.Field[Any], remedy: str, *, secret: bool = False) -> Any:
    """Return a dataclass field that is read from the variable of its name in capitals.

    Without a `load_default` the variable must be set. *remedy* ends the line about a wrong one:
    "Set it to …". A *secret* stays out of the settings' repr.
    """
    field.required = field.load_default is missing
    field.error_messages["required"] = "Missing."
    return dataclasses.field(repr=not secret, metadata={"field": field, "remedy": remedy})


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """What every service is told, whichever of its processes runs."""

    database_url: str = setting(
        DatabaseUrl(),
        "Set it to postgresql://user:password@host/name or sqlite:////directory/file.sqlite3",
        secret=True,
    )
    instance: str = setting(
        fields.String(validate=validate.Regexp(r"[a-z0-9][a-z0-9-]{0,29}\Z", error="Not usable.")),
        "Set it to a short name of this installation that will never change, like example-trust",
    )
    base_url: str = setting(
        Origin(), "Set it to the address people see, like https://coproduce.example.org"
    )
    link_keys: LinkKeys = setting(
        LinkKeysField(),
        "Set it to 1: and 64 hex digits; to change keys, put the new one first: 2:…,1:…",
        secret=True,
    )
    address_key: bytes = setting(HexKey(), "Set it to 64 random hex digits", secret=True)
    secret_key: bytes = setting(HexKey(), "Set it to 64 random hex digits", secret=True)
    staff_key: bytes = setting(
        HexKey(), "Set it to 64 random hex digits, the same for all services", secret=True
    )
    organisation: str = setting(
        fields.String(), "Set it to the name people know you by, like Example Minds"
    )
    contact_email: str = setting(
        fields.Email(), "Set it to the address people may write to, like hello@example.org"
    )
    contact_phone: str = setting(
        fields.String(load_default="", validate=validate.Length(max=40)),
        "Set it to the telephone number people may call, like 020 7946 0000",
    )
    contact_post: str = setting(
        fields.String(load_default="", validate=validate.Length(max=300)),
        "Set it to the postal address people may write to, on one line",
    )
    privacy_notice: str = setting(
        fields.Url(load_default="", schemes={"https"}),
        "Set it to the address of your whole privacy notice, like https://example.org/privacy",
    )
    urgent_help: tuple[HelpLine, ...] = setting(
        HelpLines(load_default=HELP_LINES),
        "Set it to numbers and words, like 999 in an emergency; 116 123 to talk to Samaritans",
    )
    theme: str = setting(
        fields.String(
            load_default="charity", validate=validate.OneOf(("charity", "nhs-organisation"))
        ),
        "Set it to charity; bodies that may use the NHS identity set nhs-organisation",
    )
    trusted_proxies: int = setting(
        fields.Integer(load_default=0, validate=validate.Range(min=0)),
        "Set it to the number of proxies that stand between people and this service",
    )
    log_level: str = setting(
        fields.String(
            load_default="INFO", validate=validate.OneOf(("DEBUG", "INFO", "WARNING", "ERROR"))
        ),
        "Set it to INFO",
    )


def read(settings: type[AnySettings], environ: Mapping[str, str]) -> AnySettings:
    """Return the *settings* dataclass filled from *environ*; a blank variable counts as not set.

    Raises ConfigurationError with a line for each variable; no line repeats a value.
    """
    declared = {field.name: field.metadata for field in dataclasses.fields(settings)}  # type: ignore[arg-type]
    schema = Schema.from_dict({name: metadata["field"] for name, metadata in declared.items()})
    stated = {name: environ.get(name.upper(), "").strip() for name in declared}
    try:
        values: dict[str, Any] = schema().load(
            {name: text for name, text in stated.items() if text}
        )
    except ValidationError as error:
        wrong = error.messages_dict
        raise ConfigurationError(
            [
                f"{name.upper()}: {' '.join(wrong[name])} {metadata['remedy']}."
                for name, metadata in declared.items()
                if name in wrong
            ]
        ) from None
    return settings(**values)

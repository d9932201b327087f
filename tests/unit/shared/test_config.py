"""Settings come from the environment; what is wrong is said at once, by name, with the remedy."""

from dataclasses import dataclass
from typing import Any

import pytest
from marshmallow import fields, validate

from shared import config
from shared.config import ConfigurationError, WebSettings, setting

KEY = "ab" * 32


@dataclass(frozen=True, kw_only=True)
class Settings(WebSettings):
    """A service's settings: those of all services and one of its own."""

    registrations_per_network_hour: int = setting(
        fields.Integer(load_default=30, validate=validate.Range(min=1)), "Set it to a number"
    )


def environ(**changes: str) -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql://web:pass%40word@db/registration",
        "INSTANCE": "example-trust",
        "BASE_URL": "https://coproduce.example.org",
        "LINK_KEYS": f"2:{KEY},1:{KEY}",
        "ADDRESS_KEY": KEY,
        "SECRET_KEY": KEY,
        "STAFF_KEY": KEY,
        "ORGANISATION": "Example Minds",
        "CONTACT_EMAIL": "hello@example.org",
        "PATH": "/usr/bin",
    } | changes


def lines_about(**changes: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        config.read(Settings, environ(**changes))
    return caught.value.lines


def test_settings_are_read_from_variables_named_in_capitals() -> None:
    settings = config.read(Settings, environ(TRUSTED_PROXIES="2"))

    assert settings.database_url == "postgresql+psycopg://web:pass%40word@db/registration"
    assert settings.base_url == "https://coproduce.example.org"
    assert settings.address_key == bytes.fromhex(KEY)
    assert settings.link_keys.signing == 2
    assert settings.trusted_proxies == 2


def test_only_what_is_right_everywhere_has_a_default() -> None:
    settings = config.read(Settings, environ())

    assert settings.theme == "charity"
    assert settings.trusted_proxies == 0
    assert settings.log_level == "INFO"
    assert settings.registrations_per_network_hour == 30


def test_everything_wrong_is_named_at_once_with_its_remedy() -> None:
    with pytest.raises(ConfigurationError) as caught:
        config.read(Settings, {})

    assert len(caught.value.lines) == 9
    assert (
        "BASE_URL: Missing. Set it to the address people see, like https://coproduce.example.org."
        in caught.value.lines
    )


def test_a_blank_variable_counts_as_missing() -> None:
    assert lines_about(ORGANISATION="  ")[0].startswith("ORGANISATION: Missing. Set it to")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BASE_URL", "coproduce.example.org"),
        ("BASE_URL", "https://coproduce.example.org/"),
        ("BASE_URL", "https://coproduce.example.org/path"),
        ("BASE_URL", "ftp://coproduce.example.org"),
        ("BASE_URL", "https://me@coproduce.example.org"),
        ("BASE_URL", "https://coproduce.example.org:99999"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "mysql://db/registration"),
        ("DATABASE_URL", "postgresql+asyncpg://db/registration"),
        ("DATABASE_URL", "postgresql://db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "nonsense"),
        ("LINK_KEYS", "1:abcd"),
        ("LINK_KEYS", KEY),
        ("LINK_KEYS", f"0:{KEY}"),
        ("LINK_KEYS", f"1:{KEY},1:{KEY}"),
        ("ADDRESS_KEY", "ab" * 31),
        ("SECRET_KEY", "not hex at all"),
        ("INSTANCE", "Has Capitals"),
        ("CONTACT_EMAIL", "nobody"),
        ("THEME", "hospital"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "one"),
        ("LOG_LEVEL", "LOUD"),
        ("REGISTRATIONS_PER_NETWORK_HOUR", "0"),
    ],
)
def test_a_wrong_value_is_refused_and_never_repeated(variable: str, value: str) -> None:
    (line,) = lines_about(**{variable: value})

    assert line.startswith(f"{variable}: ")
    assert "Set it to" in line
    assert value not in line.removeprefix(variable).partition("Set it to")[0]


@pytest.mark.parametrize("port", ["http://127.0.0.1:8000", "http://[::1]:8000"])
def test_a_base_url_may_have_a_port(port: str) -> None:
    assert config.read(Settings, environ(BASE_URL=port)).base_url == port


def test_sqlite_files_are_allowed() -> None:
    url = "sqlite:////srv/coproduce/registration.sqlite3"

    assert config.read(Settings, environ(DATABASE_URL=url)).database_url == url


def test_the_repr_of_settings_tells_no_secret() -> None:
    text: Any = repr(config.read(Settings, environ()))

    assert KEY not in text
    assert str(bytes.fromhex(KEY)) not in text
    assert "pass%40word" not in text
    assert "https://coproduce.example.org" in text

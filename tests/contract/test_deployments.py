"""What deployments are told: the same as routes, contracts and settings say."""

import dataclasses
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifications.mail.settings import MailboxSettings, SendGridSettings, SmtpSettings
from shared.config import read
from shared.messaging.rabbit import definitions
from shared.process_settings import (
    ServingSettings,
    SweepSettings,
    TopologySettings,
    WorkerSettings,
)
from shared.service import Service
from standalone import gateway
from standalone.services import SERVICES

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
MAILERS = [MailboxSettings, SendGridSettings, SmtpSettings]
PROCESSES = [
    pytest.param(service, process, id=f"{service.name}-{process}")
    for service in SERVICES
    for process in ("web", "worker", "migrate", "topology")
]


def settings_of(service: Service, process: str) -> list[type[Any]]:
    """Return what a process reads from its environment."""
    sweep = [SweepSettings] if service.handlers else []
    settings: dict[str, list[type[Any]]] = {
        "web": [service.settings, ServingSettings],
        "worker": [service.settings, WorkerSettings, *sweep],
        "migrate": [service.settings],
        "topology": [TopologySettings],
    }
    return settings[process]


def make_secrets(path: Path) -> dict[str, str]:
    """Return what `make secrets` writes to *path*."""
    subprocess.run([ROOT / "deploy/secrets.sh", path], check=True, capture_output=True)
    lines = [line for line in path.read_text().splitlines() if line and line[0] != "#"]
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


def told(name: str, secrets: dict[str, str]) -> dict[str, str]:
    """Return the environment of the container *name*, given the contents of .env."""
    environment: dict[str, str] = COMPOSE["services"][name]["environment"]

    def value(found: re.Match[str]) -> str:
        return secrets[found[1]] if found[2] == "?" else ""  # what may be blank is so at first

    return {
        variable: re.sub(r"\$\{(\w+):([?-])[^}]*\}", value, text)
        for variable, text in environment.items()
    }


@pytest.mark.parametrize(
    ("path", "rendered"),
    [
        ("deploy/Caddyfile", gateway.render()),
        ("deploy/rabbitmq/definitions.json", definitions.render()),
    ],
)
def test_what_is_rendered_is_fresh(path: str, rendered: str):
    assert (ROOT / path).read_text() == f"{rendered}\n", "run make render"


@pytest.mark.parametrize(("service", "process"), PROCESSES)
def test_a_container_is_told_all_it_needs_and_no_more(
    service: Service, process: str, tmp_path: Path
):
    wanted = settings_of(service, process)

    environ = told(f"{service.name}-{process}", make_secrets(tmp_path / ".env"))

    for settings in wanted:
        read(settings, environ)  # raises where something is missing or wrong
    may = [*wanted, *MAILERS] if (service.name, process) == ("notifications", "worker") else wanted
    known = {field.name.upper() for settings in may for field in dataclasses.fields(settings)}
    assert environ.keys() - known == set()


def test_only_the_gateway_can_be_reached_from_elsewhere():
    published = {
        name: container["ports"]
        for name, container in COMPOSE["services"].items()
        if "ports" in container
    }

    assert published == {
        "caddy": ["${GATEWAY_PORT:?}:8080"],
        "rabbitmq": ["127.0.0.1:15672:15672"],
    }


def test_secrets_are_for_their_owner_alone_and_of_this_installation_alone(tmp_path: Path):
    one, other = tmp_path / "one", tmp_path / "other"

    secrets, others = make_secrets(one), make_secrets(other)

    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    random = [value for value in secrets.values() if re.search(r"[0-9a-f]{64}$", value)]
    assert len(set(random)) == len(random) == 15
    assert not set(random) & set(others.values())


def test_secrets_are_never_made_anew(tmp_path: Path):
    path = tmp_path / ".env"
    make_secrets(path)
    before = path.read_bytes()

    again = subprocess.run([ROOT / "deploy/secrets.sh", path], capture_output=True, text=True)

    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert path.read_bytes() == before

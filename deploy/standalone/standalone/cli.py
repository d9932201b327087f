"""The command `standalone`: serve everything, or tell one service what to do."""

from pathlib import Path
from typing import Any

import click

from shared import logging
from shared.commandline import PlainGroup
from shared.config import WebSettings, read
from standalone.beginning import begin
from standalone.home import Home
from standalone.roof import Roof
from standalone.services import COMMANDS, SERVICES
from standalone.serving import HOST, listen, serve

_WELCOME = """
Coproduce is running at {url}

  Try this first
  1. Open {url} and choose "The importance of co-production".
  2. Register with any name and address. No mail leaves this machine.
  3. Read the mail at {url}/mailbox and follow its link to your own page.
  4. {staff}

  Data, keys and the log are in {directory}. Ctrl-C stops it; nothing is lost.
"""
# Shown once. Who has lost it, or was too late: standalone membership staff reset.
_FIRST_ACCOUNT = """Choose a password for staff@example.org, who may do everything as staff:
     {url}{path}
     This link works once, for three days. Then sign in at {url}/staff"""


class _Directory(click.Path):
    """A directory with a name: an empty one would be whatever is current."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not str(value).strip():
            self.fail("name a directory, like var", param, ctx)
        return super().convert(value, param, ctx)


_var = click.option("--var", default="var", show_default=True, type=_Directory(path_type=Path))


@click.group(cls=PlainGroup)
def main() -> None:
    """All of Coproduce in one process, without a broker."""


@main.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@_var
def serve_all(port: int, var: Path) -> None:
    """Serve everything at one address, until told to stop."""
    home = Home(var)
    new = home.open()
    bound = listen(port)
    url = f"http://{HOST}:{port}"
    environs = {service.name: home.environ(service.name, base_url=url) for service in SERVICES}
    logging.configure(read(WebSettings, environs["registration"]).log_level, home.log())
    roof = Roof(environs)
    staff = f"Staff sign in at {url}/staff"
    if new:
        staff = _FIRST_ACCOUNT.format(url=url, path=begin(roof))
        home.has_served()
    click.echo(_WELCOME.format(url=url, directory=home.directory, staff=staff))
    serve(roof, bound)


def _told(own: click.Group) -> click.Command:
    """Return a service's own command, with the settings it has under this roof."""
    service = str(own.name)

    @click.command(
        service,
        help=f"Run the command of {service} on what is kept in --var and served at --port.",
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )
    @_var
    @click.option("--port", default=8000)
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(var: Path, port: int, words: tuple[str, ...]) -> None:
        environ = Home(var).environ(service, base_url=f"http://{HOST}:{port}")
        own.main(list(words), prog_name=service, obj=environ)

    return command


for _own in COMMANDS:
    main.add_command(_told(_own))

"""The command `membership`."""

from shared.commandline import service_command
from shared.config import WebSettings

main = service_command("membership", WebSettings, "Who belongs, and what they have agreed to.")

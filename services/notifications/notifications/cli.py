"""The command `notifications`."""

from notifications.app import SERVICE
from shared.processes import service_command

main = service_command(SERVICE)

"""The command `notifications`."""

from notifications.config import NotificationsSettings
from shared.commandline import service_command

main = service_command(
    "notifications", NotificationsSettings, "Mail: what is sent to whom, and with what permission."
)

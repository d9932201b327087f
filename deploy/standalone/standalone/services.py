"""The services under this roof, and their commands."""

import membership.app
import membership.cli
import notifications.app
import notifications.cli
import registration.app
import registration.cli

SERVICES = (membership.app.SERVICE, registration.app.SERVICE, notifications.app.SERVICE)
COMMANDS = (membership.cli.main, registration.cli.main, notifications.cli.main)

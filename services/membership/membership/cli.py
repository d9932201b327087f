"""The command `membership`."""

from membership.app import SERVICE
from membership.staff.cli import staff
from shared.processes import service_command

main = service_command(SERVICE)
main.add_command(staff)

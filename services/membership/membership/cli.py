"""The command `membership`."""

from membership.app import SERVICE
from membership.members.cli import choice, erasures
from membership.staff.cli import staff
from shared.processes import service_command

main = service_command(SERVICE)
for group in (choice, erasures, staff):
    main.add_command(group)

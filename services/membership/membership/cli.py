"""The command `membership`."""

from membership.app import SERVICE
from membership.members.cli import choice, erase_again, erased, erasures
from membership.staff.cli import staff
from shared.processes import service_command

main = service_command(SERVICE)
for group in (choice, erasures, erased, erase_again, staff):
    main.add_command(group)

"""How gunicorn serves what is measured, ours and the yardstick alike."""

import sys
from typing import Any

from shared import logging

workers = 2
threads = 4  # more only contend for the interpreter, which is what requests mostly need
worker_class = "gthread"
control_socket_disable = True


def post_fork(_server: Any, _worker: Any) -> None:
    """Log as a service does: a line of JSON for each request."""
    logging.configure("INFO", sys.stdout)

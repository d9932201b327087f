"""Serving until told to stop: the web server in front, the loops behind."""

import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from shared.commandline import Wrong
from standalone.roof import Roof

HOST = "127.0.0.1"
THREADS = 8
_LARGEST_BODY = 32 * 1024 * 1024  # bytes; each service refuses far less, and says so politely


class PortTaken(Wrong):
    """The port cannot be had; the message says why and what to do."""


def listen(port: int) -> socket.socket:
    """Return a socket bound to *port* of this machine alone. Raises PortTaken."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        raise PortTaken(
            f"PORT: {port} cannot be used ({error.strerror}). "
            f"Choose another: make run PORT={port + 1}"
        ) from error
    return bound


def serve(roof: Roof, bound: socket.socket) -> None:
    """Serve *roof* on *bound* until SIGTERM or Ctrl-C; what is under way is finished."""
    server = create_server(
        roof.front(),
        sockets=[bound],
        threads=THREADS,
        max_request_body_size=_LARGEST_BODY,
        ident=None,
    )
    signal.signal(signal.SIGTERM, _leave)
    roof.start()
    try:
        server.run()  # returns when the signal's SystemExit reaches it
    finally:
        roof.stop()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)

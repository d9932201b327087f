"""What is logged, by whomever, before anything is blacked out."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import structlog

from shared.logging import configure


@contextmanager
def everything_logged(*, but_by: str = "\0") -> Iterator[Callable[[], str]]:
    """Yield what tells all that has been logged since, at any level, with logging configured.

    Loggers whose names begin with *but_by* are a server's that a test runs beside our own code.
    """
    handlers, level = logging.root.handlers[:], logging.root.level
    configure("DEBUG", StringIO())
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: not record.name.startswith(but_by))
    logging.root.addHandler(handler)
    yield stream.getvalue
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()

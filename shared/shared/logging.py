"""Logs: one JSON line per fact on one stream, with nothing about anybody in it."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

# Greedy on purpose: a word with an @ in it, as written or as a browser encodes it.
ADDRESS = re.compile(r"[^\s\"<>()\[\]{},;=&?]{1,254}(?:@|%40)[^\s\"<>()\[\]{},;=&?]+")
# The token of shared.links: 52 URL-safe characters, no more and no fewer.
_TOKEN = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{52}(?![\w-])")
_LONGEST_CHAIN = 10
# They tell of each lost connection at length, its address included; we tell it once, in words.
_TALKATIVE = ("amqp", "kombu", "pika")
_CHATTY = ("alembic",)  # a line whenever it looks


def configure(level: str, stream: TextIO) -> None:
    """Send every log line of this process, the libraries' too, to *stream* as JSON."""
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tell_exception,
            redact,
            structlog.processors.JSONRenderer(),
        ],
    )
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    for library in _CHATTY:
        logging.getLogger(library).setLevel(logging.WARNING)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return *event* without e-mail addresses and link tokens, wherever they slipped in."""
    return {str(_redacted(key)): _redacted(value) for key, value in event.items()}


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return *event* with what was raised and where.

    Never an exception's message: a database repeats the row it refused, a parser the text.
    """
    stated = event.pop("exc_info", None)
    if isinstance(stated, tuple):
        stated = stated[1]
    error = stated if isinstance(stated, BaseException) else stated and sys.exc_info()[1]
    if error:
        event["exception"] = [_described(link) for link in _chain(error)]
    return event


def _redacted(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {str(_redacted(key)): _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_redacted(item) for item in value]
    return _TOKEN.sub("[link]", ADDRESS.sub("[address]", str(value)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield *error*, then what caused it, and so on."""
    link: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _described(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = traceback.extract_tb(error.__traceback__)
    # The database's own code for what went wrong says nothing about anybody.
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    } | ({"code": code} if code else {})

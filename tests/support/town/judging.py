"""Whether an answer is one that may be given, whatever was asked."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.support.town import corpus
from tests.support.town.place import HERE
from tests.support.town.sending import Answered

PROBLEM = "application/problem+json"
_PROBLEM_HAS = {"type", "title", "status", "detail", "instance"}


def complaints(answered: Answered) -> Iterator[str]:
    """Yield what is wrong with an answer: it failed, let through, leads away or repeats code."""
    answer = answered.answer
    if answer.status_code >= 500 or "Traceback" in answer.text:
        yield f"it failed: {answer.status_code}"
    if 400 <= answer.status_code < 500:
        yield from _of_a_refusal(answered)
    if answer.location and not _is_within(answer.location):
        yield f"it leads to {answer.location}"
    if corpus.INJECTED in answer.headers:
        yield "it has a header of the sender's own"
    if answer.mimetype == "text/html":
        code = (corpus.SCRIPT, corpus.QUOTE, corpus.COMPUTED)
        yield from (f"it repeats {each}" for each in code if each in answer.text)


def _of_a_refusal(answered: Answered) -> Iterator[str]:
    status = answered.answer.status_code
    if answered.changed:
        yield f"{status}, and yet something was stored: {answered.changed}"
    if not _is_in_our_words(answered.answer):
        yield f"{status}, not in our words: {answered.answer.text[:60]!r}"


def _is_in_our_words(answer: TestResponse) -> bool:
    if answer.mimetype == PROBLEM:
        return bool((answer.get_json() or {}).keys() >= _PROBLEM_HAS)
    return answer.mimetype == "text/html" and "app-footer" in answer.text


def _is_within(location: str) -> bool:
    path = location.removeprefix(HERE)
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc and path.startswith("/") and path[1:2] != "\\"

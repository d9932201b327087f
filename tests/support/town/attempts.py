"""Every way to send what nobody should: to each form that was found, and to each route."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.routing import Rule

from tests.support.town import corpus
from tests.support.town.filling import Attempt, Pairs, Seen, quoted

_JSON = "application/json"
_IN_PARTS = "multipart/form-data; boundary=edge"
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_SOMETHING = "01890a5d-ac96-774b-bcce-b302099a8057"
_LONGEST_QUERY = 10_000
_OURS = "csrf_token"
_DATE = ("day", "month", "year", "time")
_QUERIES = ("%zz&%", "%ff=%ff", "%00", "a=%0d%0ab", "&&&=", "a&" * 2_000)


def of_forms(forms: Iterable[Seen]) -> Iterator[Attempt]:
    """Yield what can be sent by *forms*: all of it to each, and some by each of its buttons."""
    known: set[tuple[str, frozenset[str]]] = set()
    for seen in forms:
        yield from _of_all_fields(seen)
        if (seen.rule, seen.form.names) not in known:
            known.add((seen.rule, seen.form.names))
            yield from _of_form(seen)


def _of_all_fields(seen: Seen) -> Iterator[Attempt]:
    for worst in corpus.WORST:
        bad = dict.fromkeys(seen.form.names - {_OURS}, corpus.TEXTS[worst])
        yield seen.sent(_with(seen.good, bad), f"all {worst}")
    if set(_DATE) <= seen.form.names:
        for date in corpus.DATES:
            bad = dict(zip(_DATE, date, strict=True))
            yield seen.sent(_with(seen.good, bad), f"date {'/'.join(date)}")


def _of_form(seen: Seen) -> Iterator[Attempt]:
    for name in sorted(seen.form.names):
        yield from _of_field(seen, name)
    whole = seen.sent([], "")
    yield from of_body(whole)
    as_json = json.dumps(dict(seen.good)).encode()
    yield replace(whole, what="as JSON", body=as_json, content_type=_JSON)
    for name in sorted({name for name, _ in seen.good} - {_OURS}):
        for worst in corpus.WORST:
            body = _in_parts(_with(seen.good, {name: corpus.TEXTS[worst]}))
            what = f"{name} in parts, {worst}"
            yield replace(whole, what=what, body=body, content_type=_IN_PARTS)


def of_json(rule: str, path: str, good: Mapping[str, Any]) -> Iterator[Attempt]:
    """Yield what can be sent to a route that takes JSON, *good* being right."""
    for name in good:
        for value in corpus.ODD_JSON:
            body = json.dumps({**good, name: value}).encode()
            what = f"{name} {str(value)[:20]!r}"
            yield Attempt(rule, what, "POST", path, body=body, content_type=_JSON)


def of_path(method: str, rule: Rule) -> Iterator[Attempt]:
    """Yield the paths of a route that nobody was told."""
    for argument in sorted(rule.arguments):
        for what, part in corpus.PARTS.items():
            parts = {name: part if name == argument else _SOMETHING for name in rule.arguments}
            path = _ARGUMENT.sub(lambda found, parts=parts: parts[found[1]], rule.rule)  # type: ignore[misc]
            yield Attempt(rule.rule, f"{argument} {what}", method, path)


def of_address(known: Attempt, queries: Collection[str]) -> Iterator[Attempt]:
    """Yield what can be asked at a *known* address, by who may ask there, besides what is meant."""
    for method in corpus.METHODS:
        yield replace(known, what=f"method {method}", method=method)
    for name, value in corpus.HEADERS:
        yield replace(known, what=f"header {name}", headers=((name, value),))
    path = known.path.partition("?")[0]
    for query in _QUERIES:
        yield replace(known, what=f"query {query[:20]}", path=f"{path}?{query}")
    for name in sorted(queries):
        for what, text in corpus.TEXTS.items():
            if len(text) < _LONGEST_QUERY:
                asked = f"{path}?{name}={quoted(text)}"
                yield replace(known, what=f"query {name} {what}", path=asked)


def _of_field(seen: Seen, name: str) -> Iterator[Attempt]:
    good = seen.good
    rest = [pair for pair in good if pair[0] != name]
    for what, text in corpus.TEXTS.items():
        yield seen.sent([*rest, (name, text)], f"{name} {what}")
    yield seen.sent(rest, f"{name} missing")
    yield seen.sent([*good, (name, "after")], f"{name} twice")
    yield seen.sent([(name, "before"), *good], f"{name} twice, the wrong one first")
    yield seen.sent([*good, *[(name, "again")] * 90], f"{name} many times")
    yield seen.sent([*rest, (f"{name}[]", "a"), (f"{name}[a]", "b")], f"{name} as a list")


def of_body(whole: Attempt) -> Iterator[Attempt]:
    """Yield *whole* with each body that is none."""
    for what, (kind, body) in corpus.BODIES.items():
        yield replace(whole, what=f"body {what}", body=body, content_type=kind)


def _in_parts(pairs: Iterable[tuple[str, str | bytes]]) -> bytes:
    parts = (
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in pairs
    )
    return b"".join(parts) + b"--edge--\r\n"


def _with(good: Pairs, bad: Mapping[str, str | bytes]) -> Pairs:
    """Return *good* with the *bad* in place of what has these names, or besides."""
    return [*(pair for pair in good if pair[0] not in bad), *bad.items()]

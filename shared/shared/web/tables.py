"""Tables for spreadsheet programs, which take some texts for formulas and run them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import Response
from sqlalchemy.orm import Session

from shared.web.limits import Window, hit
from shared.web.staff import current_staff

_AN_HOUR = 20  # tables that one account may take
# OWASP, "CSV injection": what a cell must not begin with.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What stands before it still runs where a program trims, or is a full-width form of it.
_WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
_BOM = "\ufeff"  # by which spreadsheet programs know UTF-8


def count_one(session: Session) -> None:
    """Count one more table that who is asking takes. Raises TooManyRequests."""
    bucket = f"exports:account:{current_staff().account_id}"
    hit(session, Window(bucket=bucket, limit=_AN_HOUR, per=timedelta(hours=1)))


def handed_over(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return the table as a file to keep, *name*.csv."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(as_csv(head, rows), headers=headers, content_type="text/csv; charset=utf-8")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV (RFC 4180), none of whose cells is a formula."""
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    is_run = cell.startswith(_RUNS) or cell.lstrip().startswith((*_RUNS, *_WIDE))
    return f"'{cell}" if is_run else cell

"""Looking at dead letters: those of a group, one of them, and those that were discarded."""

import json

from flask import abort, render_template, request

from shared.messaging import dead
from shared.messaging.dead import PAGE
from shared.staff import Role, record
from shared.web.house import reading, transaction
from shared.web.staff import current_staff, require
from shared.web.system.blueprint import letter_of, system, which

_LAST_PAGE = 10_000
_MOST = 100_000  # characters of a content


@system.get("/letters")
@require(Role.ADMINISTRATOR)
def letters() -> str:
    """Show a group, a page at a time."""
    asked, page = which(request.args), _page()
    with reading() as session:
        groups = dead.groups(session, asked)
        found = dead.letters(session, asked, page=page)
    if len(groups) > 1:  # the address names no group
        abort(404)
    return render_template(
        "shared/system/letters.html",
        group=groups[0] if groups else None,
        letters=found[:PAGE],
        more=len(found) > PAGE,
        page=page,
    )


@system.get("/letters/<int:letter_id>")
@require(Role.ADMINISTRATOR)
def letter(letter_id: int) -> str:
    """Show what is known of one, but for its content, which may be about somebody."""
    with reading() as session:
        return render_template(
            "shared/system/letter.html", letter=letter_of(session, letter_id), content=None
        )


@system.post("/letters/<int:letter_id>")
@require(Role.ADMINISTRATOR)
def open_letter(letter_id: int) -> str:
    """Show one with its content; it is recorded who looked."""
    with transaction("open_letter") as session:
        found = letter_of(session, letter_id)
        about = f"dead_letter:{letter_id}"
        record(session, current_staff(), action="dead_letter_opened", about=about)
    return render_template(
        "shared/system/letter.html", letter=found, content=_in_characters(found.body or b"")
    )


@system.get("/discarded")
@require(Role.ADMINISTRATOR)
def discarded() -> str:
    """Show what was discarded, and why."""
    page = _page()
    with reading() as session:
        found = dead.discarded(session, page=page)
    return render_template(
        "shared/system/discarded.html", letters=found[:PAGE], more=len(found) > PAGE, page=page
    )


def _page() -> int:
    return min(max(request.args.get("page", 1, int), 1), _LAST_PAGE)


def _in_characters(body: bytes) -> str:
    """Return *body* laid out for reading; what is no JSON with its unusual bytes as numbers."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = repr(body)[2:-1]
    return text if len(text) <= _MOST else f"{text[:_MOST]}\n… and more"

"""What may be sent to us: little, and readable. Refused before anything else looks at it."""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

LARGEST_BODY = 64 * 1024  # bytes; a view that takes more sets request.max_content_length
MOST_FIELDS = 100
# No name or search has them, and PostgreSQL refuses NUL with an error.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def install(app: Flask) -> None:
    """Refuse what is too large (413) or can't be read (400), and addresses nothing can have."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS

    @app.before_request
    def refuse_unreadable() -> None:
        if _CONTROL.search(request.path):
            abort(404)
        if _CONTROL.search(_text(request.query_string)):
            abort(400)
        # Werkzeug cuts a body of unknown length off at the limit without a word.
        if request.content_length is None and len(request.get_data()) >= LARGEST_BODY:
            abort(413)
        if request.mimetype == "application/x-www-form-urlencoded":
            _check_form(request.get_data())
        # Nobody can ask for a part without a name, and what looks through them all fails at it.
        if request.mimetype == "multipart/form-data" and not all([*request.form, *request.files]):
            abort(400)


def _check_form(body: bytes) -> None:
    # Werkzeug counts the fields of multipart forms only, and reads bad bytes as other text.
    if body.count(b"&") >= MOST_FIELDS:
        abort(413)
    _text(body)


def _text(quoted: bytes) -> str:
    try:
        return unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        abort(400)

"""/mailbox: the mails that a provider would have been given, to be looked at."""

from uuid import UUID

from flask import Blueprint, Response, abort, g, make_response, render_template, request
from werkzeug.sansio.utils import host_is_trusted

from notifications.mail.mailbox import Letter, Mailbox, NoSuchLetter
from shared.web.headers import policy

MAILBOX = "/mailbox"  # only under this roof, so not in routes.toml
_NAMES = ("127.0.0.1", "localhost")  # of this machine
# Links in a mail lead the whole window, not the frame that shows the mail.
_SANDBOX = "allow-popups allow-top-navigation-by-user-activation"
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def mailbox_pages(mailbox: Mailbox) -> Blueprint:
    """Return the pages that show what is in *mailbox*."""
    pages = Blueprint("mailbox", __name__, url_prefix=MAILBOX, template_folder="templates")

    @pages.before_request
    def refuse_other_names() -> None:
        # A site elsewhere can give its own name the address of this machine, and so make the
        # browser of whoever visits it read here (DNS rebinding).
        if not host_is_trusted(request.host, _NAMES):
            abort(404)

    @pages.get("")
    def headings() -> str:
        return render_template("standalone/mailbox.html", letters=list(mailbox.headings()))

    @pages.get("/<uuid:id>")
    def letter(id: UUID) -> Response:
        page = render_template(
            "standalone/letter.html", letter=_read(mailbox, id), sandbox=_SANDBOX
        )
        response = make_response(page)
        framing = policy(g.csp_nonce) + "; frame-src 'self'"
        response.headers["Content-Security-Policy"] = framing
        return response

    @pages.get("/<uuid:id>/html")
    def html(id: UUID) -> Response:
        text = _read(mailbox, id).html.replace("<head>", '<head><base target="_top">', 1)
        return Response(text, headers={"Content-Security-Policy": _LETTER_POLICY})

    return pages


def _read(mailbox: Mailbox, id: UUID) -> Letter:
    try:
        return mailbox.read(id)
    except NoSuchLetter:
        abort(404)

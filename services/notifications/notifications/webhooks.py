"""What the provider tells us: checked, stored, and answered at once. Nothing else happens here."""

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from notifications import receipts
from notifications.mail.signatures import SIGNATURE, TIMESTAMP, Signatures
from notifications.reports import read_reports
from shared.db import database_now
from shared.web import clock, problem, settings, transaction

LARGEST_POST = 4 * 1024 * 1024  # bytes; SendGrid posts at 768 kB at the latest


def install(app: Flask, signatures: Signatures) -> None:
    """Take in receipts that one of *signatures* vouches for."""
    hooks = Blueprint("webhooks", __name__)

    @hooks.post("/webhooks/sendgrid/events")
    def events() -> Response:
        """Store what the provider reports of our mails; it repeats what is not answered by 2xx."""
        request.max_content_length = LARGEST_POST
        body = request.get_data(cache=False)
        signature = request.headers.get(SIGNATURE, "")
        timestamp = request.headers.get(TIMESTAMP, "")
        if not signatures.hold(body, signature, timestamp, clock()):
            return problem(401, "The signature is not one that SendGrid made in the last day.")
        with transaction("receipts.kept") as session:
            moment = database_now(session)
            receipts.keep(session, read_reports(body, settings().address_key, moment))
        return Response(status=204)

    app.extensions["csrf"].exempt(hooks)
    app.register_blueprint(hooks)

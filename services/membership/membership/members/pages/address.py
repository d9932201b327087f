"""Another email address for a member: a form on their own page, a button behind the mailed link."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from membership.config import MembershipSettings
from membership.members import addresses, consents, queries
from membership.members.models import AddressChange, Member, MemberState
from membership.members.pages.counting import count
from membership.members.pages.own import member_behind
from membership.members.schemas import AddressSchema
from membership.members.wordings import ConsentPurpose
from shared.addresses import address_key
from shared.links import Purpose
from shared.web import links, reading, settings, transaction
from shared.web.errors import answer
from shared.web.forms import load
from shared.web.words import Words

address = Blueprint("address", __name__)

_THE_SAME = "Enter another email address than the one we write to already"
_REPLACED = Words(
    title="This link no longer works",
    meaning="You may have pressed its button already, it is older than 7 days, "
    "or a newer one has replaced it.",
    remedy="Look for a newer email from us: one of them has the link to your own page.",
)
_TAKEN = Words(
    title="This address has a membership already",
    meaning="So nothing has changed: an address can have one membership only.",
    remedy="Enter the address on our form to join, and we send you the link to that membership. "
    "If you need help, email us.",
)
_JOIN = {"href": "/join", "text": "Have the link sent"}


@address.get("/members/<token>/address")
def form(token: str) -> str:
    """Ask where a member's mail is to go instead."""
    return _form(token, {}, {})


@address.post("/members/<token>/address")
def send_form(token: str) -> Response | tuple[str, int]:
    """Have the address that was typed asked for proof. The answer is the same for each."""
    with reading() as database:
        values, errors = typed(member_behind(database, token, joined=True))
    if errors:
        return _form(token, values, errors), 422
    with transaction("address") as database:
        ask(database, member_behind(database, token, lock=True), values["email"])
    return redirect(url_for("own.show", token=token, changed="address"), 303)


@address.get("/addresses/<token>")
def ask_for_proof(token: str) -> str:
    """Ask whether the address is the member's: looking alone changes nothing."""
    with reading() as database:
        member, asked = _asked(database, token)
        said = consents.standing(database, member.id).get(ConsentPurpose.INVITATIONS)
    return render_template(
        "membership/prove_address.html",
        email=asked.email,
        invitations=said.wording if said and said.given else None,
    )


@address.post("/addresses/<token>")
def prove(token: str) -> Response:
    """Change the address, which has proven by this link to be the member's."""
    try:
        with transaction("prove_address") as database:
            member, asked = _asked(database, token, lock=True)
            addresses.change(database, member, asked)
            own = links().token(Purpose.MEMBER, member.id, member.link_generation)
    except addresses.Taken:
        return answer(409, _TAKEN, link=_JOIN)
    return redirect(url_for("own.show", token=own, changed="address_proven"), 303)


def typed(member: Member) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the address that was typed for *member*, and what is wrong with it."""
    values, errors = load(AddressSchema(), request.form)
    if not errors and _key(values["email"]) == member.address_key:
        errors = {"email": _THE_SAME}
    return values, errors


def ask(database: Session, member: Member, email: str) -> None:
    """Have *email* asked for proof for the locked *member*. Raises TooManyRequests."""
    key = _key(email)
    count(database, "addresses", key)
    addresses.ask(database, member, email=email, address_key=key)


def _key(email: str) -> str:
    return address_key(settings(MembershipSettings).address_key, email)


def _form(token: str, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as database:
        member = member_behind(database, token, joined=True)
    return render_template(
        "membership/address.html", token=token, member=member, values=values, errors=errors
    )


def _asked(database: Session, token: str, *, lock: bool = False) -> tuple[Member, AddressChange]:
    link = links().read(token, Purpose.ADDRESS)
    member = queries.member(database, link.id, lock=lock)
    asked = addresses.asked(database, link.id)
    if member is None or member.state != MemberState.JOINED:
        abort(answer(410, _REPLACED))
    if asked is None or link.generation < asked.generation:
        abort(answer(410, _REPLACED))
    return member, asked

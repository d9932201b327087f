"""Who of the staff is asking: told by a cookie that all services can read, asked for anew every
ten minutes. Only membership hands it out: see docs/adr/0011."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, Response, g, redirect, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from shared.staff import Role, Staff, has_ended, record
from shared.web import house
from shared.web.console import items
from shared.web.errors import answer
from shared.web.words import NOT_ALLOWED

__all__ = [
    "COOKIE",
    "Role",
    "Staff",
    "current_staff",
    "hand_out",
    "install",
    "record",
    "require",
    "required_role",
    "take_back",
]

COOKIE = "coproduce_staff"
LIVES = timedelta(minutes=10)
RENEW = "/staff/renew"
_HOME = {"href": "/staff", "text": "Go to the first page for staff"}
View = TypeVar("View", bound=Callable[..., Any])


def install(app: Flask) -> None:
    """Let the templates of *app* show who is signed in, and where they may go."""

    @app.context_processor
    def signed_in() -> dict[str, Any]:
        staff: Staff | None = g.get("staff")
        return {"staff": staff, "console": items(staff) if staff else []}


def require(role: Role) -> Callable[[View], View]:
    """Return a decorator that lets only staff see a view who may do what *role* may.

    Others are sent to sign in and come back, with what they posted, and see what they asked for.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            staff = _asking()
            if staff is None:
                return _to_renewal()
            g.staff = staff
            if not staff.role.allows(role):
                return _not_allowed(role)
            return view(*args, **kwargs)

        guarded.__dict__["required_role"] = role
        return cast(View, guarded)

    return decorate


def required_role(view: Callable[..., Any]) -> Role | None:
    """Return the role that *view* was decorated with; None: it lets anybody in."""
    role: Role | None = vars(view).get("required_role")
    return role


def current_staff() -> Staff:
    """Return who is asking; in views with a required role only."""
    staff: Staff = g.staff
    return staff


def hand_out(response: AnyResponse, staff: Staff) -> None:
    """Let the browser that gets *response* come as *staff* for ten minutes."""
    until = (house.clock() + LIVES).timestamp()
    said = asdict(staff) | {"until": until}
    said |= {"account_id": str(staff.account_id), "session_id": str(staff.session_id)}
    response.set_cookie(
        COOKIE,
        _signer().dumps(said),
        max_age=LIVES,
        httponly=True,
        samesite="Lax",
        secure=house.settings().base_url.startswith("https://"),
    )


def take_back(response: AnyResponse) -> None:
    """Let the browser that gets *response* forget who it came as."""
    response.delete_cookie(COOKIE)


def _asking() -> Staff | None:
    staff = _read(request.cookies.get(COOKIE, ""), house.clock())
    if staff is None:
        return None
    with house.reading() as session:
        return None if has_ended(session, staff.session_id) else staff


def _read(cookie: str, moment: datetime) -> Staff | None:
    try:
        said = _signer().loads(cookie)
    except BadSignature:
        return None
    if said["until"] <= moment.timestamp():
        return None
    return Staff(
        account_id=UUID(said["account_id"]),
        session_id=UUID(said["session_id"]),
        name=said["name"],
        role=Role(said["role"]),
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        house.settings().staff_key,
        salt="coproduce staff cookie",
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )


def _to_renewal() -> AnyResponse:
    # What was posted goes along with a 307, and comes back the same way.
    path = request.full_path if request.query_string else request.path
    status = 303 if request.method in ("GET", "HEAD") else 307
    return redirect(f"{RENEW}?{urlencode({'next': path})}", status)


def _not_allowed(role: Role) -> Response:
    said = replace(NOT_ALLOWED, meaning=NOT_ALLOWED.meaning.format(role=role))
    return answer(403, said, link=_HOME)

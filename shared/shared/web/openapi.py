"""The API of a service: JSON in and out, errors as problems, described by OpenAPI 3.1."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from flask import Flask, Request, Response
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser, abort
from werkzeug.exceptions import HTTPException

from shared.web import house
from shared.web.errors import answer_http
from shared.web.problems import MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Any])


class FieldErrorSchema(Schema):
    """What is wrong with one field, and how to put it right."""

    field = fields.String(metadata={"description": "The field's name, dotted where nested"})
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """An error, as RFC 9457 has it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "Give it when you ask us"})
    errors = fields.List(fields.Nested(FieldErrorSchema))


class JsonParser(FlaskParser):
    """Reads bodies that are JSON and say so; says plainly what is wrong with others."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the body's JSON. Answers 415 to another type and 400 to what is not JSON."""
        if not req.is_json:
            abort(415)
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError):  # numbers too long to read, lists too deep
            _refuse_json()

    def _handle_invalid_json_error(self, *_: Any, **__: Any) -> NoReturn:
        _refuse_json()


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint of API routes. They use no cookies, so nobody can be made to send to them."""

    ARGUMENTS_PARSER = JsonParser()

    def problem(self, status: int, description: str) -> Callable[[View], View]:
        """Return a decorator that describes an error with which a view may answer."""
        described: Callable[[View], View] = self.alt_response(
            status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=description
        )
        return described


class _Api(SmorestApi):  # type: ignore[misc]
    ERROR_SCHEMA = ProblemSchema

    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        self._app.extensions["csrf"].exempt(blueprint)
        super().register_blueprint(blueprint, **options)

    def handle_http_exception(self, error: HTTPException) -> Response:
        return answer_http(error)

    def _register_responses(self) -> None:
        content = {MEDIA_TYPE: {"schema": ProblemSchema}}
        for status in HTTPStatus:
            described = {"description": status.phrase}
            problem = {"content": content} if status >= 400 else {}
            self.spec.components.response(status.name, described | problem, lazy=True)
        unlucky = {"description": "What went wrong", "content": content}
        self.spec.components.response("DEFAULT_ERROR", unlucky, lazy=True)


def make_api(app: Flask, *, title: str, version: str) -> Any:
    """Return the API of *app*, described at /v1/<package>/openapi.json: register blueprints on it.

    It is a `flask_smorest.Api`, which exempts its blueprints from the check of forms.
    """
    app.config["OPENAPI_URL_PREFIX"] = f"/v1/{app.name}"
    with app.app_context():
        servers = [{"url": house.settings().base_url}]
    described = {"title": title, "version": version, "openapi_version": "3.1.0", "servers": servers}
    return _Api(app, spec_kwargs=described)


def _refuse_json() -> NoReturn:
    abort(400, message="The body is not valid JSON. Nothing has been saved or changed.")

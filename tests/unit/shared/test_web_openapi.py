"""The API answers every mistake with a problem that names the field and the remedy."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from marshmallow import Schema, fields
from openapi_schema_validator import OAS31Validator, validate
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.web.forms import Text
from shared.web.openapi import Blueprint, make_api
from tests.support.web import an_app

blueprint = Blueprint("things", __name__, url_prefix="/v1/things", description="Things")


class PartSchema(Schema):
    """A part of a thing."""

    size = fields.Integer(required=True)


class ThingSchema(Schema):
    """A thing as it is sent."""

    name = Text(20, label="The name", enter="Give the thing a name")
    parts = fields.List(fields.Nested(PartSchema), load_default=[])


class PageSchema(Schema):
    """What part of the list is wanted."""

    limit = fields.Integer(load_default=10)


@blueprint.post("/")
@blueprint.arguments(ThingSchema)
@blueprint.response(202, ThingSchema)
def add(thing: dict[str, Any]) -> dict[str, Any]:
    """Add a thing."""
    return thing


@blueprint.get("/")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, ThingSchema(many=True))
def listed(page: dict[str, Any]) -> list[Any]:
    """List things."""
    return [{"name": str(page["limit"])}]


@blueprint.get("/<int:number>")
@blueprint.response(200, ThingSchema)
@blueprint.problem(404, "No such thing")
def thing(number: int) -> None:
    """Show a thing."""
    abort(404, "There is no such thing.")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        make_api(app, title="Things", version="1").register_blueprint(blueprint)
        yield app


@pytest.fixture
def client(app: Flask):
    return app.test_client()


def test_a_sound_body_is_taken_without_a_cookie(client) -> None:
    answer = client.post("/v1/things/", json={"name": "  Table "})

    assert answer.status_code == 202
    assert answer.json == {"name": "Table", "parts": []}
    assert "Set-Cookie" not in answer.headers


def test_wrong_fields_are_named_with_their_remedy(client) -> None:
    sent = {"name": " ", "parts": [{"size": 1}, {"size": "x"}], "colour": "red"}
    answer = client.post("/v1/things/", json=sent)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert sorted(answer.json["errors"], key=lambda error: error["field"]) == [
        {"field": "colour", "detail": "Unknown field."},
        {"field": "name", "detail": "Give the thing a name"},
        {"field": "parts.1.size", "detail": "Not a valid integer."},
    ]


def test_wrong_searches_are_named_too(client) -> None:
    answer = client.get("/v1/things/?limit=many")

    assert answer.status_code == 422
    assert answer.json["errors"] == [{"field": "limit", "detail": "Not a valid integer."}]


@pytest.mark.parametrize(
    "body",
    [b"{", b"nonsense", b"\xff\xfe", b'"\xed\xa0\x80"', b"[" * 60_000, b"1" * 60_000, b"{'a': 1}"],
)
def test_what_is_not_json_is_said_to_be_so(client, body: bytes) -> None:
    answer = client.post("/v1/things/", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert "not valid JSON" in answer.json["detail"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"7", b"true", b"NaN", b"[[]]"])
def test_json_of_another_shape_is_refused(client, body: bytes) -> None:
    answer = client.post("/v1/things/", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize(
    "name", ["\x00", "a\nb", "\ud800", 7, None, [], {}, "a" * 21, 1e400, chr(0xFFFD)]
)
def test_no_value_makes_us_fail(client, name: Any) -> None:
    body = json.dumps({"name": name, "parts": [{"size": name}], str(name): 1})
    answer = client.post("/v1/things/", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert json.loads(answer.data)["errors"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_another_type_of_content_is_refused(client, kind: str | None) -> None:
    answer = client.post("/v1/things/", data=b'{"name":"Table"}', content_type=kind)

    assert answer.status_code == 415
    assert "Content-Type: application/json" in answer.json["detail"]


def test_a_view_says_what_is_missing(client) -> None:
    assert client.get("/v1/things/7").json["detail"] == "There is no such thing."


def test_a_huge_body_is_a_problem(client) -> None:
    answer = client.post("/v1/things/", json={"name": "a" * 70_000})

    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_errors_of_pages_stay_pages(client) -> None:
    assert client.get("/nowhere").mimetype == "text/html"


def test_the_description_is_valid_openapi(client) -> None:
    answer = client.get("/v1/sample/openapi.json")
    OpenAPIV31SpecValidator(answer.json).validate()

    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["info"] == {"title": "Things", "version": "1"}
    assert answer.json["servers"] == [{"url": "http://localhost"}]
    name = answer.json["components"]["schemas"]["Thing"]["properties"]["name"]
    assert (name["minLength"], name["maxLength"]) == (1, 20)


def test_errors_are_described_as_problems(client) -> None:
    described = client.get("/v1/sample/openapi.json").json

    assert described["paths"]["/v1/things/"]["post"]["responses"]["default"] == {
        "$ref": "#/components/responses/DEFAULT_ERROR"
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for name in ("DEFAULT_ERROR", "UNPROCESSABLE_ENTITY"):
        assert described["components"]["responses"][name]["content"] == problem
    assert described["paths"]["/v1/things/{number}"]["get"]["responses"]["404"] == {
        "description": "No such thing",
        "content": problem,
    }


def test_a_problem_is_as_it_is_described(client) -> None:
    described = client.get("/v1/sample/openapi.json").json
    answer = client.post("/v1/things/", json={})
    problem = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
    validate(answer.json, problem, cls=OAS31Validator)

    assert answer.json["errors"][0]["field"] == "name"

"""Each API answers as its OpenAPI document says, whatever programs send to it."""

from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from registration.demo import add_demo
from standalone.roof import Roof
from standalone.services import SERVICES
from tests.support.services import environ_of, routes_of

EXAMPLES = 60  # of each operation, sound and unsound; `make verify` sends more
NO_LIMIT = {"REGISTRATIONS_PER_NETWORK_HOUR": "1000000"}
# Nobody would come upon these by chance.
KNOWN = {"slug": "the-importance-of-co-production"}
# A schema can't say all that is looked for in what people typed: a name of blanks is none.
MAY_BE_REFUSED = {"expected-statuses": ["2xx", "404", "409", "422", "429"]}
CONFIG = {"checks": {"positive_data_acceptance": MAY_BE_REFUSED}}


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    directory = tmp_path_factory.mktemp("described")
    roof = Roof({service.name: environ_of(service, directory) | NO_LIMIT for service in SERVICES})
    with roof.database("registration").transaction("demo") as session:
        add_demo(session)
    yield roof.applications
    for service in SERVICES:
        roof.database(service.name).dispose()


def of_programs(app: Flask) -> set[str]:
    """Return the method and path, as documents write them, of what programs may ask of *app*."""
    return {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for method, rule in routes_of(app)
        if rule.rule.startswith("/v1/") and not rule.rule.endswith("/openapi.json")
    }


def described(app: Flask) -> list[APIOperation]:
    """Return what the document of *app* describes."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi(f"/v1/{app.name}/openapi.json", app, config=config)
    # What can't be understood of it has no ok().
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]


def requests(operation: APIOperation, mode: GenerationMode) -> SearchStrategy[Case]:
    """Return what to ask of *operation*, mostly at addresses where there is something."""
    names = {parameter.name for parameter in operation.path_parameters}
    there = {name: value for name, value in KNOWN.items() if name in names}
    found = operation.as_strategy(mode, path_parameters=there or None)
    return found if mode == GenerationMode.NEGATIVE else found | operation.as_strategy(mode)


def send(operation: APIOperation, mode: GenerationMode) -> Counter[int]:
    """Return how often what was answered; raise for an answer that is not described."""
    answers: Counter[int] = Counter()

    @seed(20260702)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=requests(operation, mode))
    def each(case: Case) -> None:
        answer = case.call()
        case.validate_response(answer)
        assert str(answer.status_code) in operation.definition.raw["responses"], answer.text
        answers[answer.status_code] += 1

    each()
    return answers


@pytest.mark.parametrize("name", [service.name for service in SERVICES])
def test_all_that_programs_may_ask_is_described(applications: dict[str, Flask], name: str):
    app = applications[name]
    if not of_programs(app):
        assert app.test_client().get(f"/v1/{name}/openapi.json").status_code == 404
        return

    assert {operation.label for operation in described(app)} == of_programs(app)


def test_every_answer_is_one_that_is_described(applications: dict[str, Flask]):
    operations = [
        operation
        for app in applications.values()
        if of_programs(app)
        for operation in described(app)
    ]
    assert operations

    for operation in operations:
        sound = send(operation, GenerationMode.POSITIVE)
        try:
            unsound = send(operation, GenerationMode.NEGATIVE)
        except Unsatisfiable:  # no part of it can be wrong
            unsound = Counter()
        print(f"{operation.label}: {dict(sound)}, what is unsound: {dict(unsound)}")
        assert min(sound) < 300, "nothing that was sent was taken"
        assert not [status for status in unsound if status < 400]

"""Operators are told, each in one line, whether a service runs, can work and what it has done."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from shared.db import Database
from shared.web import gauge, make_app
from tests.support.web import an_app, some_settings


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        yield app


def test_a_process_that_runs_says_so(app: Flask) -> None:
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.mimetype == "text/plain"


def test_a_service_with_its_database_is_ready(app: Flask) -> None:
    assert app.test_client().get("/readyz").status_code == 200


def test_a_service_without_its_database_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")  # a directory
    app = make_app("sample", settings=some_settings(), database=database)
    with capture_logs() as logs:
        answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.text) == (503, "the database does not answer\n")
    assert logs[0]["event"] == "database.away"


def test_metrics_count_requests_and_show_gauges(app: Flask) -> None:
    due = iter([3, 4])
    gauge(app, "coproduce_events_due", "Events to be handled", lambda: next(due))
    client = app.test_client()
    client.get("/nowhere")
    first, second = client.get("/metrics"), client.get("/metrics")

    labels = 'method="GET",route="unmatched",service="sample",status="404"'
    assert f"coproduce_requests_total{{{labels}}}" in first.text
    assert 'coproduce_request_seconds_bucket{le="0.005",method="GET"' in first.text
    assert 'coproduce_events_due{service="sample"} 3.0' in first.text
    assert 'coproduce_events_due{service="sample"} 4.0' in second.text
    assert first.mimetype == "text/plain"


def test_a_gauge_that_fails_leaves_the_others_standing(app: Flask) -> None:
    gauge(app, "coproduce_broken", "Never known", lambda: 1 / 0)
    gauge(app, "coproduce_sound", "Always one", lambda: 1)
    answer = app.test_client().get("/metrics")

    assert answer.status_code == 200
    assert "coproduce_sound" in answer.text
    assert "coproduce_broken{" not in answer.text


def test_gauges_of_one_service_are_not_those_of_another(app: Flask) -> None:
    gauge(app, "coproduce_sound", "Always one", lambda: 1)
    other = make_app("other", settings=some_settings(), database=Database("sqlite://"))

    assert "coproduce_sound" not in other.test_client().get("/metrics").text


def test_several_processes_are_counted_together(tmp_path: Path) -> None:
    """Metrics choose where they live when they are imported, so this needs processes."""
    program = """
import sys
from pathlib import Path
from tests.support.web import an_app, some_settings
with an_app(Path(sys.argv[1])) as app:
    app.test_client().get("/nowhere")
    print(app.test_client().get("/metrics").text)
"""
    counts = tmp_path / "counts"
    counts.mkdir()
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    for number in ("one", "two"):
        (tmp_path / number).mkdir()
        told = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / number)],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        ).stdout

    labels = 'method="GET",route="unmatched",service="sample",status="404"'
    assert f"coproduce_requests_total{{{labels}}} 2.0" in told


@pytest.mark.parametrize("service", ["membership", "notifications", "registration"])
def test_a_service_counts_nothing_before_it_has_made_room_for_counts(
    tmp_path: Path, service: str
) -> None:
    """The directory is made when serving begins, long after modules are imported."""
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "not made yet")}
    done = subprocess.run([sys.executable, "-c", f"import {service}.app"], env=environ)
    assert done.returncode == 0

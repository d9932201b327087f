"""What operators ask a service: does it run, can it work, how much has it done."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog
from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.measures import EventMeasures
from shared.web import house

_log = structlog.get_logger(__name__)
_EXTENSION = "gauges"
_EVENTS = "event_measures"
_probes = Blueprint("health", __name__)


@dataclass(eq=False)
class Gauges(Collector):
    """What is measured only when somebody looks."""

    service: str
    measures: dict[str, tuple[str, Callable[[], float]]] = field(default_factory=dict)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge; one that can't be measured just now is left out."""
        for name, (meaning, measure) in self.measures.items():
            try:
                value = measure()
            except Exception:
                _log.exception("gauge.failed", gauge=name)
                continue
            family = GaugeMetricFamily(name, meaning, labels=["service"])
            family.add_metric([self.service], value)
            yield family


def install(app: Flask) -> None:
    """Answer /healthz, /readyz and /metrics; the gateway does not lead there."""
    app.extensions[_EXTENSION] = Gauges(app.name)
    app.extensions[_EVENTS] = EventMeasures(app.name, house.house_of(app).database)
    app.register_blueprint(_probes)


def gauge(app: Flask, name: str, meaning: str, measure: Callable[[], float]) -> None:
    """Show in *app*'s metrics what *measure* returns at that moment: "coproduce_events_due"."""
    app.extensions[_EXTENSION].measures[name] = (meaning, measure)


@_probes.get("/healthz")
def healthz() -> Response:
    """Answer that the process runs."""
    return _line(200, "ok")


@_probes.get("/readyz")
def readyz() -> Response:
    """Answer whether the service's own database does."""
    try:
        with house.reading() as session:
            session.execute(text("select 1"))
    except SQLAlchemyError:
        _log.exception("database.away")
        return _line(503, "the database does not answer")
    return _line(200, "ok")


@_probes.get("/metrics")
def metrics() -> Response:
    """Answer with the counts of this process, or of all of them under gunicorn."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(current_app.extensions[_EXTENSION])
    registry.register(current_app.extensions[_EVENTS])
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _line(status: int, said: str) -> Response:
    return Response(f"{said}\n", status, content_type="text/plain; charset=utf-8")

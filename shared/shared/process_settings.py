"""What each process of a service is told by its environment, besides the service's settings."""

from dataclasses import dataclass

from marshmallow import fields, validate

from shared.config import setting
from shared.variables import BrokerUrl, Feeds


@dataclass(frozen=True, kw_only=True)
class FeedSettings:
    """The secret by which the services of one installation read each other's history."""

    feed_token: str = setting(
        fields.String(validate=validate.Length(min=32, error="Too short.")),
        "Set it to at least 32 random characters, the same for all services",
        secret=True,
    )


@dataclass(frozen=True, kw_only=True)
class ServingSettings(FeedSettings):
    """How a service is served."""

    port: int = setting(
        fields.Integer(load_default=8000, validate=validate.Range(min=1, max=65535)),
        "Set it to the number of a free port",
    )
    web_processes: int = setting(
        fields.Integer(load_default=2, validate=validate.Range(min=1)),
        "Set it to the number of processes, about one for each core",
    )
    prometheus_multiproc_dir: str = setting(
        fields.String(load_default=""),
        "Set it to a directory of its own for each container, where processes add up their counts",
    )


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """Where the broker is, and as whom a service's processes speak with it."""

    broker_url: str = setting(
        BrokerUrl("amqp", "amqps"),
        "Set it to amqp://user:password@host:5672/%2F, with a user for this service alone",
        secret=True,
    )


@dataclass(frozen=True, kw_only=True)
class TopologySettings(BrokerSettings):
    """Where the broker's management is, and as whom to speak with it."""

    broker_admin_url: str = setting(
        BrokerUrl("http", "https"),
        "Set it to http://administrator:password@host:15672",
        secret=True,
    )


@dataclass(frozen=True, kw_only=True)
class WorkerSettings(BrokerSettings):
    """How a worker shows what it counts."""

    metrics_port: int = setting(
        fields.Integer(load_default=0, validate=validate.Range(min=0, max=65535)),
        "Set it to the number of a free port, or to 0 to show no metrics of this process",
    )


@dataclass(frozen=True, kw_only=True)
class SweepSettings(FeedSettings):
    """Whose history to read, and where."""

    feeds: dict[str, str] = setting(
        Feeds(), "Set it to the services whose events are handled: registration=http://host:8000"
    )

"""Pages and APIs: what every service's web side stands on."""

from shared.web.app import make_app
from shared.web.health import gauge
from shared.web.house import House, clock, house_of, links, reading, settings, transaction
from shared.web.problems import problem

__all__ = [
    "House",
    "clock",
    "gauge",
    "house_of",
    "links",
    "make_app",
    "problem",
    "reading",
    "settings",
    "transaction",
]

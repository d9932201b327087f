"""deploy/Caddyfile, rendered from routes.toml: `python -m standalone.gateway`."""

from collections.abc import Iterable
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from standalone.routes import hidden, prefixes


def render() -> str:
    """Return the Caddyfile: what is hidden, then the ways to the services, the longest first."""
    longest_first = sorted(prefixes().items(), key=lambda way: len(way[0]), reverse=True)
    ways = groupby(longest_first, key=lambda way: way[1])
    environment = Environment(  # noqa: S701 - no HTML that anything is put into
        loader=PackageLoader("standalone"),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("standalone/Caddyfile").render(
        hidden=_paths(hidden()),
        ways=[(service, _paths(prefix for prefix, _ in owned)) for service, owned in ways],
    )


def _paths(prefixes: Iterable[str]) -> str:
    """Return what Caddy matches: each prefix itself, and whatever is below it."""
    return " ".join("/*" if prefix == "/" else f"{prefix} {prefix}/*" for prefix in prefixes)


if __name__ == "__main__":
    print(render())

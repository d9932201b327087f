"""An installation for every story to begin with."""

import pytest

from tests.support.crashes import Scene, installed

PLACES = 12


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return an installation with a webinar of 12 places; copy it, don't use it."""
    return installed(tmp_path_factory.mktemp("installation") / "var", PLACES)

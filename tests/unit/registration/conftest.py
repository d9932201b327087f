"""A public site with one webinar, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.registering import Site, on_a_file


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = on_a_file(tmp_path)
    site.add()
    yield site
    site.database.dispose()

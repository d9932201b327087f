"""Membership on SQLite: the desk with one member of staff; the club with nobody in it yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.joining import Club, on_a_file


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.ready()
    yield desk
    desk.database.dispose()


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    club = on_a_file(tmp_path)
    yield club
    club.database.dispose()

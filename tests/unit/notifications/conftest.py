"""A desk of mail, which takes its time to furnish: one for all, cleared for each test."""

from collections.abc import Iterator

import pytest

from tests.support.mail_desk import MailDesk


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailDesk]:
    desk = MailDesk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.database.dispose()


@pytest.fixture
def desk(furnished: MailDesk) -> MailDesk:
    furnished.clear()
    return furnished

"""The whole system as a process of its own, and real browsers to visit it with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.needs import need
from tests.support.standalone import Standalone


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    var = tmp_path_factory.mktemp("system") / "var"
    # All visitors of one run come from one network; limits have tests of their own.
    system = Standalone(
        var, REGISTRATIONS_PER_NETWORK_HOUR="100000", JOINS_PER_NETWORK_HOUR="100000"
    ).start()
    yield system
    assert system.stop() == 0
    assert "Traceback" not in system.output()

"""Every page is sound to two validators that are not Python's: `make verify`."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.needs import need
from tests.support.town.collecting import Collection
from tests.support.town.place import Place, Town

VALIDATORS = Path(__file__).parent / "validators"
# What vnu finds in components of nhsuk-frontend: they say again what their style for small screens
# takes from tables, and what some screen readers lack in fieldsets; and a role that was proposed
# for ARIA and never came to be has the heading of a warning read out as one.
OF_COMPONENTS = re.compile(
    r"The “role” attribute must not be used on a “(td|th|tr)” element which has a “table” ancestor"
    r"|Bad value “text” for attribute “role” on element “span”"
    r"|The “(cell|columnheader|group|row|rowgroup|table)” role is unnecessary for element"
)

pytestmark = pytest.mark.verify


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory with the validators."""
    directory = tmp_path_factory.mktemp("validators")
    for file in VALIDATORS.iterdir():
        shutil.copy(file, directory)
    quietly = ("--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
    subprocess.run([need("npm"), "install", *quietly], cwd=directory, check=True)
    return directory


@pytest.fixture(scope="module", params=[Place, Town], ids=["empty", "full"])
def pages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Yield a directory with every page in every state that matters."""
    make: Callable[[Path], Place] = request.param
    directory = tmp_path_factory.mktemp("pages")
    place = make(tmp_path_factory.mktemp("place"))
    Collection(place).save(directory)
    yield directory
    place.close()


def test_html_validate_finds_nothing(modules: Path, pages: Path, tmp_path: Path):
    said = tmp_path / "said.json"  # of what it writes to a pipe the end is lost
    program = modules / "node_modules/.bin/html-validate"
    config = f"--config={modules}/htmlvalidate.cjs"
    done = subprocess.run(
        [program, config, f"--formatter=json={said}", pages], capture_output=True, text=True
    )

    found = [
        f"{Path(page['filePath']).name}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for page in json.loads(said.read_text())
        for fault in page["messages"]
    ]
    assert found == []
    assert done.returncode == 0, done.stderr
    print(f"html-validate read {len(list(pages.iterdir()))} pages")


def test_vnu_finds_nothing(modules: Path, pages: Path):
    jar = modules / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        [need("java"), "-jar", jar, "--format", "json", "--exit-zero-always", pages],
        capture_output=True,
        text=True,
        check=True,
    )

    found = [
        f"{said['url'].rpartition('/')[2]}:{said.get('lastLine')}: {said['message']}"
        for said in json.loads(done.stderr)["messages"]
        if not OF_COMPONENTS.match(said["message"])
    ]
    assert found == []
    print(f"vnu read {len(list(pages.iterdir()))} pages")

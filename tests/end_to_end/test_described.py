"""The running system against its OpenAPI documents, by Schemathesis at length: `make verify`."""

import subprocess
import sys
from pathlib import Path

import pytest

from standalone.routes import prefixes
from tests.support.standalone import Standalone

DOCUMENTS = [prefix for prefix, name in prefixes().items() if prefix == f"/v1/{name}"]
# A schema can't say all that is looked for in what people typed: a name of blanks is none.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "404", "409", "422", "429"]
"""


@pytest.mark.verify
@pytest.mark.parametrize("document", DOCUMENTS)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    system: Standalone, tmp_path: Path, document: str
):
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{system.base_url}{document}/openapi.json",
        "--seed=20260702",
        "--max-examples=300",
        "--no-color",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr

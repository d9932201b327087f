"""What a process does while what it needs is not there yet."""

from pathlib import Path

import pytest

from tests.support.broker import Broker
from tests.support.installation import Installation
from tests.support.postgresql import PostgreSQL
from tests.support.waiting import wait_for


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_process_that_waits_leaves_when_it_is_told_to(
    kind: str, tmp_path: Path, postgresql: PostgreSQL, broker: Broker
):
    installation = Installation(tmp_path, postgresql, broker)  # not migrated
    process = installation.process("registration", kind).start()
    try:
        said = wait_for(process.lines, seconds=60, what="a word about what is missing")
        process.terminate()

        # By its own doing: the kernel would not end a container's first process for a signal.
        assert process.ended() == 128 + 15
    finally:
        process.kill()

    assert [line["reason"] for line in said] == [
        "DATABASE_URL: the database is not up to date. Run: registration migrate"
    ]
    assert process.lines() == said

"""However many mails there are, no page about them reads more than it says it looks through."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from notifications.desk import finding
from tests.support.mail_desk import MAILS, MailDesk
from tests.support.plans import explained, nodes, rows_read
from tests.support.postgresql import PostgreSQL

DAYS = 400  # over which the mails are spread
RARE = "member_link"
MAILED = """
    insert into delivery (id, event_id, template, lane, subject, subject_version, address_key,
        address, name, state, reason, attempts, created_at, due_at, ended_at)
    select cast(lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0') as uuid),
        gen_random_uuid(), case when n = 1 then :rare else 'webinar_invitation' end, 'bulk',
        gen_random_uuid(), 1, 'k' || n, 'p' || n || '@example.org', 'P' || n,
        case when n % 100 = 0 then 'unknown' when n % 7 = 0 then 'skipped' else 'accepted' end,
        case when n % 7 = 0 then 'paused' end, 1, now(), now(), now()
    from (select n, cast(extract(epoch from now()) * 1000
            - cast(:many - n as bigint) * :days * 86400000 / :many as bigint) ms
        from generate_series(1, :many) n) as numbered"""


@pytest.fixture
def desk(postgresql: PostgreSQL, tmp_path: Path) -> Iterator[MailDesk]:
    desk = MailDesk(tmp_path, DATABASE_URL=postgresql.database())
    yield desk
    desk.database.dispose()


def fill(desk: MailDesk, many: int) -> None:
    with desk.database.transaction("test") as session:
        session.execute(text(MAILED), {"many": many, "days": DAYS, "rare": RARE})
    with desk.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("vacuum analyze"))


@pytest.mark.parametrize(
    ("many", "looked_through"),
    [(50_000, 1_000), pytest.param(1_000_000, 100_000, marks=pytest.mark.verify)],
)
def test_no_page_reads_all_mails(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch, many: int, looked_through: int
):
    monkeypatch.setattr(finding, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(finding, "_ASKED_WHY", looked_through // 100)
    fill(desk, many)
    browser = desk.browser()
    asked = ["", "?page=2", "?state=unknown", "?state=skipped", "?state=accepted&page=3"]
    asked += [f"?kind={RARE}", f"?state=accepted&kind={RARE}"]

    with explained(desk.database) as plans:
        for query in asked * 7:  # after five, plans may be made for ever
            assert browser.get(MAILS + query).status_code == 200
        for person in ["nobody@example.org", f"p{many}@example.org", "nobody"] * 7:
            assert desk.posts(MAILS, person=person).status_code == 200

    scans = [
        (node, plan["Query Text"])
        for plan in plans
        for node in nodes(plan["Plan"])
        if node.get("Relation Name") == "delivery" and "Scan" in node["Node Type"]
    ]
    assert {node.get("Index Name") for node, _ in scans} >= {"ix_delivery_state", "pk_delivery"}
    # The planner may as well go by time and leave out what is in another state.
    excessive = [(node, query) for node, query in scans if rows_read(node) > 5 * looked_through]
    assert excessive == []

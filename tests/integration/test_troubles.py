"""What a loop cannot do stands in its database for as long as that lasts, and no longer."""

from datetime import timedelta

from sqlalchemy import func, select, update

from shared.db import Database
from shared.messaging.circuit import Circuit
from shared.messaging.models import LoopTrouble
from shared.messaging.models import metadata as messaging
from shared.messaging.troubles import Report, standing
from shared.outages import Outage

AWAY = Outage("BROKER_URL: the broker does not answer. Is it running?")


def a_circuit(database: Database) -> Circuit:
    messaging.create_all(database.engine)
    return Circuit("sample.relay", Report(database, "sample.relay"))


def said(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(trouble.loop, trouble.reason) for trouble in standing(session)]


def age(database: Database, seconds: int) -> None:
    with database.transaction("test") as session:
        (seen_at,) = session.scalars(select(LoopTrouble.seen_at))
        earlier = seen_at - timedelta(seconds=seconds)
        session.execute(update(LoopTrouble).values(seen_at=earlier))


def fail(circuit: Circuit, *, times: int) -> None:
    for _ in range(times):
        circuit.failed(AWAY)


def test_it_is_said_once_the_circuit_opens_and_taken_back_when_it_closes(database: Database):
    circuit = a_circuit(database)
    fail(circuit, times=4)
    assert said(database) == []

    fail(circuit, times=2)
    assert said(database) == [("sample.relay", str(AWAY))]
    circuit.succeeded()

    assert said(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoopTrouble)) == 0


def test_since_when_does_not_change_while_it_lasts(database: Database):
    circuit = a_circuit(database)
    fail(circuit, times=5)
    with database.reading() as session:
        (before,) = standing(session)
    fail(circuit, times=5)

    with database.reading() as session:
        assert standing(session) == [before]


def test_of_loops_that_do_the_same_work_one_speaks_for_all(database: Database):
    fail(a_circuit(database), times=5)
    fail(a_circuit(database), times=5)

    assert len(said(database)) == 1


def test_a_process_that_died_is_not_believed_for_ever(database: Database):
    fail(a_circuit(database), times=5)
    age(database, 59)
    assert len(said(database)) == 1
    age(database, 2)
    assert said(database) == []

    fail(a_circuit(database), times=5)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoopTrouble)) == 1


def test_where_the_database_is_away_itself_nothing_is_said_and_nothing_breaks(database: Database):
    circuit = Circuit("sample.relay", Report(database, "sample.relay"))  # there is no such table

    assert circuit.failed(AWAY) == 0.4
    fail(circuit, times=9)
    circuit.succeeded()

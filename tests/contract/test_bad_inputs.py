"""Whatever is sent to any form or route: it is refused in our words, or taken, and never fails."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.staff import Role
from tests.support.town.collecting import Collection
from tests.support.town.place import Town
from tests.support.town.siege import Siege, plan

FEW = 5_000
_ANY = st.one_of(
    st.text(max_size=200),
    st.binary(max_size=200),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.emails(),
)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield Collection(town, [Role.ADMINISTRATOR])  # who sees every form of staff
    town.close()


@pytest.fixture
def siege(collection: Collection) -> Iterator[Siege]:
    with collection.sending() as sender:
        yield Siege(sender)


def test_bad_input_is_refused_in_our_words_and_leaves_nothing_behind(
    collection: Collection, siege: Siege
):
    """Of all there is to send, taken evenly: every form, field and route gets its share."""
    everything = [*plan(collection)]
    siege.try_all(everything[len(everything) * nth // FEW] for nth in range(FEW))

    print(siege)
    assert siege.wrong == {}
    assert len(everything) >= FEW
    assert {seen.rule for seen in collection.forms} <= siege.sent.keys()


@pytest.mark.verify
def test_so_is_everything_there_is_to_send(collection: Collection, siege: Siege):
    siege.try_all(plan(collection))

    print(siege)
    assert siege.wrong == {}


@pytest.mark.verify
@settings(
    max_examples=10_000,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[*HealthCheck],
)
@given(data=st.data())
def test_so_is_what_nobody_thought_of(collection: Collection, siege: Siege, data: st.DataObject):
    forms = [seen for seen in collection.forms if seen.form.names]
    seen = data.draw(st.sampled_from(forms))
    names = data.draw(st.sets(st.sampled_from(sorted(seen.form.names)), min_size=1))
    bad = [(name, data.draw(_ANY)) for name in sorted(names)]
    rest = [pair for pair in seen.good if pair[0] not in names]

    siege.try_all([seen.sent([*rest, *bad], "generated")])
    assert siege.wrong == {}

"""Deleting a draft: after a question, only while nobody but staff has seen it."""

import pytest
from sqlalchemy import select

from registration.models import Panellist, Revision, Webinar
from shared.staff import Role
from shared.staff.models import StaffAct
from tests.support.planning import Console, typed
from tests.support.registering import Site


@pytest.fixture
def console(site: Site) -> Console:
    return Console(site)


def kept(site: Site) -> int:
    """Return how many rows speak of webinars."""
    with site.database.reading() as session:
        return sum(len(session.scalars(select(m)).all()) for m in (Webinar, Panellist, Revision))


def test_a_draft_is_deleted_after_a_question_and_nobody_is_told(site: Site, console: Console):
    before, told = kept(site), site.events()
    path = console.does("/new", **typed())
    console.does(f"{path}/edit", **typed(version="1", title="Walking alone"))
    assert "Delete this draft" in console.sees(path)
    assert "Walking alone" in console.sees(f"{path}/delete")

    assert console.does(f"{path}/delete", version="2") == "?deleted=draft"

    assert "The draft is deleted" in console.sees("?deleted=draft")
    console.sees(path, status=404)
    assert kept(site) == before
    assert [name for name in site.events() if name != "staff_acted"] == told
    with site.database.reading() as session:
        act = session.scalars(select(StaffAct).order_by(StaffAct.id.desc())).first()
    assert act is not None
    assert (act.action, act.about) == ("draft_deleted", f"webinar:{path.strip('/')}")


def test_a_draft_that_somebody_else_has_changed_is_kept(site: Site, console: Console):
    path = console.does("/new", **typed())
    Console(site, name="Kim Sample").does(f"{path}/edit", **typed(version="1", title="Better"))

    answer = console.posts(f"{path}/delete", version="1")

    assert answer.status_code == 409
    assert "Somebody else has changed this webinar" in answer.text
    assert "Better" in console.sees(path)


def test_what_was_published_is_never_deleted(site: Site, console: Console):
    path = console.does("/new", **typed())
    console.does(f"{path}/publish", version="1")

    assert "Delete this draft" not in console.sees(path)
    assert "cannot be deleted" in console.sees(f"{path}/delete", status=409)
    assert console.posts(f"{path}/delete", form="/new", version="2").status_code == 409


def test_who_edits_what_another_has_deleted_is_told_that_it_is_gone(site: Site, console: Console):
    path = console.does("/new", **typed())
    console.does(f"{path}/delete", version="1")

    assert console.posts(f"{path}/edit", form="/new", **typed(version="1")).status_code == 404
    assert console.posts(f"{path}/delete", form="/new", version="1").status_code == 404


def test_a_viewer_deletes_nothing(site: Site, console: Console):
    path = console.does("/new", **typed())
    viewer = Console(site, Role.VIEWER)

    assert "Delete this draft" not in viewer.sees(path)
    viewer.sees(f"{path}/delete", status=403)

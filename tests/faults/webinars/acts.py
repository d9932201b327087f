"""What staff do with webinars, and what follows of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from registration.models import Place, Registration, Webinar
from registration.seating import seat_next
from registration.telling import tell_next
from shared.messaging.models import StoredEvent
from tests.support.planning import Console, Desk, typed
from tests.support.registering import Site, on_a_file

TITLE = "Walking together"


class Scene:
    """Registration of one installation, in one directory, with a webinar that staff act on."""

    def __init__(self, directory: Path) -> None:
        self.site: Site = on_a_file(directory)
        self.desk = Desk(self.site)

    def prepare(self, name: str) -> None:
        """Make what the act *name* needs: a draft, or a webinar that is full, with a queue."""
        if name == "draft":
            return
        webinar = self.desk.drafts(capacity=1)
        if name in ("discard", "publish"):
            return
        self.desk.publishes(webinar)
        for person in ("jo", "robin", "sky"):
            self.site.post({"name": person, "email": f"{person}@example.org"}, webinar.slug)
        if name == "tell":
            self.desk.edits(webinar, ends_at=webinar.ends_at + timedelta(hours=1))
        if name == "seat":
            with self.site.database.transaction("test") as session:
                session.get_one(Webinar, webinar.id).capacity = 3

    def path(self) -> str:
        """Return where staff have the page of the webinar."""
        with self.site.database.reading() as session:
            return f"/{session.scalars(select(Webinar.id)).one()}"

    def posts(self, more: str, *, form: str = "", **said: object) -> None:
        """Send a form about the webinar; done a second time, it is refused."""
        Console(self.site).posts(self.path() + more, form=form, **said)

    def discards(self) -> None:
        """Delete the draft, unless it is gone already."""
        with self.site.database.reading() as session:
            if session.scalar(select(Webinar.id)):
                self.posts("/delete", form="/new", version="1")

    def drafts(self) -> None:
        """Keep a draft, unless it is kept already."""
        with self.site.database.reading() as session:
            if session.scalar(select(Webinar.id)) is None:
                Console(self.site).posts("/new", **typed(title=TITLE))

    def close(self) -> None:
        """Let go of what is open."""
        self.site.database.dispose()

    def told(self) -> dict[str, list[str]]:
        """Return all that matters of what is stored."""
        with self.site.database.reading() as session:
            webinars = session.scalars(select(Webinar))
            people = session.scalars(select(Registration))
            events = session.scalars(select(StoredEvent))
            return {
                "webinars": [f"{w.title} {w.state} {w.version} {w.placed}" for w in webinars],
                "people": sorted(f"{p.name} {p.state} {p.edition}" for p in people),
                "events": sorted(event.type for event in events),
                "places": sorted(
                    str(place.registration_id is None) for place in session.scalars(select(Place))
                ),
            }


ACTS: Mapping[str, Callable[[Scene], object]] = {
    "discard": Scene.discards,
    "draft": Scene.drafts,
    "publish": lambda scene: scene.posts("/publish", form="/new", version="1"),
    "edit": lambda scene: scene.posts(
        "/edit", form="/new", **typed(title="Walking", version="2", capacity="2", do="confirm")
    ),
    "cancel": lambda scene: scene.posts("/cancel", form="/new", version="2", message="Ill."),
    "seat": lambda scene: seat_next(scene.site.database),
    "tell": lambda scene: tell_next(scene.site.database),
}

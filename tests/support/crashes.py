"""An installation that people come to, that is killed, and that is started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

from tests.support.balance import Balance, hold
from tests.support.crowd import Crowd
from tests.support.invariants import check
from tests.support.ledgers import Ledgers
from tests.support.standalone import Standalone
from tests.support.waiting import wait_for

T = TypeVar("T")
SLUG = "sleeping-better"
MOST = 500  # who come before a point strikes: nobody waits for ever for one that does not


class Scene:
    """One installation, the people who come to its webinar, and what its files hold.

    Used as a context, it ends with what it runs.
    """

    def __init__(self, var: Path) -> None:
        self.var = var
        # All who come do so from one network; limits have tests of their own.
        self.system = Standalone(var, REGISTRATIONS_PER_NETWORK_HOUR="100000")
        self.ledgers = Ledgers.of_files(var)
        self.crowd = Crowd(self.system, SLUG)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Kill the process, if there is one."""
        if self.system.process and self.system.process.stdout:
            self.system.kill()
            self.system.process.stdout.close()

    def copy(self, var: Path) -> "Scene":
        """Return the same installation once more, in another directory; nobody has come yet."""
        shutil.copytree(self.var, var)
        return Scene(var)

    def start(self, **environ: str) -> None:
        """Start the process, after another has ended, and wait until it answers or has died."""
        self.end()
        self.system.start(**environ)

    def come_until_it_dies(self) -> None:
        """Let people come until the process has killed itself. Raises AssertionError."""
        people = self.crowd.people
        self.crowd.come_until(lambda: not self.system.runs() or len(people) >= MOST)
        self.has_died()

    def has_died(self) -> None:
        """Wait until the process has killed itself. Raises AssertionError."""
        wait_for(lambda: not self.system.runs(), seconds=60, what="the crash point to strike")
        assert self.system.process is not None
        how = self.system.process.returncode
        assert how == -signal.SIGKILL, f"it ended by {how}:\n{self.system.output()}"

    def settle(self) -> None:
        """Wait until nothing is left to do, then kill the process: it has nothing to lose."""
        wait_for(self.ledgers.is_settled, seconds=120, what="everything to be relayed and sent")
        self.end()

    def told(self) -> str:
        """Return what became of all who came so far, in numbers. Raises AssertionError."""
        balances = list(_answers(self.crowd, self.ledgers))
        hold(balances)
        return "; ".join(map(str, balances))

    def check(self, *, dead: Set[tuple[str, UUID]] = frozenset()) -> None:
        """Compare everything with everything; more than enough have come for every place.

        *dead* are the events, by source and id, that could not be handled. Raises AssertionError.
        """
        check(self.ledgers, dead=dead)
        webinar = self.ledgers.webinar(SLUG)
        rows = [row for row in self.ledgers.registrations() if row.webinar == webinar]
        confirmed = Counter(row.state for row in rows)["confirmed"]
        places = self.ledgers.capacities()[webinar]
        assert confirmed == places, f"{confirmed} are confirmed, of whom {places} fit in"
        named = {str(id) for _, id in dead}
        others = [line for line in self._complaints() if line.get("event_id") not in named]
        assert not others, others

    def _complaints(self) -> Iterator[dict[str, Any]]:
        """Yield what was logged as having gone wrong."""
        for line in (self.var / "log.jsonl").read_text().splitlines():
            said = json.loads(line)
            if said["level"] == "error" or said["event"] == "loop.failed":
                yield said


def add_webinar(var: Path, places: int, **environ: str) -> int:
    """Add the webinar that people come to by the command line; return its exit code."""
    command = [sys.executable, "-m", "standalone", "registration", "--var", str(var)]
    options = {
        "title": "Sleeping better",
        "summary": "What helps, and what does not.",
        "expect": "A talk, then questions.",
        "starts": "2199-07-04 12:00",
        "capacity": str(places),
        "joining-link": "https://meet.example.org/secret",
    }
    told = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [*command, "webinar", "add", *told], env=os.environ | environ, check=False
    )
    return done.returncode


def installed(var: Path, places: int) -> Scene:
    """Return a new installation, settled and stopped, with a webinar of so many places."""
    with Scene(var) as scene:
        scene.start()
        assert add_webinar(var, places) == 0
        scene.settle()
    return scene


def killed_at_work(scene: Scene, point: str, nth: int, *, people: int) -> str:
    """Kill *scene* while people come, then serve them all; return the story in numbers.

    *people* come in all, or more. Raises AssertionError.
    """
    crowd = scene.crowd
    scene.start(CRASH_AT=f"{point}:{nth}")
    scene.come_until_it_dies()
    before = scene.told()

    scene.start()
    crowd.ask_again()
    free = scene.ledgers.capacities()[scene.ledgers.webinar(SLUG)]  # at most, after withdrawals
    crowd.fill(max(free, people - len(crowd.people)))
    scene.settle()
    scene.check()
    return f"{point}:{nth}\n  when it died: {before}\n  in the end: {scene.told()}"


def at_once(story: Callable[[str], T], points: Sequence[str]) -> list[T]:
    """Return how the *story* of each of these *points* ended; two processors run two of them.

    Raises what the first one that failed raised, saying where.
    """

    def told(point: str) -> T:
        try:
            return story(point)
        except BaseException as error:
            error.add_note(f"killed at {point}")
            raise

    with ThreadPoolExecutor() as pool:
        return list(pool.map(told, points))


def _answers(crowd: Crowd, ledgers: Ledgers) -> Iterator[Balance]:
    """Yield what people were told beside what is kept."""
    webinar = ledgers.webinar(SLUG)
    rows = [row for row in ledgers.registrations() if row.webinar == webinar]
    addresses = {row.address_key: row.email for row in rows}
    yield Balance(
        "registrations",
        {person.address for person in crowd.people},
        {person.address for person in crowd.people if person.registered},
        Counter(row.email for row in rows),
    )
    yield Balance(
        "withdrawals",
        {person.address for person in crowd.people if person.withdraws},
        {person.address for person in crowd.people if person.withdrawn},
        Counter(row.email for row in rows if row.state == "withdrawn"),
    )
    programs = [person for person in crowd.people if not person.by_form]
    yield Balance(
        "wishes to be invited",
        {person.address for person in programs},
        {person.address for person in programs if person.registered},
        Counter(
            addresses[event.address_key]
            for event in ledgers.events()
            if event.name == "mailing_permission_stated" and event.address_key
        ),
    )

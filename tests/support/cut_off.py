"""Acts that change something, done in a process of their own that may be killed at their commit."""

import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from shared import crashpoints


class Scene(Protocol):
    """Where an act is done: one of ACTS, in its module."""

    def prepare(self, name: str) -> None:
        """Let all be as it is before the act *name*."""

    def told(self) -> dict[str, Any]:
        """Return all that matters of what is stored."""

    def close(self) -> None:
        """Let go of the databases."""


# A process that has loaded all of the services is forked for each act: loading takes ten times as
# long as acting.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["membership.cli", "notifications.cli", "registration.cli"])
SIDES = ["before_commit", "after_commit"]
AnyScene = TypeVar("AnyScene", bound=Scene)


def prepared(scene: Callable[[Path], AnyScene], name: str, directory: Path) -> AnyScene:
    """Return a new scene in *directory*, as it is before the act *name*."""
    directory.mkdir()
    made = scene(directory)
    made.prepare(name)
    return made


def act(scene: Callable[[Path], Scene], name: str, directory: Path, **more: str) -> int:
    """Do it in a process of its own; return how that ended."""
    process = _processes.Process(target=_do, args=(scene, name, directory, {**os.environ, **more}))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _do(
    scene: Callable[[Path], Scene], name: str, directory: Path, environ: dict[str, str]
) -> None:
    os.environ.clear()
    os.environ.update(environ)
    importlib.reload(crashpoints)  # it was loaded by the process that this one is forked from
    sys.modules[scene.__module__].ACTS[name](scene(directory))


def done_or_not_and_again(scene: Callable[[Path], Scene], name: str, directory: Path) -> list[str]:
    """Return on which sides of the commit who is killed has done it or not, and may do it again.

    Raises AssertionError.
    """
    whole = prepared(scene, name, directory / "whole")
    untouched = whole.told()
    assert act(scene, name, directory / "whole") == 0
    done = whole.told()
    assert done != untouched
    whole.close()

    struck = []
    for moment in SIDES:
        place = directory / moment
        killed = prepared(scene, name, place)
        assert act(scene, name, place, CRASH_AT=f"{name}.{moment}") == -signal.SIGKILL
        assert (killed.told() == done) == (moment == "after_commit")
        assert act(scene, name, place) == 0
        assert killed.told() == done
        killed.close()
        struck.append(moment)
    return struck

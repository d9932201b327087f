"""The web process of one service: gunicorn, with threads, before the service's app."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from shared.process_settings import ServingSettings


class _PlainLogger(Logger):  # type: ignore[misc]
    """Hands what gunicorn has to say to the logging of the process."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: ServingSettings, make_app: Callable[[], Flask]) -> None:
        self._settings, self._make_app = settings, make_app
        super().__init__()

    def load_config(self) -> None:
        stated = {
            "bind": f"0.0.0.0:{self._settings.port}",
            "workers": self._settings.web_processes,
            "worker_class": "gthread",
            # More only contend for the interpreter, which is what requests mostly need.
            "threads": 4,
            "worker_tmp_dir": "/dev/shm",  # noqa: S108 - a heartbeat file; a disk may be slow
            "logger_class": _PlainLogger,
            "control_socket_disable": True,
            "child_exit": self._forget,
        }
        for name, value in stated.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make_app()  # in the child: each process has its own connections

    def _forget(self, _server: Any, worker: Any) -> None:
        """Let a process that has ended no longer count as one that works."""
        if self._settings.prometheus_multiproc_dir:
            multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def serve(settings: ServingSettings, make_app: Callable[[], Flask]) -> None:
    """Serve what *make_app* returns until told to stop; requests under way are finished."""
    if settings.prometheus_multiproc_dir:
        counts = Path(settings.prometheus_multiproc_dir)
        shutil.rmtree(counts, ignore_errors=True)  # of an earlier run
        counts.mkdir(parents=True)
    _Server(settings, make_app).run()

"""A real RabbitMQ of our own, on private ports, which can be killed, frozen and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.support.ports import free_port
from tests.support.waiting import wait_for

_ADMIN = "guest"  # exists from the first start, and may come from this machine only


class RabbitMQ:
    """A node in a directory of its own. What it was told to keep survives `kill` and `start`."""

    def __init__(self, scripts: Path) -> None:
        self._scripts = scripts
        self._home = Path(tempfile.mkdtemp(prefix="coproduce-mq-"))
        self.port, self.admin_port, self._inter = free_port(), free_port(), free_port()
        self._node = f"coproduce-{self.port}@localhost"
        self.admin_url = f"http://{_ADMIN}:{_ADMIN}@127.0.0.1:{self.admin_port}"
        self._pid_file = self._home / "pid"
        self._configure()
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def url(self, user: str = _ADMIN, password: str = _ADMIN, *, port: int | None = None) -> str:
        """Return the URL at which *user* reaches it, perhaps by way of another *port*."""
        return f"amqp://{user}:{password}@127.0.0.1:{port or self.port}/%2F"

    def start(self) -> None:
        """Start the node and return once it takes connections."""
        with (self._home / "out").open("ab") as out:
            self._server = subprocess.Popen(
                [str(self._scripts / "rabbitmq-server")],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        wait_for(self._is_up, seconds=120, what="RabbitMQ to start")

    def kill(self) -> None:
        """Kill the node as a power cut would."""
        self.signal(signal.SIGKILL)
        assert self._server is not None
        self._server.wait(timeout=30)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the node's process: SIGSTOP freezes it, SIGCONT lets it go on."""
        os.kill(int(self._pid_file.read_text()), number)

    def control(self, *arguments: str) -> str:
        """Return what rabbitmqctl prints. Raises RuntimeError when it refuses."""
        command = [str(self._scripts / "rabbitmqctl"), "-q", "-n", self._node, *arguments]
        done = subprocess.run(
            command, env=self._environ, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def stop(self) -> None:
        """Kill the node and remove all it kept."""
        self.signal(signal.SIGCONT)
        self.kill()
        shutil.rmtree(self._home, ignore_errors=True)

    def _is_up(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, (self._home / "out").read_text()
        try:
            self.control("await_startup", "--timeout", "60")
        except RuntimeError:
            return False
        return True

    def _configure(self) -> None:
        (self._home / "plugins").write_text("[rabbitmq_management].\n")
        (self._home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.admin_port}\n"
            "loopback_users.guest = true\n"
            # Small files, so that a node is made in seconds.
            "raft.wal_max_size_bytes = 64000000\n"
        )

    @property
    def _environ(self) -> dict[str, str]:
        return os.environ | {
            "HOME": str(self._home),  # where the cookie of the cluster is made
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_CONFIG_FILE": str(self._home / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self._home / "data"),
            "RABBITMQ_LOG_BASE": str(self._home / "log"),
            "RABBITMQ_PID_FILE": str(self._pid_file),
            "RABBITMQ_DIST_PORT": str(self._inter),
            "RABBITMQ_NODE_IP_ADDRESS": "",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

"""A real mail server that keeps what it is handed, and fails in each phase as it is told."""

import asyncio
import socket
import ssl
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.ports import free_port

USER, PASSWORD = "minds", "not-a-secret-5Zk3vq"
DROP, HANG = "DROP", "HANG"  # instead of a reply; DROP also right after one
MESSAGE = "MESSAGE"  # the phase after the last line of a message


@dataclass(frozen=True)
class Handed:
    """What the server took."""

    sender: str
    to: list[str]
    message: bytes
    logged_in: bool


class Certificate:
    """A certificate of this machine, signed by nobody but itself."""

    def __init__(self, directory: Path) -> None:
        self._pem = directory / "certificate.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=1))
            .add_extension(here, critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._pem.write_bytes(key.private_bytes(pem, form, plain) + certificate.public_bytes(pem))

    def of_the_server(self) -> ssl.SSLContext:
        """Return what a server proves itself with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._pem)
        return context

    def trusted(self) -> ssl.SSLContext:
        """Return what a client needs to believe it."""
        return ssl.create_default_context(cafile=str(self._pem))


class MailServer:
    """Listens on this machine while it is open as a context manager."""

    def __init__(self, **told: Any) -> None:
        """Open it later, as aiosmtpd is *told*: `tls_context`, `ssl_context`, `auth_required`…"""
        self.handed: list[Handed] = []
        self.connections = 0
        self._replies: dict[str, deque[str]] = defaultdict(deque)
        self._controller = _Controller(self, told)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        self.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return self._controller.port

    def reply_first(self, phase: str, *replies: str) -> None:
        """Give *replies*, in place of what it would say, when *phase* comes: "RCPT", MESSAGE…"""
        self._replies[phase].extend(replies)

    def reply(self, phase: str) -> str | None:
        """Return what it is to say now, instead of what it would."""
        replies = self._replies[phase]
        return replies.popleft() if replies else None

    # The names are aiosmtpd's; what a handler returns is what the server says.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = self.reply(MESSAGE)
        if reply in (None, DROP):
            message = bytes(envelope.original_content or b"")
            known = bool(session.authenticated)
            self.handed.append(Handed(str(envelope.mail_from), envelope.rcpt_tos, message, known))
        if reply == DROP:
            _close(server)
        if reply == HANG:
            await asyncio.get_running_loop().create_future()
        return reply or "250 2.0.0 OK"


class _Controller(Controller):
    def __init__(self, server: MailServer, told: dict[str, Any]) -> None:
        self._told = told
        super().__init__(
            server,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=told.pop("ssl_context", None),
            ready_timeout=60,
        )

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return _Protocol(self.handler, hostname="mx", authenticator=_login, **self._told)

    def _trigger_server(self) -> None:
        # Its own waits a second for an answer, and no longer.
        socket.create_connection((self.hostname, self.port), 60).close()


class _Protocol(SMTP):
    def __init__(self, *arguments: Any, **told: Any) -> None:
        super().__init__(*arguments, **told)
        for phase, usual in [*self._smtp_methods.items()]:
            self._smtp_methods[phase] = partial(self._say, phase, usual)

    async def _say(self, phase: str, usual: Callable[[Any], Awaitable[None]], arg: Any) -> None:
        reply = self.event_handler.reply(phase)
        if reply is None:
            await usual(arg)
            return
        if said := reply.removesuffix(DROP):
            await self.push(said)
        if reply.endswith(DROP):
            _close(self)


def _close(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _login(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == known, handled=False)

"""A stretch of network before a server: it can be cut, made slow, or swallow what passes."""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Any, Self

UP, DOWN = "up", "down"  # towards the server, and back
_BY_RESET = struct.pack("ii", 1, 0)  # close at once, and forget what was not yet sent


class Proxy:
    """Passes connections on to *target*, a port of this machine, and counts the bytes."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.passed = {UP: 0, DOWN: 0}
        self.delay = 0.0  # seconds that everything is on its way; may be changed at any time
        self.holes: frozenset[str] = frozenset()
        self.left: dict[str, int] = {}
        self.ends: set[_End] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self.heal()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def heal(self) -> None:
        """Let everything pass, as at first; what a black hole held back passes too."""
        self.delay = 0.0
        self.left.clear()
        self._do(self._hole(frozenset()))
        self._do(self._listen())

    def reset(self) -> None:
        """Cut every connection; new ones pass."""
        self._do(self._reset())

    def refuse(self) -> None:
        """Cut every connection, and refuse new ones."""
        self._do(self._refuse())

    def black_hole(self, *ways: str) -> None:
        """Let nothing pass in these directions, and tell nobody."""
        self._do(self._hole(frozenset(ways)))

    def cut_after(self, count: int, way: str) -> None:
        """Cut the connection on which the next *count* bytes in this direction are complete."""
        self.left[way] = count

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> None:
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _End(self, UP), "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _reset(self) -> None:
        for end in list(self.ends):
            end.reset()

    async def _refuse(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        await self._reset()

    async def _hole(self, ways: frozenset[str]) -> None:
        self.holes = ways
        for end in list(self.ends):
            end.listen()


class _End(asyncio.Protocol):
    """One end of a connection: what it says goes *way*, to the other end."""

    def __init__(self, proxy: Proxy, way: str, other: "_End | None" = None) -> None:
        self._proxy = proxy
        self._way = way
        self._other = other
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._proxy.ends.add(self)
        # In early Pythons 3.11 a transport begins to read after this call, even if told to pause.
        asyncio.get_running_loop().call_soon(self.listen)
        if self._other:
            self._other.listen()
        else:
            self._connecting = asyncio.ensure_future(self._connect())

    def listen(self) -> None:
        """Take in what is said, unless it could not be passed on."""
        joined = self._other and self._other._transport
        if joined and self._way not in self._proxy.holes:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        proxy = self._proxy
        left = proxy.left.get(self._way)
        cut = left is not None and len(data) >= left
        piece = data[:left] if cut else data
        proxy.passed[self._way] += len(piece)
        if left is not None:
            proxy.left[self._way] = left - len(piece)
        self._later(lambda: self._far.write(piece))
        if cut:
            del proxy.left[self._way]
            self._later(self._far.close)
            self.reset()

    def connection_lost(self, _error: Exception | None) -> None:
        self._proxy.ends.discard(self)
        if self._other:
            self._later(self._far.close)

    def reset(self) -> None:
        """End at once; the other end follows."""
        options = (socket.SOL_SOCKET, socket.SO_LINGER, _BY_RESET)
        self._transport.get_extra_info("socket").setsockopt(*options)
        self._transport.abort()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        other = self._other = _End(self._proxy, DOWN, self)
        try:
            await loop.create_connection(lambda: other, "127.0.0.1", self._proxy.target)
        except OSError:
            self.reset()

    @property
    def _far(self) -> Any:
        assert self._other is not None
        return self._other._transport

    def _later(self, act: Any) -> None:
        if self._proxy.delay:
            asyncio.get_running_loop().call_later(self._proxy.delay, act)
        else:
            act()

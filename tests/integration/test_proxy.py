"""The stretch of network that other tests break does break, and mends."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.proxy import DOWN, UP, Proxy


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while said := self.request.recv(1000):
            self.request.sendall(said)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        with Proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()


@pytest.fixture
def line(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as line:
        assert said(line, b"hello") == b"hello"
        yield line


def said(line: socket.socket, words: bytes) -> bytes:
    """Return as many bytes as were said, or fewer where the line ends."""
    line.sendall(words)
    return heard(line, len(words))


def heard(line: socket.socket, count: int) -> bytes:
    answer = b""
    while len(answer) < count and (piece := line.recv(count - len(answer))):
        answer += piece
    return answer


def test_it_passes_both_ways_and_counts(proxy: Proxy, line: socket.socket):
    assert said(line, b"x" * 200_000) == b"x" * 200_000
    assert proxy.passed == {UP: 200_005, DOWN: 200_005}


def test_a_reset_ends_what_is_open_and_lets_others_come(proxy: Proxy, line: socket.socket):
    proxy.reset()

    with pytest.raises(ConnectionResetError):
        line.recv(1)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as other:
        assert said(other, b"hello") == b"hello"


def test_it_refuses_until_it_is_healed(proxy: Proxy, line: socket.socket):
    proxy.refuse()

    with pytest.raises(ConnectionResetError):
        line.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    proxy.heal()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as other:
        assert said(other, b"hello") == b"hello"


@pytest.mark.parametrize("way", [UP, DOWN])
def test_what_a_black_hole_holds_back_passes_when_it_is_gone(
    proxy: Proxy, line: socket.socket, way: str
):
    passed = dict(proxy.passed)
    proxy.black_hole(way)
    line.settimeout(0.3)
    with pytest.raises(TimeoutError):
        said(line, b"lost?")
    assert proxy.passed[way] == passed[way]

    proxy.heal()
    line.settimeout(10)
    assert heard(line, 5) == b"lost?"


def test_nobody_is_told_that_the_other_side_of_a_black_hole_has_gone(proxy: Proxy):
    proxy.black_hole(UP, DOWN)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3) as line:
        line.sendall(b"hello")
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_everything_is_late_by_the_delay_in_each_direction(proxy: Proxy, line: socket.socket):
    proxy.delay = 0.2
    begun = time.monotonic()

    assert said(line, b"late") == b"late"
    assert time.monotonic() - begun >= 0.4


def test_it_cuts_a_connection_after_so_many_bytes_came_back(proxy: Proxy, line: socket.socket):
    proxy.cut_after(4, DOWN)

    assert said(line, b"0123456789") == b"0123"


def test_it_cuts_a_connection_after_so_many_bytes_went(proxy: Proxy, line: socket.socket):
    proxy.cut_after(4, UP)
    with pytest.raises(ConnectionResetError):
        said(line, b"0123456789")

    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as other:
        assert said(other, b"0123456789") == b"0123456789"

"""Readers who take their time, by mistake or on purpose, hold nobody else up (make slow-connections: 2,000 of them)."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from pathlib import Path

import pytest

from tests.deploy.installation import ONION, Installation
from tests.newsletter.parts import children, size

READERS = size(2000, 200)

_HOST = f"HTTP/1.1\r\nHost: {ONION}\r\n"
BEGINNINGS = (
    "",
    f"GET /be/publications/ {_HOST}X-Slow: ",
    f"POST /en/newsletter/ {_HOST}Content-Length: 100\r\n\r\nemail=",
    f"GET /be/publications/ {_HOST}\r\n",
)
"""Nothing at all, half a header, half a form, and a whole request whose answer is never read."""


@contextmanager
def slow_readers(site: Installation, number: int) -> Iterator[None]:
    """Open this many connections that do not go on: a half of them to TLS, where they never even greet."""
    with ExitStack() as stack:
        for index in range(number // 2):
            onion = ("127.0.0.1", site.onion_port)
            connection = stack.enter_context(socket.create_connection(onion, timeout=20))
            connection.sendall(BEGINNINGS[index % len(BEGINNINGS)].encode())
            stack.enter_context(socket.create_connection(("127.0.0.1", site.https_port), timeout=20))
        yield


@pytest.fixture
def enough_files() -> Iterator[None]:
    """Let this process, and those that it starts, hold all connections open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard >= 4 * READERS, "raise the limit of open files: ulimit -Hn"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4 * READERS), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def count_connections(site: Installation) -> int:
    """Return how many connections nginx holds, as the kernel knows."""
    workers = children(int((site.folder / "nginx.pid").read_text()))
    number = 0
    for file in chain.from_iterable(Path(f"/proc/{worker}/fd").iterdir() for worker in workers):
        with suppress(FileNotFoundError):  # nginx has closed it since it was listed
            number += file.readlink().name.startswith("socket:")
    return number


@pytest.mark.usefixtures("enough_files")
def test_slow_connections_leave_room_for_everybody_else(installation: Installation) -> None:
    paths = ("/be/", "/be/publications/p1/", "/en/newsletter/", "/be/nothing/")
    with installation.gunicorn(), installation.nginx(), slow_readers(installation, READERS):
        deadline = time.monotonic() + 20
        # The kernel takes a connection before nginx does.
        while count_connections(installation) < READERS:
            assert time.monotonic() < deadline
            assert installation.get("/be/").status == 200
        assert [installation.get(path).status for path in paths] == [200, 200, 200, 404]
        assert count_connections(installation) >= READERS // 2
    assert (installation.folder / "gunicorn.log").read_bytes() == b""

"""Servers that run while they are measured, each on a port of its own, and what their processes take."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from constanta.settings import ROOT

GUNICORN = Path(sys.executable).with_name("gunicorn")
WORKERS = 2
"""As `deploy/gunicorn.conf.py` has it where nothing else is said; so does every peer."""

UNIT = {"MALLOC_ARENA_MAX": "2"}
"""What the unit of systemd sets."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        pid: The process that was started; those that answer are its children.
        port: Where it listens on 127.0.0.1.
    """

    pid: int
    port: int

    @property
    def origin(self) -> str:
        """The scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[Path]:
        """Return the folders in `/proc` of the processes that answer."""
        return [Path("/proc") / child for child in _read(self.pid, f"task/{self.pid}/children").split()]

    def processor_seconds(self) -> float:
        """Return how long its processes have kept the processors busy (proc(5), `stat`)."""
        seconds = 0.0
        for process in (Path(f"/proc/{self.pid}"), *self.workers()):
            with suppress(OSError):  # it has ended meanwhile
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                seconds += (int(fields[11]) + int(fields[12])) / _TICKS
        return seconds


def free_ports(number: int) -> list[int]:
    """Return ports of 127.0.0.1 where nobody listens, each another one."""
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [server.getsockname()[1] for server in servers]


def _read(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


@contextmanager
def run_gunicorn(
    program: Path, environment: Mapping[str, str], *options: str, workers: int = WORKERS
) -> Iterator[Server]:
    """Run gunicorn as it is installed on a server: with the project's own configuration."""
    (port,) = free_ports(1)
    command: list[str | Path] = [
        program,
        "--config",
        ROOT / "deploy" / "gunicorn.conf.py",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with _run([*command, "--workers", str(workers), *options], {**UNIT, **environment}, port) as server:
        yield server


@contextmanager
def run_nginx(config: Path, port: int) -> Iterator[Server]:
    """Run nginx with a configuration that listens on a port."""
    command: list[str | Path] = ["nginx", "-c", config, "-e", config.with_suffix(".log"), "-g", "daemon off;"]
    with _run(command, {}, port) as server:
        yield server


@contextmanager
def _run(command: Sequence[str | Path], environment: Mapping[str, str], port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
    try:
        wait_until_it_answers(port, process)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(60)


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes], path: str = "/") -> None:
    """Return once a server answers to a request.

    Raises:
        SystemExit: It has ended instead.
    """
    while process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            fetch(port, path)
            return
        time.sleep(0.005)
    raise SystemExit(f"{process.args!r} has ended with {process.returncode}.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return what a server on this machine answers to one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()

"""Real parts for the newsletter's tests: a PostgreSQL, an SMTP server with moods, a clock to set."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from constanta.settings import ROOT

FULL_SIZE = os.environ.get("CONSTANTA_FULL_SIZE") == "1"
"""Whether the heavy tests run at the size that the named commands (make newsletter-…) ask for."""


def size(full: int, small: int) -> int:
    return full if FULL_SIZE else small


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    time: float = 1_800_000_000

    def __call__(self) -> float:
        return self.time

    def move(self, *, hours: float = 0, seconds: float = 0) -> None:
        self.time += hours * 3600 + seconds


@dataclass
class Postbox:
    """What an SMTP server has taken, and how it behaves.

    `rcpt` and `data` are the next answers to these commands; `drop` and `hang` name a command at which the
    connection is lost or nothing is answered. After `most` messages, a connection is closed: with an answer to the next
    command, or where `hasty`, before it comes. The addresses `refused` are refused for good, and counted.
    """

    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    mail: str = "250 OK"
    rcpt: str = "250 OK"
    data: str = "250 OK"
    drop: str = ""
    hang: str = ""
    most: int = 0
    hasty: bool = False
    connections: int = 0
    refused: set[str] = field(default_factory=set)
    refusals: int = 0

    async def _mood(self, command: str, server: SMTP) -> None:
        if self.drop == command:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        if self.hang == command:
            await asyncio.sleep(3600)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        session.taken = 0  # type: ignore[attr-defined]
        self.connections += 1
        return responses

    async def handle_NOOP(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, _argument: str
    ) -> str:
        return "421 enough" if self._is_full(session) else "250 OK"

    def _is_full(self, session: Session) -> bool:
        return bool(self.most) and session.taken >= self.most  # type: ignore[attr-defined]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        await self._mood("MAIL", server)
        if self._is_full(session):
            return "421 enough"
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        await self._mood("RCPT", server)
        if address in self.refused:
            self.refusals += 1
            return f"550 {address} unknown"
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt.format(address=address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._mood("DATA", server)
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.messages.append(envelope.content)
            self.recipients += envelope.rcpt_tos
            self.senders.append(str(envelope.mail_from))
            session.taken += 1  # type: ignore[attr-defined]
        await self._mood("END", server)
        if self.hasty and self._is_full(session):
            await server.push(self.data)
            await server.push("421 enough")
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.close()
        return self.data

    def parsed(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=policy.default) for data in self.messages]


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, as the kernel knows them."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def run_postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own on a Unix socket; give the address of its server without a database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # The server refuses to run as root.
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if become:
        shutil.chown(folder, "postgres", "postgres")
    else:
        folder.chmod(0o700)
    data = str(folder / "data")

    def call(program: str, *arguments: str) -> None:
        command = [*become, postgres_program(program), "-D", data, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    try:
        call(
            "initdb",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
            "--wal-segsize=1",
        )
        options = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c log_statement=all"
        )
        call("pg_ctl", "start", "-w", "-o", options, "-l", str(folder / "log"))
        try:
            yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
        finally:
            call("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Store:
    """A Redis server of a test's own."""

    folder: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis-server.sock"


@contextmanager
def run_store(*changes: tuple[str, str]) -> Iterator[Store]:
    """Run a Redis server with the configuration of deploy/, in a folder of its own.

    Args:
        changes: What stands in the configuration, and what to put in its place.
    """
    program = shutil.which("redis-server")
    assert program, "These tests need redis-server; .ci/run installs what is missing."
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    text = (ROOT / "deploy/redis/redis-limits.conf").read_text(encoding="utf-8")
    for old, new in (("/run/redis-limits", str(folder)), *changes):
        assert old in text
        text = text.replace(old, new)
    config = folder / "redis.conf"
    config.write_text(text, encoding="utf-8")
    process = subprocess.Popen([program, str(config)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "ready to accept connections" in line.lower():
                break
        else:
            raise AssertionError("".join(said))
        yield Store(folder, process)
    finally:
        process.kill()
        process.communicate()
        shutil.rmtree(folder)


def postgres_program(name: str) -> str:
    """Return the path of a program of the newest PostgreSQL; Debian keeps them out of the search path."""
    found = max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=shutil.which(name))
    assert found, f"PostgreSQL's {name} is not installed"
    return found

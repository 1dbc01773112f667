"""What a seized server gives: nothing. At full size: make newsletter-seizure."""

from __future__ import annotations

import base64
import binascii
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import sqlalchemy as sa

from constanta.newsletter.opening import Opened
from constanta.settings import ROOT, Settings
from tests.newsletter.parts import Postbox, children, free_port, size

PATIENCE_SECONDS = 120
WINDOW = 12
"""The shortest piece of a secret that is looked for, in bytes."""
FORM = "application/x-www-form-urlencoded"
LANGUAGES = ("be", "ru", "en")
RELATIONS = """
    SELECT pg_relation_filepath(files.oid) FROM pg_class tables JOIN pg_class files
    ON files.oid IN (tables.oid, tables.reltoastrelid) WHERE tables.relnamespace = 'public'::regnamespace
"""


@dataclass
class Reader:
    """One reader: an address, the network address it comes from, and what becomes of it."""

    number: int
    links: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"private.person.{self.number:05}@mailbox{self.number}.example"

    @property
    def client(self) -> str:
        return f"127.{100 + self.number // 250}.{self.number % 250}.201"

    @property
    def forwarded(self) -> str:
        return f"203.{100 + self.number // 250}.{self.number % 250}.213"

    @property
    def language(self) -> str:
        return LANGUAGES[self.number % 3]

    @property
    def is_refused(self) -> bool:
        return self.number % 10 == 9

    @property
    def confirms(self) -> bool:
        return self.number % 10 < 7

    @property
    def leaves(self) -> bool:
        return self.number % 10 < 2

    def secrets(self) -> Iterator[str]:
        yield from (self.email, self.client, self.forwarded)
        yield from (path.rpartition("/")[2] for path in self.links.values())


@dataclass
class Server:
    """gunicorn and the worker, with every file that they write in one folder."""

    folder: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def request(
        self, reader: Reader, method: str, path: str, body: str = "", content_type: str = FORM
    ) -> int:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(reader.client, 0)
        )
        headers = {
            "Content-Type": content_type,
            "X-Forwarded-For": reader.forwarded,
            "User-Agent": reader.email,
        }
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def insist(self, reader: Reader, path: str, body: str, expected: int) -> None:
        """Post until the provoked errors let it through."""
        for _ in range(20):
            status = self.request(reader, "POST", path, body)
            if status == expected:
                return
            assert status == 500
        raise AssertionError(path)

    def environments(self) -> Iterator[bytes]:
        """Give the environment and the command line of every process."""
        for process in self.processes:
            for pid in (process.pid, *children(process.pid)):
                for name in ("environ", "cmdline"):
                    yield Path(f"/proc/{pid}/{name}").read_bytes()


@contextmanager
def run_server(settings: Settings, database_url: str, smtp_port: int, folder: Path) -> Iterator[Server]:
    own = settings.newsletter
    (folder / "tmp").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder / "tmp"),
        "CONSTANTA_INSTANCE": str(settings.instance),
        "CONSTANTA_BASE_URL": settings.base_url,
        "CONSTANTA_SECRET_KEY": settings.secret_key,
        "CONSTANTA_DATABASE_URL": database_url,
        "CONSTANTA_NEWSLETTER_RECIPIENTS": str(own.recipients),
        "CONSTANTA_RUNTIME": str(own.runtime),
        "CONSTANTA_MAIL_FROM": own.sender,
        "CONSTANTA_SMTP_HOST": "127.0.0.1",
        "CONSTANTA_SMTP_PORT": str(smtp_port),
        "CONSTANTA_SMTP_SECURITY": "none",
        "CONSTANTA_NEWSLETTER_HOURLY_BUDGET": "60000",
    }
    binaries = Path(sys.executable).parent
    server = Server(folder, free_port())
    bind = ["--bind", f"127.0.0.1:{server.port}", "--workers", "2", "--threads", "4", "--log-level", "error"]
    commands: tuple[list[str | Path], ...] = (
        [binaries / "gunicorn", *bind, "tests.newsletter.provoked:app"],
        [binaries / "flask", "--app", ROOT / "app.py", "newsletter", "deliver", "--watch"],
    )
    for number, command in enumerate(commands):
        with (folder / f"log{number}").open("wb") as log:
            server.processes.append(
                subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
            )
    try:
        wait_until(lambda: _answers(server.port))
        yield server
    finally:
        for process in server.processes:
            process.send_signal(signal.SIGTERM)
        for process in server.processes:
            process.wait(timeout=40)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/be/newsletter/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sign_up_all(server: Server, readers: list[Reader]) -> None:
    def sign_up(reader: Reader) -> None:
        form = urlencode({"email": reader.email})
        server.insist(reader, f"/{reader.language}/newsletter/", form, 200)
        provoke(server, reader)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign_up, readers))


def provoke(server: Server, reader: Reader) -> None:
    """Make bad requests that carry the address, some of them not even HTTP."""
    path, form = f"/{reader.language}/newsletter/", urlencode({"email": reader.email})
    match reader.number % 5:
        case 0:
            assert (
                server.request(reader, "POST", path, f'{{"email": "{reader.email}"}}', "application/json")
                == 415
            )
        case 1:
            assert server.request(reader, "POST", path, f"{form}&{form}") == 422
        case 2:
            assert server.request(reader, "PUT", f"{path}?{form}", form) == 405
        case 3:
            assert server.request(reader, "POST", path, form + "&x=" + "x" * 9000) == 413
        case 4:
            assert server.request(reader, f"GET {reader.email}", path) == 400


def follow_links(server: Server, readers: list[Reader], postbox: Postbox) -> None:
    by_email = {reader.email: reader for reader in readers}
    for mail in postbox.parsed():
        reader, text = by_email[mail["To"]], str(mail.get_body(("plain",)))
        leave = str(mail["List-Unsubscribe"])
        for name, where in (("confirm", text.replace("=\n", "")), ("unsubscribe", leave)):
            found = re.search(rf"https://site\.example(/../newsletter/{name}/\w+)", where)
            assert found
            reader.links[name] = found[1]

    def follow(reader: Reader) -> None:
        if reader.confirms and reader.links:
            assert server.request(reader, "GET", reader.links["confirm"]) == 200
            server.insist(reader, reader.links["confirm"], "", 200)
            if reader.leaves:
                server.insist(reader, reader.links["unsubscribe"], "List-Unsubscribe=One-Click", 200)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(follow, readers))


def encodings(secret: str) -> Iterator[bytes]:
    """Give every way in which a secret may stand in a file."""
    plain = secret.encode()
    yield from (plain, plain[::-1], quote(secret, safe="").encode(), binascii.b2a_qp(plain, quotetabs=True))
    yield plain.replace(b"@", b"=40").replace(b".", b"=2E")
    yield from (binascii.hexlify(plain), binascii.hexlify(plain).upper())
    yield from (secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    for shift in range(3):  # base64 of a longer text in which the secret begins at any place
        whole = base64.b64encode(b"\0" * shift + plain)
        yield from (whole[4:-4], whole[4:-4].replace(b"+", b"-").replace(b"/", b"_"))
    if re.fullmatch(r"[0-9a-f]{48}", secret):
        raw = bytes.fromhex(secret)
        yield from (
            raw,
            base64.b64encode(raw)[:-4],
            base64.urlsafe_b64encode(raw)[:-4],
            secret.upper().encode(),
        )


def find(secrets: set[str], data: bytes) -> set[str]:
    """Return the secrets that stand in `data` in any encoding."""
    needles = {needle: secret for secret in secrets for needle in encodings(secret)}
    starts: dict[bytes, list[bytes]] = {}
    for needle in needles:
        starts.setdefault(needle[:WINDOW], []).append(needle)
    assert min(map(len, starts)) == WINDOW
    found = set()
    for place in range(len(data) - WINDOW + 1):
        for needle in starts.get(data[place : place + WINDOW], ()):
            if data.startswith(needle, place):
                found.add(needles[needle])
    return found


def refuse_some(postbox: Postbox, readers: list[Reader]) -> None:
    postbox.refused = {reader.email for reader in readers if reader.is_refused}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_seized_server_gives_no_address_token_or_client(
    kind: str,
    request: pytest.FixtureRequest,
    settings: Settings,
    smtp: object,
    postbox: Postbox,
    tmp_path: Path,
    subscribers: Callable[[str], Opened],
) -> None:
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    began = time.time()
    readers = [Reader(number) for number in range(size(full=1000, small=20))]
    refuse_some(postbox, readers)
    folder = tmp_path / "server"
    folder.mkdir()
    with run_server(settings, url, smtp.smtp_port, folder) as server:  # type: ignore[attr-defined]
        sign_up_all(server, readers)
        wait_until(lambda: len(postbox.messages) + postbox.refusals >= len(readers))
        follow_links(server, readers, postbox)
        # The moment of the seizure: everything is still running.
        places = [path for path in (folder, settings.instance, settings.newsletter.runtime) if path]
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        seized = {str(path): path.read_bytes() for path in files}
        seized |= {f"process {n}": data for n, data in enumerate(server.environments())}
    if kind == "postgresql":
        seized |= dump_postgres(url, began)
    secrets = {secret for reader in readers for secret in reader.secrets()}
    found = {name: find(secrets, data) for name, data in seized.items()}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}
    assert b"provoked" in seized[str(folder / "log0")]
    assert b"refused a letter for good (550)" in seized[str(folder / "log1")]
    expected = {r.email for r in readers if r.confirms and not r.leaves and not r.is_refused}
    opened = subscribers(url)
    assert sorted(one.email for one in opened.subscriptions) == sorted(expected)
    assert (opened.duplicates, opened.unreadable, opened.strange) == (0, 0, 0)


def dump_postgres(url: str, began: float) -> dict[str, bytes]:
    """Return what was written since `began`: the tables, the write-ahead log, the log of all statements."""
    folder = Path(str(sa.make_url(url).query["host"]))
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        tables = connection.scalars(sa.text(RELATIONS)).all()
    engine.dispose()
    journal = (folder / "data/pg_wal").iterdir()
    wanted = [folder / "log", *(folder / "data" / table for table in tables), *journal]
    return {
        str(path): path.read_bytes().rstrip(b"\0")
        for path in wanted
        if path.is_file() and path.stat().st_mtime >= began
    }


def test_the_search_finds_what_is_there() -> None:
    reader = Reader(7, {"confirm": "/be/newsletter/confirm/" + "0123456789abcdef" * 3})
    for secret in reader.secrets():
        for needle in encodings(secret):
            assert find(set(reader.secrets()), b"before " + needle + b" after") == {secret}
        for shift in range(3):
            hidden = base64.b64encode(b"xyz"[:shift] + f"{secret} and more".encode())
            assert find(set(reader.secrets()), hidden) == {secret}

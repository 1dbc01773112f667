"""The site as it is installed on a server, in a folder of its own: an edition, gunicorn, nginx."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from constanta.settings import ROOT
from tests.newsletter.parts import free_port

DEPLOY = ROOT / "deploy"
HOST = "site.example"
ONION = "constanta.onion"
PROGRAMS = Path(sys.executable).parent
"""Where flask and gunicorn are."""


@dataclass(frozen=True)
class Answer:
    """What a reader gets."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Installation:
    """Where the parts of one installed site are.

    Attributes:
        folder: Stands for the root of the machine.
        environment: The settings of the site's processes.
    """

    folder: Path
    environment: dict[str, str]
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    onion_port: int = field(default_factory=free_port)

    @property
    def editions(self) -> Path:
        return Path(self.environment["CONSTANTA_INSTANCE"]) / "editions"

    @property
    def socket(self) -> Path:
        return self.folder / "site.sock"

    def flask(self, *arguments: str, errors: bool = False) -> str:
        """Run one of the site's commands; return what it prints, or says on the error output."""
        done = subprocess.run(
            [PROGRAMS / "flask", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stderr if errors else done.stdout

    @contextmanager
    def gunicorn(self, *, under: Sequence[str] = (), **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start gunicorn as systemd does: with a socket that is open already, and told when it is ready.

        Args:
            under: The command of a program that starts gunicorn and watches it, if any.
            settings: More variables of the environment.
        """
        self.socket.unlink(missing_ok=True)
        with (
            socket.socket(socket.AF_UNIX) as listener,
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications,
            (self.folder / "gunicorn.log").open("ab") as log,
        ):
            listener.bind(str(self.socket))
            listener.listen(2048)
            notify = self.folder / "notify.sock"
            notify.unlink(missing_ok=True)
            notifications.bind(str(notify))
            notifications.settimeout(60)
            # systemd hands sockets over from the third descriptor on, and names the process that they are for.
            start = 'fd=$1; shift; export LISTEN_PID=$$ LISTEN_FDS=1; eval "exec \\"\\$@\\" 3<&$fd"'
            config = str(DEPLOY / "gunicorn.conf.py")
            command = [
                *under,
                "bash",
                "-c",
                start,
                "-",
                str(listener.fileno()),
                str(PROGRAMS / "gunicorn"),
                "--config",
                config,
            ]
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**self.environment, "NOTIFY_SOCKET": str(notify), **settings},
                stderr=log,
                stdout=log,
                pass_fds=[listener.fileno()],
            )
            try:
                assert b"READY=1" in notifications.recv(4096)
                yield process
            finally:
                process.terminate()
                process.wait(60)

    @contextmanager
    def nginx(self) -> Iterator[None]:
        """Start nginx with our configuration; only places and ports are others."""
        self.start_nginx()
        try:
            yield
        finally:
            self.run_nginx("-s", "stop")

    def start_nginx(self) -> None:
        self.write_config()
        self.run_nginx()

    def run_nginx(self, *arguments: str) -> None:
        config, log = self.folder / "nginx.conf", self.folder / "start.log"
        command = [require("nginx"), "-c", str(config), "-e", str(log), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def write_config(self) -> Path:
        """Write our configuration of nginx with other places and ports; return its file."""
        places = {
            "/etc/nginx/constanta": str(self.folder / "nginx"),
            "/var/lib/constanta/editions": str(self.editions),
            "/run/constanta-site.sock": str(self.socket),
            "/run/nginx.pid": str(self.folder / "nginx.pid"),
            "/var/log/nginx": str(self.folder / "log"),
            "/etc/letsencrypt/live/site.example": str(self.folder / "tls"),
            "/var/www/html": str(self.folder / "acme"),
            # nginx as root would read as www-data, which may not enter the tests' folders.
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "http {": "http {\n"
            + "".join(
                f"    {kind}_temp_path {self.folder / 'temp'};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            ),
        }
        ports = [
            (r" *listen \[::\].*\n", ""),
            (r"listen 80\b", f"listen 127.0.0.1:{self.http_port}"),
            (r"listen 443\b", f"listen 127.0.0.1:{self.https_port}"),
            (r"listen 127\.0\.0\.1:8081\b", f"listen 127.0.0.1:{self.onion_port}"),
        ]
        for name in ("nginx/headers", "nginx/servers", "log", "tls", "acme", "temp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        make_certificate(self.folder / "tls")
        for source, name in SOURCES.items():
            text = (DEPLOY / "nginx" / source).read_text(encoding="utf-8")
            for place, own in places.items():
                text = text.replace(place, own)
            for pattern, own in ports:
                text = re.sub(pattern, own, text)
            (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / "nginx.conf"

    def get(
        self, path: str, host: str = HOST, method: str = "GET", body: str | None = None, **headers: str
    ) -> Answer:
        """Return what a reader gets over https."""
        connection = Https(self.https_port, host)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(connection, method, path, {"Host": host, **names}, body)

    def get_http(self, path: str, host: str = HOST) -> Answer:
        """Return what a reader gets over plain http."""
        return ask(
            http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=20), "GET", path, {"Host": host}
        )

    def get_onion(self, path: str, host: str = ONION) -> Answer:
        """Return what the onion service gets."""
        return ask(
            http.client.HTTPConnection("127.0.0.1", self.onion_port, timeout=20), "GET", path, {"Host": host}
        )

    def get_directly(self, path: str, **headers: str) -> Answer:
        """Return what gunicorn answers to nginx."""
        return ask(Unix(self.socket), "GET", path, {"Host": HOST, "X-Forwarded-Proto": "https", **headers})


SOURCES = {
    "nginx.conf": "nginx.conf",
    "constanta.conf": "nginx/constanta.conf",
    "headers.conf": "nginx/headers/headers.conf",
    "onion.conf": "nginx/servers/onion.conf",
}
READER = "127.0.0.77"
"""The address that readers come from; it stands in no other place than in what somebody writes down of a reader."""


class Https(http.client.HTTPConnection):
    """A connection from a reader with an address of their own; the test's certificate proves nothing."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__("127.0.0.1", port, timeout=20, source_address=(READER, 0))
        self.name = name

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock, server_hostname=self.name)


class Unix(http.client.HTTPConnection):
    """A connection over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(str(self.path))


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: str | None = None,
) -> Answer:
    """Send one request and return the answer."""
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def require(program: str) -> str:
    """Return the path of a program that these tests need."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert path, f"These tests need {program}; .ci/run installs what is missing."
    return path


def make_certificate(folder: Path) -> None:
    """Write a certificate that is good for one day and for nobody."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subject = ["-days", "1", "-subj", f"/CN={HOST}"]
    subprocess.run([*command, *files, *subject], check=True, capture_output=True)


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Give a folder in memory."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)

"""gunicorn with our configuration, started as systemd starts it."""

from __future__ import annotations

import os
import signal
import socket

from tests.deploy.installation import Installation


def test_it_serves_through_the_socket_that_it_is_given(installation: Installation) -> None:
    with installation.gunicorn():
        assert installation.get_directly("/be/").status == 200
        assert installation.get_directly("/healthz").text == "ok\n"


def test_it_learns_from_nginx_alone_that_the_reader_came_by_https(installation: Installation) -> None:
    with installation.gunicorn():
        answer = installation.get_directly(
            "/be/about", **{"X-Forwarded-Ssl": "off", "X-Forwarded-Protocol": "http"}
        )
        assert answer.headers["Location"] in {"/be/about/", "https://site.example/be/about/"}


def test_it_writes_nothing_of_its_readers(installation: Installation) -> None:
    log = installation.folder / "gunicorn.log"
    with installation.gunicorn():
        installation.get_directly("/be/nothing/here/", **{"X-Forwarded-For": "203.0.113.9"})
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(installation.socket))
            raw.sendall(b"GET /be/ HTTP/1.1\r\nHost: a b\r\nBad Header: 203.0.113.9\r\n\r\n")
            raw.recv(4096)
    assert log.read_bytes() == b""


def test_a_reload_goes_on_serving(installation: Installation) -> None:
    with installation.gunicorn() as process:
        os.kill(process.pid, signal.SIGHUP)
        assert [installation.get_directly("/be/").status for _ in range(20)] == [200] * 20

"""gunicorn with our configuration, started as systemd starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from constanta.settings import ROOT
from tests.deploy.installation import DEPLOY, Installation
from tests.newsletter.parts import children

RENDERED = {
    "/en/search/?q=work": 200,
    "/be/newsletter/": 200,
    "/en/nothing/": 404,
}
"""What no edition has, and how it is answered."""


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


def test_it_goes_on_as_it_has_begun_while_the_checkout_changes(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As between `git pull` and `reload`: here templates and styles are gone altogether."""
    checkout = tmp_path / "checkout"
    for name in ("constanta", "deploy", "static", "templates"):
        shutil.copytree(ROOT / name, checkout / name)
    monkeypatch.setattr("tests.deploy.installation.DEPLOY", checkout / "deploy")
    # The programs' own copy of the package is an editable one, of another folder.
    with installation.gunicorn(PYTHONPATH=str(checkout), WEB_CONCURRENCY="1"):
        assert installation.get_directly("/healthz").status == 200
        for name in ("static", "templates"):
            shutil.rmtree(checkout / name)
        statuses = {path: installation.get_directly(path).status for path in RENDERED}
    assert statuses == RENDERED


def test_each_worker_keeps_to_a_core_of_its_own(installation: Installation) -> None:
    """So do those that take the place of others: after one has been killed, and after a reload."""
    apart = min(2, len(os.sched_getaffinity(0)))
    with installation.gunicorn() as process:
        first = wait_for_two_workers(process.pid, set())
        assert len(set(first.values())) == apart
        os.kill(next(iter(first)), signal.SIGKILL)
        second = wait_for_two_workers(process.pid, {next(iter(first))})
        assert len(set(second.values())) == apart
        os.kill(process.pid, signal.SIGHUP)
        third = wait_for_two_workers(process.pid, set(second))
        assert len(set(third.values())) == apart


def test_a_reload_takes_over_from_a_configuration_without_cores(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first upgrade to it does: the workers that are there have no core."""
    text = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    text = text.replace("Path(__file__).resolve().parent.parent", repr(str(DEPLOY.parent)))
    config = tmp_path / "gunicorn.conf.py"
    config.write_text(text.partition("def pre_fork")[0], encoding="utf-8")
    monkeypatch.setattr("tests.deploy.installation.DEPLOY", tmp_path)
    with installation.gunicorn() as process:
        assert installation.get_directly("/be/").status == 200
        config.write_text(text, encoding="utf-8")
        os.kill(process.pid, signal.SIGHUP)
        wait_for_two_workers(process.pid, set())
        assert installation.get_directly("/be/").status == 200


def wait_for_two_workers(gunicorn: int, others: set[int]) -> dict[int, int]:
    """Return the cores of two workers that keep to one each, once there are two besides the others."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(ProcessLookupError):  # one has ended meanwhile
            cores = {
                worker: os.sched_getaffinity(worker) for worker in children(gunicorn) if worker not in others
            }
            if len(cores) == 2 and all(len(found) == 1 for found in cores.values()):
                return {worker: min(found) for worker, found in cores.items()}
        time.sleep(0.02)
    raise AssertionError("no two workers that keep to one core")

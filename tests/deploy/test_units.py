"""systemd's own judgement of our units, and that what they start really starts."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from constanta.settings import ROOT, read_settings
from tests.deploy.installation import DEPLOY, HOST, PROGRAMS, Installation, Unix, ask, require
from tests.newsletter.parts import children, run_store

UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("constanta-*.*") if path.is_file())
ONLY_AS_ROOT = {"fchown"} if os.geteuid() == 0 else set()
"""What SQLite calls if root runs it, to give its files to the owner of the database; the services are not root."""
SERVICES = [name for name in UNITS if name.endswith(".service")]
RUN_ONCE = ["constanta-publish.service", "constanta-check.service", "constanta-purge.service"]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a machine on which the units are installed."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(DEPLOY / "systemd", root / "etc/systemd/system")
    shutil.copytree("/usr/lib/systemd/system", root / "usr/lib/systemd/system", symlinks=True)
    for name in ("opt/constanta/.venv/bin/gunicorn", "opt/constanta/.venv/bin/flask", "bin/kill"):
        program = root / name
        program.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", program)
    return root


def analyze(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [require("systemd-analyze"), *arguments, f"--root={machine}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def directives(name: str) -> configparser.SectionProxy:
    """Return the service section of a unit, with what all units share."""
    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read([DEPLOY / "systemd/constanta-.service.d/hardening.conf", DEPLOY / "systemd" / name])
    return unit["Service"]


def test_systemd_finds_nothing_wrong(machine: Path) -> None:
    done = analyze(machine, "verify", "--man=no", *(f"{machine}/etc/systemd/system/{name}" for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_calls_every_service_safe(machine: Path, name: str) -> None:
    """The mail worker alone may reach the network, which counts for a point."""
    done = analyze(machine, "security", "--offline=yes", "--json=short", name)
    assert done.returncode == 0, done.stderr
    exposure = sum(float(test["exposure"] or 0) for test in json.loads(done.stdout))
    assert exposure <= (1.3 if name == "constanta-mail.service" else 0.5)


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_site_knows_the_store_of_the_limits(name: str) -> None:
    kept = name == "constanta-site.service"
    assert (directives(name).get("UnsetEnvironment") is None) == kept


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_program_that_there_is(name: str) -> None:
    program, *arguments = shlex.split(directives(name)["ExecStart"])
    assert Path(program).parent == Path("/opt/constanta/.venv/bin")
    assert (PROGRAMS / Path(program).name).exists()
    if "--config" in arguments:
        assert (ROOT / arguments[arguments.index("--config") + 1]).is_file()


def run_unit(installation: Installation, name: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(directives(name)["ExecStart"])
    command = [str(PROGRAMS / Path(program).name), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", RUN_ONCE)
def test_a_service_that_runs_once_ends_well(installation: Installation, name: str) -> None:
    done = run_unit(installation, name)
    assert done.returncode == 0, done.stderr


def test_the_mail_worker_runs_until_it_is_told_to_stop(installation: Installation) -> None:
    program, *arguments = shlex.split(directives("constanta-mail.service")["ExecStart"])
    ready = installation.folder / "instance" / "subscribers.sqlite"
    ready.unlink(missing_ok=True)
    environment = {
        **installation.environment,
        "CONSTANTA_SMTP_HOST": "127.0.0.1",
        "CONSTANTA_SMTP_SECURITY": "none",
    }
    with subprocess.Popen(
        [str(PROGRAMS / Path(program).name), *arguments], cwd=ROOT, env=environment
    ) as worker:
        wait_for(ready.exists, worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) in {0, -signal.SIGTERM}


def test_the_publisher_that_stays_needs_no_system_call_that_is_forbidden(
    installation: Installation, tmp_path: Path
) -> None:
    program, *arguments = shlex.split(directives("constanta-watch.service")["ExecStart"])
    trace = [require("strace"), "-ff", "-qq", "-o", str(tmp_path / "calls"), "--signal=none"]
    command = [*trace, str(PROGRAMS / Path(program).name), *arguments]
    laid = ".ahead-*"
    for folder in installation.editions.glob(laid):
        shutil.rmtree(folder)
    with subprocess.Popen(command, cwd=ROOT, env=installation.environment) as tracer:
        wait_for(lambda: any(installation.editions.glob(laid)), tracer)
        (watcher,) = children(tracer.pid)
        os.kill(watcher, signal.SIGTERM)
        tracer.wait(60)
    calls = calls_of(tmp_path / "calls")
    assert "inotify_add_watch" in calls
    assert calls - allowed_calls("constanta-watch.service") - ONLY_AS_ROOT == set()


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something has happened; a process that ends before is an error."""
    while not happened():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)


def allowed_calls(name: str) -> set[str]:
    """Return the system calls that a service may make: each line allows more or, with a tilde, takes some away."""
    folders = (DEPLOY / "systemd/constanta-.service.d", DEPLOY / f"systemd/{name}.d")
    files = sorted((file for folder in folders for file in folder.glob("*.conf")), key=lambda file: file.name)
    allowed: set[str] = set()
    for value in re.findall(r"^SystemCallFilter=(.+)$", "\n".join(map(Path.read_text, files)), re.MULTILINE):
        calls = resolve(value.removeprefix("~").split())
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    return allowed


def resolve(given: list[str]) -> set[str]:
    """Return system calls with those of their groups, as systemd itself knows them."""
    found = {name for name in given if not name.startswith("@")}
    names = [name for name in given if name.startswith("@")]
    while names:
        text = subprocess.run(
            [require("systemd-analyze"), "syscall-filter", *names], check=True, capture_output=True, text=True
        ).stdout
        entries = set(re.findall(r"^ {4}([@\w-]+)$", text, re.MULTILINE))
        found |= {name for name in entries if not name.startswith("@")}
        names = sorted(name for name in entries if name.startswith("@"))
    return found


def calls_of(log: Path) -> set[str]:
    return {
        match[1]
        for path in log.parent.glob(f"{log.name}*")
        for match in re.finditer(r"^(\w+)\(", path.read_text(errors="replace"), re.MULTILINE)
    }


@pytest.mark.parametrize("name", RUN_ONCE)
def test_a_service_needs_no_system_call_that_is_forbidden(
    installation: Installation, tmp_path: Path, name: str
) -> None:
    program, *arguments = shlex.split(directives(name)["ExecStart"])
    trace = [require("strace"), "-ff", "-qq", "-o", str(tmp_path / "calls"), "--signal=none"]
    command = [*trace, str(PROGRAMS / Path(program).name), *arguments]
    subprocess.run(command, cwd=ROOT, env=installation.environment, check=True, capture_output=True)
    calls = calls_of(tmp_path / "calls")
    assert "openat" in calls
    assert calls - allowed_calls(name) - ONLY_AS_ROOT == set()


def test_the_site_needs_no_system_call_that_is_forbidden(installation: Installation, tmp_path: Path) -> None:
    trace = [require("strace"), "-ff", "-qq", "-o", str(tmp_path / "calls"), "--signal=none"]
    with run_store() as store, installation.gunicorn(under=trace, CONSTANTA_LIMITS_URL=store.url) as tracer:
        assert installation.get_directly("/be/").status == 200
        assert installation.get_directly("/en/newsletter/").status == 200
        form = {"Content-Type": "application/x-www-form-urlencoded", "Host": HOST}
        answer = ask(Unix(installation.socket), "POST", "/en/newsletter/", form, "email=x@mail.example")
        assert answer.status == 200
        (gunicorn,) = children(tracer.pid)
        os.kill(gunicorn, signal.SIGTERM)
        tracer.wait(60)
    calls = calls_of(tmp_path / "calls")
    assert {"accept4", "clone", "clone3", "fork", "vfork"} & calls
    assert calls - allowed_calls("constanta-site.service") - ONLY_AS_ROOT == set()


def test_the_example_of_the_settings_can_be_read() -> None:
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    pairs = re.findall(r'^#?(CONSTANTA_\w+)="(.*)"$', text, re.MULTILINE)
    settings = read_settings({**dict(pairs), "CONSTANTA_SECRET_KEY": "long and random"})
    assert settings.base_url == "https://site.example"
    assert settings.newsletter.smtp_host == "mail.example"

"""docs/operating.md names what there is, and its backups can be restored."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.settings import ROOT
from tests.deploy.installation import DEPLOY, HOST, PROGRAMS, Installation, Unix, ask, require
from tests.deploy.test_nginx import sign_up
from tests.newsletter.parts import run_postgres

TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "constanta" / "settings.py").read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    """Return the settings that the program reads: by its prefix, or by the name behind it."""
    named = re.findall(r'(?:\btext|\bfolder|_count)\(\s*"([A-Z_]+)"', text) + re.findall(
        r"\{PREFIX\}([A-Z_]+)", text
    )
    return {f"CONSTANTA_{name}" for name in named}


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    table = TEXT.partition("\n## Settings")[2]
    assert len(names_in(SETTINGS)) >= 20
    assert set(re.findall(r"^\| `(CONSTANTA_\w+)` \|", table, re.MULTILINE)) == names_in(SETTINGS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\bdeploy/[\w./*-]*[\w*]", TEXT))))
def test_every_file_that_it_names_is_there(path: str) -> None:
    assert list(ROOT.glob(path))


@pytest.mark.parametrize("unit", sorted(set(re.findall(r"\bconstanta-[a-z]+(?:\.\w+)?", TEXT))))
def test_every_unit_that_it_names_is_there(unit: str) -> None:
    assert list((DEPLOY / "systemd").glob(unit if "." in unit else f"{unit}.service"))


def test_every_file_for_the_server_is_in_use() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in DEPLOY.rglob("*") if path.is_file()}
    named = {
        path.relative_to(ROOT).as_posix()
        for name in re.findall(r"\bdeploy/[\w./*-]*[\w*]", TEXT)
        for path in ROOT.glob(name)
    }
    systemd = {name for name in files if name.startswith("deploy/systemd/")}
    caches = {name for name in files if "__pycache__" in name}
    used_by_units = {"deploy/gunicorn.conf.py"}
    assert files - named - systemd - caches - used_by_units == set()


def test_a_backup_taken_while_the_site_runs_restores_the_subscribers(site: Installation) -> None:
    assert sign_up(site).status == 200
    database, copy = site.editions.parent / "subscribers.sqlite", site.folder / "copy.sqlite"
    (command,) = re.findall(r"`sqlite3 \S+ \"(\.backup) \S+\"`", TEXT)
    subprocess.run([require("sqlite3"), database, f"{command} {copy}"], check=True)
    before = rows(database)
    for path in database.parent.glob("subscribers.sqlite*"):
        path.unlink()
    with site.gunicorn():
        assert site.get_directly("/healthz").status == 200
    shutil.copy(copy, database)
    assert rows(database) == before != []


def test_a_restore_is_whole_where_a_crash_left_the_log_of_the_old_database(tmp_path: Path) -> None:
    folder, copy = tmp_path / "constanta", tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE subscriber (id INTEGER PRIMARY KEY, sealed BLOB)")
        subprocess.run([require("sqlite3"), tmp_path / "old.sqlite", f".backup {copy}"], check=True)
        old.execute("CREATE INDEX by_sealed ON subscriber (sealed)")
        old.executemany("INSERT INTO subscriber (sealed) VALUES (?)", [(bytes(900),)] * 100)
        old.commit()
        folder.mkdir()
        # As the disk is when the machine loses its power.
        for path in tmp_path.glob("old.sqlite*"):
            shutil.copy(path, folder / path.name.replace("old", "subscribers"))
    assert (folder / "subscribers.sqlite-wal").stat().st_size
    script = "\n".join(commands_of_restore()).replace("-o constanta -g constanta ", "")
    for place, own in {"/root/subscribers.sqlite": copy, "/var/lib/constanta": folder}.items():
        assert place in script
        script = script.replace(place, str(own))
    subprocess.run(["sh", "-e", "-c", script], check=True)
    assert rows(folder / "subscribers.sqlite") == []
    with closing(sqlite3.connect(folder / "subscribers.sqlite")) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_restore_stops_every_unit_that_opens_the_subscribers_and_starts_it_again() -> None:
    text = TEXT.partition("To restore,")[2].partition("\n## ")[0]
    stopped, started = (
        {
            name
            for line in re.findall(rf"^    systemctl {word} ([^#\n]+)", text, re.MULTILINE)
            for name in line.split()
        }
        for word in ("stop", "start")
    )
    openers = {
        path.stem
        for path in (DEPLOY / "systemd").glob("constanta-*.service")
        if re.search(r"^ExecStart=.*(?:gunicorn|newsletter)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    triggers = {
        path.name
        for path in (DEPLOY / "systemd").glob("constanta-*.*")
        if path.suffix in {".socket", ".timer"} and path.stem in openers
    }
    assert stopped == openers | triggers
    assert stopped - started == {"constanta-purge"}  # its timer starts it


def commands_of_restore() -> list[str]:
    """Return what is typed to put a copy of the SQLite file in its place."""
    block = TEXT.partition("Then, and on a new machine after step 3:\n\n")[2].partition("\n\n")[0]
    return block.splitlines()


def test_the_subscribers_in_postgresql_can_be_set_up_dumped_and_restored(
    installation: Installation, tmp_path: Path
) -> None:
    section = TEXT.partition("### Subscribers in PostgreSQL")[2].partition("\n### ")[0]
    become = "runuser -u postgres -- "
    set_up = re.findall(rf"^    {become}(.+)$", section, re.MULTILINE)
    dump = re.findall(rf"`{become}(pg_dump .+?)`", TEXT)
    restore = re.findall(
        rf"^    {become}(.+)$", TEXT.partition("To restore,")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert (len(set_up), len(dump), len(restore)) == (2, 1, 3)
    with run_postgres() as server:
        own = server.format("constanta").replace("postgres@", "constanta@")
        host = own.partition("host=")[2]

        def run(commands: list[str]) -> None:
            script = "\n".join(commands).replace("/root/", f"{tmp_path}/")
            environment = {"PATH": os.environ["PATH"], "PGHOST": host, "PGUSER": "postgres"}
            subprocess.run(["sh", "-e", "-c", script], env=environment, check=True)

        run(set_up)
        site = replace(installation, environment={**installation.environment, "CONSTANTA_DATABASE_URL": own})
        with site.gunicorn():
            form = {"Content-Type": "application/x-www-form-urlencoded", "Host": HOST}
            answer = ask(Unix(site.socket), "POST", "/en/newsletter/", form, "email=x@mail.example")
            assert answer.status == 200
        before = site.flask("newsletter", "stats", own)
        run(dump)
        run(restore)
        site.flask("newsletter", "purge")
        assert site.flask("newsletter", "stats", own) == before


def rows(database: object) -> list[tuple[bytes]]:
    with closing(sqlite3.connect(str(database))) as connection:
        return connection.execute("SELECT sealed FROM subscriber ORDER BY id").fetchall()


WRAPPER = DEPLOY / "constanta"


def test_the_wrapper_runs_a_command_with_the_settings_of_the_site(
    installation: Installation, tmp_path: Path
) -> None:
    script = WRAPPER.read_text(encoding="utf-8")
    lines = [
        f"{name}='{value}'"
        for name, value in installation.environment.items()
        if name.startswith("CONSTANTA_")
    ]
    # A shell would not get over these two.
    lines += ["CONSTANTA_MAIL_FROM=Anna <anna@site.example>", 'CONSTANTA_SMTP_PASSWORD="pa$word9"']
    lines += ["CONSTANTA_LIMITS_URL=no address, of which no command asks"]
    (tmp_path / "environment").write_text("\n".join(lines), encoding="utf-8")
    for place, own in {
        "/etc/constanta/environment": str(tmp_path / "environment"),
        "/opt/constanta": str(ROOT),
        ".venv/bin/flask": str(PROGRAMS / "flask"),
        '"runuser", "-u", "constanta", "--", ': "",
    }.items():
        assert place in script
        script = script.replace(place, own)
    (tmp_path / "constanta").write_text(script, encoding="utf-8")
    (tmp_path / "constanta").chmod(0o755)
    command = [str(tmp_path / "constanta"), "edition", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("* ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('A="pa$word9"', "pa$word9"),
        ("A=Anna <anna@site.example>", "Anna <anna@site.example>"),
        ('A=it\'s #no comment; "at all"  ', 'it\'s #no comment; "at all"'),
        ("A='a \\ $b'  ", "a \\ $b"),
        (r'A="\" \$ \` \\ \n"', r'" $ ` \ \n'),
        (r"A=\ \\a\$\ ", r" \a$ "),
        ("A=one \\\ntwo", "one two"),
        ('A="one\ntwo \\\nthree"', "one\ntwo three"),
        ("A='one' \"two\" three", "onetwothree"),
        ("# A=0\nA=1\n;A=2\n  A = 3\nB=", "3"),
        ("=A=1\nexport A=2\nA=3\nA.b=4\nA", "3"),
        ("A='one\n", "one\n"),
        ('A="one\\', "one"),
        ("A=one\\", "one"),
        ("A=1\r\nA=\tдва\r\n", "два"),
    ],
)
def test_the_wrapper_reads_settings_as_systemd_does(text: str, value: str, tmp_path: Path) -> None:
    """The generator of systemd for users' sessions reads its files by the same rules."""
    read = runpy.run_path(str(WRAPPER))["read_settings"]
    assert dict(read(text))["A"] == value
    (tmp_path / "environment.d").mkdir()
    # It alone replaces what follows a dollar sign, also a quoted one; the rules of quoting are the same for others.
    file, stand_in = tmp_path / "environment.d" / "a.conf", "€"
    file.write_text(text.replace("$", stand_in), encoding="utf-8", newline="")
    generator = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
    done = subprocess.run(
        [generator], env={"XDG_CONFIG_HOME": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    (said,) = re.findall(r"^A=(.*)$", done.stdout, re.MULTILINE)
    plain = re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), said)
    plain = plain[1:-1] if said.startswith('"') else plain
    assert plain == dict(read(text.replace("$", stand_in)))["A"]

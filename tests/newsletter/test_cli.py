from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from pyrage.x25519 import Identity
from werkzeug.serving import make_server

from constanta.cli.newsletter import group
from constanta.newsletter.keys import OPERATOR_FILE, RECIPIENTS_FILE, RECOVERY_FILE
from constanta.newsletter.service import Newsletter
from constanta.pages.newsletter import EXTENSION
from constanta.settings import ROOT
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Clock, Postbox
from tests.newsletter.test_service import sign_up

FORM = {"content_type": "application/x-www-form-urlencoded"}


def run(*arguments: object, code: int = 0, answer: str | None = None) -> Result:
    result = CliRunner(env={"LANG": "C", "LC_ALL": "C"}).invoke(
        group, list(map(str, arguments)), input=answer
    )
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def newsletter(app: Flask) -> Newsletter:
    newsletter: Newsletter = app.extensions[EXTENSION]
    return newsletter


@pytest.fixture
def database(newsletter: Newsletter) -> Path:
    return Path(str(newsletter.database.url.database))


def subscribe(newsletter: Newsletter, *names: str) -> list[str]:
    """Subscribe and confirm; return the tokens to unsubscribe."""
    tokens = [sign_up(newsletter, f"{name}@people.example") for name in names]
    for confirm, _ in tokens:
        newsletter.confirm(confirm)
    return [unsubscribe for _, unsubscribe in tokens]


def test_every_command_has_help_and_stands_in_the_docs() -> None:
    docs = (ROOT / "docs" / "operating-newsletter.md").read_text(encoding="utf-8")
    names = {name: command.get_short_help_str() for name, command in group.commands.items()}
    assert all(names.values())
    commands = re.findall(r"^(.*?) ?newsletter (\w+)", "\n".join(docs.split("```")[1::2]), re.MULTILINE)
    assert {name for _, name in commands} == names.keys()
    assert {program for program, _ in commands} == {".venv/bin/flask", "constanta"}


@pytest.mark.parametrize(
    "name",
    [
        *(
            f"{folder}/{file}"
            for folder in ("keys", "new-keys")
            for file in ("operator.key", "recipients.txt")
        ),
        *("operator.key", "recipients.txt", "subscribers.json", ".subscribers.json.123", "list.csv"),
        *("canaries.json", ".canaries.json.123", ".list.csv.123", "copy.sqlite", "subscribers.dump"),
    ],
)
def test_git_leaves_alone_what_the_operators_commands_write(tmp_path: Path, name: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    assert subprocess.run(["git", "check-ignore", "-q", name], cwd=tmp_path, check=False).returncode == 0


def test_the_operators_commands_need_none_of_the_sites_settings(tmp_path: Path) -> None:
    flask = Path(sys.executable).parent / "flask"
    done = subprocess.run(
        [flask, "--app", ROOT / "app.py", "newsletter", "keygen", tmp_path / "keys"],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {
        OPERATOR_FILE,
        RECOVERY_FILE,
        RECIPIENTS_FILE,
    }


def test_a_command_that_ends_leaves_no_journal_in_which_old_pages_would_stay(tmp_path: Path) -> None:
    flask = Path(sys.executable).parent / "flask"
    subprocess.run(
        [flask, "--app", ROOT / "app.py", "newsletter", "purge"],
        env={**os.environ, "CONSTANTA_INSTANCE": str(tmp_path), "CONSTANTA_RUNTIME": str(tmp_path / "run")},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert [path.name for path in tmp_path.glob("subscribers*")] == ["subscribers.sqlite"]


def test_keys_are_made_once(tmp_path: Path) -> None:
    run("keygen", tmp_path / "keys")
    assert "never overwritten" in run("keygen", tmp_path / "keys", code=1).output


def test_pulled_rows_open_as_csv(
    newsletter: Newsletter, database: Path, tmp_path: Path, keys_folder: Path
) -> None:
    first, _ = subscribe(newsletter, "a", "=b")
    assert "Pulled 2" in run("pull", database, tmp_path / "pulled").output
    output = tmp_path / "list.csv"
    key = keys_folder / OPERATOR_FILE
    result = run(
        "open", tmp_path / "pulled", "--key", key, "--output", output, "--site", "https://site.example"
    )
    assert "2 subscribers; left out: 0 duplicates, 0 of people who unsubscribed." in result.output
    rows = list(csv.DictReader(io.StringIO(output.read_text(encoding="utf-8"))))
    assert [row["email"] for row in rows] == ["a@people.example", "'=b@people.example"]
    assert rows[0]["unsubscribe"] == f"https://site.example/be/newsletter/unsubscribe/{first}"
    assert output.stat().st_mode & 0o777 == 0o600


def test_data_and_remarks_do_not_mix(
    newsletter: Newsletter, database: Path, tmp_path: Path, keys_folder: Path
) -> None:
    subscribe(newsletter, "a")
    run("pull", database, tmp_path / "pulled")
    result = run("open", tmp_path / "pulled", "--key", keys_folder / RECOVERY_FILE, "--format", "json")
    assert [row["email"] for row in json.loads(result.stdout)] == ["a@people.example"]


def test_who_unsubscribed_is_dropped_at_the_next_pull(
    newsletter: Newsletter, clock: Clock, database: Path, tmp_path: Path, keys_folder: Path
) -> None:
    (token,) = subscribe(newsletter, "a")
    clock.move(hours=1)
    subscribe(newsletter, "a", "b")
    run("pull", database, tmp_path / "pulled")
    newsletter.unsubscribe(token)
    run("pull", database, tmp_path / "pulled")
    result = run("open", tmp_path / "pulled", "--key", keys_folder / OPERATOR_FILE, "--format", "json")
    assert [row["email"] for row in json.loads(result.stdout)] == ["b@people.example"]
    assert "1 of people who unsubscribed" in result.stderr


def test_a_restored_backup_neither_loses_who_comes_back_nor_writes_to_who_left(
    newsletter: Newsletter, clock: Clock, database: Path, tmp_path: Path, keys_folder: Path
) -> None:
    back, away = subscribe(newsletter, "back", "away")
    backup, pulled = tmp_path / "backup", tmp_path / "pulled"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)
    subscribe(newsletter, *"bcdefghij")
    newsletter.unsubscribe(back)
    newsletter.unsubscribe(away)
    run("pull", database, pulled)

    newsletter.database.close()
    database.write_bytes(backup.read_bytes())
    clock.move(hours=1)
    subscribe(newsletter, "back")
    run("pull", database, pulled)
    result = run("open", pulled, "--key", keys_folder / OPERATOR_FILE, "--format", "json")
    assert [row["email"] for row in json.loads(result.stdout)] == ["back@people.example"]
    assert "2 of people who unsubscribed" in result.stderr


def test_swapped_keys_are_an_alarm(newsletter: Newsletter, database: Path, tmp_path: Path) -> None:
    subscribe(newsletter, "a")
    run("pull", database, tmp_path / "pulled")
    (tmp_path / "other.key").write_text(str(Identity.generate()))
    result = run("open", tmp_path / "pulled", "--key", tmp_path / "other.key", code=1)
    assert "WARNING: 1 rows cannot be opened with this key" in result.stderr


def test_statistics_need_no_key(newsletter: Newsletter, clock: Clock, database: Path) -> None:
    clock.time = time.time() - 2 * 3600 - 5 * 60
    subscribe(newsletter, "a", "b")
    newsletter.sign_up("c@people.example", "be", "192.0.2.1")
    clock.move(hours=1)
    newsletter.sign_up("d@people.example", "be", "192.0.2.1")
    counts = {"confirmed": 2, "pending": 2, "gone": 0, "letters": 2}
    found = json.loads(run("stats", database, "--json").stdout)
    assert 7500 <= found.pop("oldest_letter_seconds") < 7560
    assert found == counts
    lines = run("stats", database).stdout.splitlines()
    assert lines == [*(f"{name:<10} {count}" for name, count in counts.items()), "oldest     2 h 5 min"]


def test_where_no_letter_waits_none_is_old(newsletter: Newsletter, database: Path) -> None:
    newsletter.purge()
    assert json.loads(run("stats", database, "--json").stdout)["oldest_letter_seconds"] == 0
    assert run("stats", database).stdout.endswith("oldest     0 h 0 min\n")


@pytest.fixture
def site(app: Flask) -> object:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("planted", ["Canary@people.example", "anna@пример.рф", "anna@XN--E1AFMKFD.xn--p1ai"])
def test_canaries_are_planted_through_the_form_and_found_again(
    planted: str,
    site: str,
    app: Flask,
    reader: FlaskClient,
    links: Callable[[Flask], list[str]],
    database: Path,
    tmp_path: Path,
    keys_folder: Path,
) -> None:
    listed, pulled = tmp_path / "canaries", tmp_path / "pulled"
    run("canary", "plant", site, planted, "--list", listed)
    run("pull", database, pulled)
    check = ("canary", "check", pulled, "--key", keys_folder / OPERATOR_FILE, "--list", listed)
    assert "These canaries are missing" in run(*check, code=1).stderr
    reader.post(links(app)[0], **FORM)
    run("pull", database, pulled)
    assert "All canaries are there, and every row opens." in run(*check).stderr
    assert listed.stat().st_mode & 0o777 == 0o600


def test_keys_that_cannot_be_written_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("keygen", tmp_path / "file" / "keys", code=1)
    assert result.stderr == f"{tmp_path}/file/keys: This cannot be read or written: Not a directory.\n"


def test_a_canary_that_was_not_accepted_is_not_listed(site: str, tmp_path: Path) -> None:
    listed = tmp_path / "canaries"
    result = run("canary", "plant", site, "nonsense", "--list", listed, code=1)
    assert "did not accept the address (status 422)" in result.stderr
    for nowhere in ("http://127.0.0.1:1", "http://127.0.0.1:port"):
        result = run("canary", "plant", nowhere, "a@people.example", "--list", listed, code=1)
        assert "cannot be reached" in result.stderr
    assert not listed.exists()


def test_purging_says_what_it_deleted(app: Flask, newsletter: Newsletter, clock: Clock) -> None:
    newsletter.sign_up("c@people.example", "be", "192.0.2.1")
    clock.move(hours=48)
    result = app.test_cli_runner().invoke(args=["newsletter", "purge"])
    assert "Deleted: pending 1, letters 1, hashes 0." in result.output


@pytest.mark.parametrize("command", ["purge", "deliver"])
def test_a_database_that_is_away_is_told(open_app: Callable[..., Flask], command: str) -> None:
    app = open_app("postgresql+psycopg://nobody@127.0.0.1:1/none")
    result = app.test_cli_runner().invoke(args=["newsletter", command])
    assert result.exit_code == 1
    assert "The subscribers' database cannot be used now (OperationalError)." in result.output


def test_delivering_sends_what_waits(open_app: Callable[..., Flask], smtp: object, postbox: Postbox) -> None:
    app = open_app(smtp_port=smtp.smtp_port)  # type: ignore[attr-defined]
    app.extensions[EXTENSION].sign_up("c@people.example", "be", "192.0.2.1")
    result = app.test_cli_runner().invoke(args=["newsletter", "deliver"])
    assert "Sent 1; refused for good 0; put off 0." in result.output
    assert postbox.recipients == ["c@people.example"]
    assert "https://site.example/be/newsletter/confirm/" in str(postbox.parsed()[0].get_body(("plain",)))


def test_delivering_without_a_mail_server_says_what_to_set(open_app: Callable[..., Flask]) -> None:
    app = open_app(smtp_host=None)
    result = app.test_cli_runner().invoke(args=["newsletter", "deliver"])
    assert result.exit_code == 1
    assert "Set CONSTANTA_SMTP_HOST" in result.output


def test_a_mail_server_that_is_away_is_told_and_the_letter_stays(open_app: Callable[..., Flask]) -> None:
    app = open_app(smtp_port=1)
    app.extensions[EXTENSION].sign_up("c@people.example", "be", "192.0.2.1")
    result = app.test_cli_runner().invoke(args=["newsletter", "deliver"])
    assert result.exit_code == 1
    assert "what waits stays" in result.output
    assert count_rows(app.extensions[EXTENSION])["outbox"] == 1


def test_a_watching_worker_ends_when_it_is_told_to(
    open_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app()
    newsletter = app.extensions[EXTENSION]
    # The worker purges first: that is the moment to tell it.
    monkeypatch.setattr(newsletter, "purge", lambda: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    assert app.test_cli_runner().invoke(args=["newsletter", "deliver", "--watch"]).exit_code == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_in_development_the_link_is_in_the_console_and_leads_to_the_form_again(
    project: object, capsys: pytest.CaptureFixture[str], open_site: Callable[..., FlaskClient]
) -> None:
    reader = open_site()
    assert "DEVELOPMENT KEYS" in capsys.readouterr().err
    reader.post("/be/newsletter/", data={"email": "dev@people.example"}, base_url="http://127.0.0.1:8099")
    link = re.search(r"http://127\.0\.0\.1:8099(\S+)", capsys.readouterr().err)
    assert link is not None
    assert "successfully subscribed" in reader.post(link[1], **FORM).text

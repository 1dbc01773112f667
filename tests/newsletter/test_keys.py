from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pyrage.x25519 import Identity

from constanta.errors import NewsletterError, SettingsError
from constanta.factory import create_app
from constanta.newsletter.keys import (
    OPERATOR_FILE,
    RECIPIENTS_FILE,
    RECOVERY_FILE,
    is_protected,
    make_keys,
    read_identity,
    read_recipients,
)
from constanta.newsletter.opening import Opened, open_pulled
from constanta.newsletter.pulled import Pulled, add_snapshot
from constanta.newsletter.sources import read_snapshot
from constanta.settings import Settings
from tests.newsletter.test_service import sign_up


def test_the_recipients_are_the_public_halves(tmp_path: Path) -> None:
    make_keys(tmp_path)
    public = [str(read_identity(tmp_path / name).to_public()) for name in (OPERATOR_FILE, RECOVERY_FILE)]
    assert [str(key) for key in read_recipients(tmp_path / RECIPIENTS_FILE)] == public


def test_private_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    make_keys(tmp_path)
    for name in (OPERATOR_FILE, RECOVERY_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = (tmp_path / OPERATOR_FILE).read_bytes()
    with pytest.raises(NewsletterError, match=r"operator\.key: This file exists already"):
        make_keys(tmp_path)
    assert (tmp_path / OPERATOR_FILE).read_bytes() == before


def test_a_passphrase_protects_private_keys(tmp_path: Path) -> None:
    make_keys(tmp_path, "correct horse")
    path = tmp_path / OPERATOR_FILE
    assert is_protected(path)
    assert b"AGE-SECRET-KEY" not in path.read_bytes()
    assert str(read_identity(path, "correct horse")).startswith("AGE-SECRET-KEY-1")
    with pytest.raises(NewsletterError, match="passphrase is wrong"):
        read_identity(path, "battery staple")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "two different public keys"),
        ("{a}\n", "two different public keys"),
        ("{a}\n{a}\n", "two different public keys"),
        ("{a}\n{b}\n{c}\n", "two different public keys"),
        ("{a}\nage1nonsense\n", "no public key"),
        ("{a}\n{private}\n", "no public key"),
        ("ключ\n", "cannot be read"),
    ],
)
def test_the_file_of_recipients_holds_exactly_two_public_keys(
    tmp_path: Path, text: str, message: str
) -> None:
    keys = {name: str(Identity.generate().to_public()) for name in "abc"}
    path = tmp_path / "recipients.txt"
    path.write_text(text.format(**keys, private=Identity.generate()), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        read_recipients(path)


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"age1abc\n", b"\xff\xfe"])
def test_a_file_without_a_private_key_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "some.key"
    path.write_bytes(data)
    with pytest.raises(NewsletterError, match="no private key"):
        read_identity(path)


def test_of_two_developers_sites_that_start_at_once_both_take_the_keys_of_the_quicker_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "newsletter-keys"

    def be_slower(draft: Path) -> None:
        make_keys(folder)
        make_keys(draft)

    monkeypatch.setattr("constanta.pages.newsletter.make_keys", be_slower)
    app = create_app(Settings(instance=tmp_path, secret_key="only here", debug=True))
    taken = app.extensions["constanta.newsletter"].office.recipients.current()
    assert list(map(str, taken)) == list(map(str, read_recipients(folder / RECIPIENTS_FILE)))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("tmp")]


@pytest.fixture
def rotated(open_app: Callable[..., Flask], tmp_path: Path) -> tuple[Flask, Path]:
    """A site that has begun with keys of its own, and their folder."""
    make_keys(tmp_path / "keys")
    return open_app(recipients=tmp_path / "keys" / RECIPIENTS_FILE), tmp_path / "keys"


def open_with(app: Flask, key: Path) -> Opened:
    newsletter = app.extensions["constanta.newsletter"]
    newsletter.confirm(sign_up(newsletter)[0])
    snapshot = read_snapshot(newsletter.database.url.render_as_string())
    return open_pulled(add_snapshot(Pulled(), snapshot, Path()), [read_identity(key)])


def test_new_public_keys_count_from_the_next_signup(rotated: tuple[Flask, Path], tmp_path: Path) -> None:
    app, folder = rotated
    make_keys(tmp_path / "new")
    (tmp_path / "new" / RECIPIENTS_FILE).replace(folder / RECIPIENTS_FILE)
    assert len(open_with(app, tmp_path / "new" / OPERATOR_FILE).subscriptions) == 1


def test_keys_that_could_not_be_read_at_first_count_once_they_can(
    rotated: tuple[Flask, Path], tmp_path: Path
) -> None:
    app, folder = rotated
    make_keys(tmp_path / "new")
    file, new = folder / RECIPIENTS_FILE, (tmp_path / "new" / RECIPIENTS_FILE).read_bytes()
    for data in (new.replace(b"age", b"not"), new):
        file.write_bytes(data)
        os.utime(file, (1_700_000_000, 1_700_000_000))
        opened = open_with(app, tmp_path / "new" / OPERATOR_FILE)
    assert len(opened.subscriptions) == 1


def test_keys_that_cannot_be_read_leave_the_old_ones_in_use_and_are_told(
    rotated: tuple[Flask, Path], caplog: pytest.LogCaptureFixture
) -> None:
    app, folder = rotated
    (folder / RECIPIENTS_FILE).write_text("half a fi")
    assert len(open_with(app, folder / OPERATOR_FILE).subscriptions) == 1
    assert len(caplog.messages) == 1
    assert "the new public keys are not used, the old ones stay" in caplog.messages[0]
    (folder / RECIPIENTS_FILE).unlink()
    assert open_with(app, folder / OPERATOR_FILE).unreadable == 0

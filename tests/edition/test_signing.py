"""Keys that minisign made, and signatures that it takes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from minisign import KeyPair

from constanta.edition.signing import check_file, read_public_key, read_secret_key, sign_file
from constanta.errors import EditionError
from tests.edition.test_mirror import require


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to sign."""
    path = tmp_path / "file"
    path.write_bytes(b"text")
    return path


def never() -> str:
    raise AssertionError("A key without a passphrase asks for one.")


def test_a_key_that_minisign_made_signs(tmp_path: Path, file: Path) -> None:
    secret, public = tmp_path / "key", tmp_path / "key.pub"
    make = [require("minisign"), "-GW", "-s", str(secret), "-p", str(public)]
    subprocess.run(make, check=True, capture_output=True)
    sign_file(file, read_secret_key(secret, never), "a comment")
    assert check_file(file, read_public_key(public)) == "a comment"


def test_a_passphrase_is_asked_for_and_must_be_right(tmp_path: Path) -> None:
    key = KeyPair.generate().secret_key
    key.encrypt("correct horse")
    path = tmp_path / "key"
    path.write_bytes(bytes(key))
    assert not read_secret_key(path, lambda: "correct horse").is_encrypted()
    with pytest.raises(EditionError, match="wrong password"):
        read_secret_key(path, lambda: "battery staple")


def test_the_same_comment_gives_the_same_bytes(file: Path) -> None:
    key = KeyPair.generate().secret_key
    first = sign_file(file, key, "one").read_bytes()
    assert sign_file(file, key, "one").read_bytes() == first
    assert sign_file(file, key, "two").read_bytes() != first


@pytest.mark.parametrize("content", [None, b"", b"untrusted comment: x\nRW\n"])
def test_what_is_no_key_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EditionError, match="no public key of minisign"):
        read_public_key(path)
    with pytest.raises(EditionError, match="no secret key of minisign"):
        read_secret_key(path, never)

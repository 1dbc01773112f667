"""Signatures in the format of minisign (https://jedisct1.github.io/minisign/), so that its program can check them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minisign import Error, PublicKey, SecretKey, Signature

from constanta.errors import EditionError, sentence


def read_secret_key(path: Path, ask_passphrase: Callable[[], str]) -> SecretKey:
    """Return a secret key of minisign; `ask_passphrase` is called where the key has one.

    Raises:
        EditionError: The file holds no secret key, or the passphrase is another.
    """
    try:
        key = SecretKey.from_file(path)
        if key.is_encrypted():
            key.decrypt(ask_passphrase())
    except (OSError, Error) as error:
        text = sentence(
            "This is no secret key of minisign that can be used: %(reason)s. Make one with: minisign -G",
            reason=error,
        )
        raise EditionError.at(path, None, text) from error
    return key


def read_public_key(path: Path) -> PublicKey:
    """Return a public key of minisign.

    Raises:
        EditionError: The file holds none.
    """
    try:
        return PublicKey.from_file(path)
    except (OSError, Error) as error:
        text = sentence("This is no public key of minisign: %(reason)s.", reason=error)
        raise EditionError.at(path, None, text) from error


def public_text(key: PublicKey) -> str:
    """Return a public key as people compare it: 56 letters, beginning with `RW`."""
    return key.to_base64().decode("ascii")


def sign_file(path: Path, key: SecretKey, comment: str) -> Path:
    """Write the signature of a file beside it and return its path.

    Args:
        path: The file.
        key: The secret key, without a passphrase any more.
        comment: What the signature vouches for besides the file, in ASCII; the same comment gives the same bytes.

    Raises:
        EditionError: It cannot be written.
    """
    signed = signature_path(path)
    try:
        with path.open("rb") as file:
            signature = key.sign(file, trusted_comment=comment)
        signed.write_bytes(bytes(signature) + b"\n")
    except OSError as error:
        signed.unlink(missing_ok=True)
        raise unwritable(signed, error) from error
    return signed


def unwritable(path: Path, error: OSError) -> EditionError:
    """Return what is said where the system refuses to write a mirror, or what belongs to it."""
    text = sentence("The mirror cannot be written: %(reason)s.", reason=error.strerror)
    return EditionError.at(path, None, text)


def check_file(path: Path, key: PublicKey) -> str:
    """Return what the signature beside a file vouches for besides the file.

    Raises:
        EditionError: There is no signature, or it is not of this file and key.
    """
    try:
        signature = Signature.from_file(signature_path(path))
        with path.open("rb") as file:
            key.verify(file, signature)
    except (OSError, Error) as error:
        text = sentence("The signature does not fit: %(reason)s.", reason=error)
        raise EditionError.at(signature_path(path), None, text) from error
    return signature.trusted_comment


def signature_path(path: Path) -> Path:
    """Return where minisign looks for the signature of a file."""
    return path.with_name(f"{path.name}.minisig")

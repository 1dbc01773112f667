"""Key files in age's own formats, so that the `age` tool reads and writes them too."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, passphrase
from pyrage.x25519 import Identity, Recipient

from constanta.errors import NewsletterError, Problem, SettingsError, sentence
from constanta.newsletter.seal import Recipients

OPERATOR_FILE = "operator.key"
RECOVERY_FILE = "recovery.key"
RECIPIENTS_FILE = "recipients.txt"

log = logging.getLogger(__name__)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read.

    Raises:
        FileExistsError: There is a file already; a key is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def make_keys(folder: Path, secret: str = "") -> None:
    """Write two new private keys and the file of their public halves into `folder`.

    With a `secret` the private keys are encrypted with this passphrase, as `age -p` does.

    Raises:
        NewsletterError: One of the files is there already; nothing was written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (OPERATOR_FILE, RECOVERY_FILE, RECIPIENTS_FILE):
        if (folder / name).exists():
            text = sentence("This file exists already; keys are never overwritten. Name another folder.")
            raise NewsletterError(Problem(text, folder / name))
    operator, recovery = Identity.generate(), Identity.generate()
    for name, identity in ((OPERATOR_FILE, operator), (RECOVERY_FILE, recovery)):
        data = f"# public key: {identity.to_public()}\n{identity}\n".encode("ascii")
        write_private(folder / name, passphrase.encrypt(data, secret) if secret else data)
    lines = (f"# operator\n{operator.to_public()}\n", f"# recovery\n{recovery.to_public()}\n")
    (folder / RECIPIENTS_FILE).write_text("".join(lines), encoding="ascii")


def read_recipients(path: Path) -> Recipients:
    """Return the two public keys of a recipients file: one on a line, `#` begins a comment.

    Raises:
        SettingsError: The file cannot be read, or does not hold exactly two different keys.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
        found = {line: Recipient.from_str(line) for line in lines if line and not line.startswith("#")}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(Problem(sentence("The public keys cannot be read."), path)) from error
    except RecipientError as error:
        wrong = sentence("A line is no public key of the form age1…, made by flask newsletter keygen.")
        raise SettingsError(Problem(wrong, path)) from error
    match list(found.values()):
        case [operator, recovery]:
            return operator, recovery
    wrong = sentence("There must be two different public keys: the operator’s and the recovery key.")
    raise SettingsError(Problem(wrong, path))


class RecipientsFile:
    """The two public keys of a file, read again whenever it has changed, so that new ones count from then on.

    Raises:
        SettingsError: The file cannot be used at the start. Later, the keys from before stay in use, and the log says so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self._recipients = read_recipients(path)

    def current(self) -> Recipients:
        """Return the keys that the file holds now."""
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._recipients = read_recipients(self._path)
            except SettingsError as error:
                log.error("the new public keys are not used, the old ones stay: %s", error)  # noqa: TRY400
        return self._recipients


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def is_protected(path: Path) -> bool:
    """Return whether a private key file is encrypted with a passphrase."""
    with path.open("rb") as file:
        return file.read(21) == b"age-encryption.org/v1"


def read_identity(path: Path, secret: str = "") -> Identity:
    """Return the private key of a file, decrypted with the passphrase `secret` where it is protected.

    Raises:
        NewsletterError: The file cannot be read, the passphrase is wrong, or there is no key in it.
    """
    try:
        data = path.read_bytes()
        text = (passphrase.decrypt(data, secret) if is_protected(path) else data).decode("ascii")
        keys = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        return Identity.from_str(keys[0])
    except OSError as error:
        raise NewsletterError(Problem(sentence("The private key cannot be read."), path)) from error
    except DecryptError as error:
        raise NewsletterError(Problem(sentence("The passphrase is wrong."), path)) from error
    except (IdentityError, IndexError, UnicodeDecodeError) as error:
        wrong = sentence("There is no private key (AGE-SECRET-KEY-1…) in this file.")
        raise NewsletterError(Problem(wrong, path)) from error

"""What an edition says of itself, in `edition.json`: its languages, and the digests that guard its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from constanta.errors import EditionError, sentence

MANIFEST = "edition.json"
CONTENT = "content.db"
CATALOGS = "catalogs"

_CHECK = "check"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an edition says of itself.

    Attributes:
        languages: The tags of its languages.
        public: Those that are offered to every reader.
        pages: A digest of all its pages; the same content gives the same everywhere. Empty where none are rendered.
        frames: What its pages stand on besides the content, by language (see `frame`).
        files: The SHA-256 of each file but for the pages, whose digests are in their index.
        base_url: The public address that its pages name; empty where none are rendered.
    """

    languages: tuple[str, ...]
    public: tuple[str, ...]
    pages: str = ""
    frames: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""

    def write(self, folder: Path) -> None:
        """Write it into an edition's folder."""
        values = asdict(self)
        (folder / MANIFEST).write_text(_format({**values, _CHECK: _digest(values)}), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return what the edition in a folder says of itself.

    Raises:
        EditionError: It cannot be read, or is not what was written.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        check = values.pop(_CHECK)
        manifest = Manifest(**{**values, **{name: tuple(values[name]) for name in ("languages", "public")}})
    except OSError as error:
        raise not_whole(folder, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_whole(folder, f"{MANIFEST}: {error}") from error
    if check != _digest(values):
        raise not_whole(folder, f"{MANIFEST}: the digest is another")
    return manifest


def digest_files(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of some files of a folder, by name."""
    return {name: digest_file(folder / name) for name in sorted(names)}


PART = 2**18
"""How many bytes of a file are read at once: larger parts leave a worker with 7 MB more, for the C library then takes what
is as large from where it gives nothing back (mallopt(3), `M_MMAP_THRESHOLD`)."""

LARGE_PART = 4 * 2**20
"""How many are read at once in a thread beside others, where each part may have to wait its turn."""


def digest_file(path: Path, part: int = PART) -> str:
    """Return the SHA-256 of a file in hexadecimal digits; so many bytes of it are read at once."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while data := file.read(part):
            digest.update(data)
    return digest.hexdigest()


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare the files of an edition, but for its pages, with their digests.

    Raises:
        EditionError: A file is missing or damaged.
    """
    for name, digest in manifest.files.items():
        try:
            found = digest_file(folder / name)
        except OSError as error:
            raise not_whole(folder, error) from error
        if found != digest:
            raise not_whole(folder, f"{name}: the digest is another")


def read_whole(folder: Path) -> Manifest:
    """Return what the edition in a folder says of itself, after its files were compared with their digests.

    Raises:
        EditionError: It is damaged.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    return manifest


def is_whole(folder: Path) -> bool:
    """Return whether the edition in a folder is not damaged, as far as its pages are left aside."""
    try:
        read_whole(folder)
    except EditionError:
        return False
    return True


def not_whole(folder: Path, reason: object) -> EditionError:
    """Return the error for an edition that is damaged."""
    text = sentence("The edition in %(folder)s is not whole: %(reason)s.", folder=folder, reason=reason)
    return EditionError.at(None, None, text)


def _format(values: Mapping[str, object]) -> str:
    return json.dumps(values, indent=1, sort_keys=True) + "\n"


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(_format(values).encode()).hexdigest()

"""What every page stands on besides the content: code, templates, the interface's catalogs, settings and libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from constanta.edition.loaded import PACKAGE, version_of_process
from constanta.edition.manifest import CATALOGS, Manifest
from constanta.settings import Settings

_LIBRARIES = (
    "babel",
    "brotlicffi",
    "deflate",
    "flask",
    "flask-babel",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "rcssmin",
    "werkzeug",
)


def digest_frames(settings: Settings, folder: Path, manifest: Manifest) -> dict[str, str]:
    """Return, for each language, a digest of all that its pages stand on and that is not in the database.

    Under the empty name stands that of the pages that are in no language: it changes with any of the others.
    """
    common = hashlib.sha256()
    for part in _common_parts(settings, manifest):
        common.update(len(part).to_bytes(8, "big") + part)
    frames = {}
    for language in manifest.languages:
        frame = common.copy()
        for file in sorted((folder / CATALOGS / language.replace("-", "_")).rglob("*.mo")):
            frame.update(file.read_bytes())
        frames[language] = frame.hexdigest()
    return {"": hashlib.sha256("".join(frames.values()).encode()).hexdigest(), **frames}


def _common_parts(settings: Settings, manifest: Manifest) -> Iterator[bytes]:
    shown = (settings.base_url, settings.onion_url, settings.contact, settings.page_size, settings.hosts)
    yield repr(
        (shown, settings.newsletter.recipients is not None, manifest.languages, manifest.public)
    ).encode()
    yield digest_code(settings.root)


@cache
def digest_code(root: Path) -> bytes:
    """Return what changes with the code and libraries that make pages, and with the templates and styles below a folder.

    A process goes on with what it has loaded, so this is read once.
    """
    digest = hashlib.sha256(version_of_process())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    for folder, pattern in list_code(root):
        for file in sorted(path for path in folder.rglob(pattern) if path.is_file()):
            data = file.read_bytes()
            digest.update(f"{file.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.digest()


def list_code(root: Path) -> list[tuple[Path, str]]:
    """Return the folders of which files are the code, the templates and the styles, and how their names are."""
    return [(PACKAGE, "*.py"), (root / "templates", "*"), (root / "static", "*")]

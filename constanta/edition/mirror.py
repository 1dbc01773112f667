"""An edition's pages in a form that any file server, a USB stick or an onion service can carry.

The same edition gives the same bytes: nothing of the time or the machine gets into a mirror.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from minisign import SecretKey

from constanta.edition.manifest import digest_file, not_whole
from constanta.edition.pages import PAGES, Page, file_of, make_variant
from constanta.edition.relative import Place, place_of, relative_page
from constanta.edition.shelf import try_lock
from constanta.edition.signing import public_text, sign_file, signature_path, unwritable
from constanta.errors import EditionError, sentence
from constanta.locales import Language

SUMS = "SHA256SUMS"
PUBLIC_KEY = "minisign.pub"
MARK = "HOW-TO-VERIFY.en.txt"
"""A file that every mirror has, and hardly anything else."""

_ZIP_FOLDER = "human-constanta"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SENDING = re.compile(rb"""<form\b[^>]*\smethod\s*=\s*["']?post\b""", re.IGNORECASE)
_CHARSET = '<meta charset="utf-8">'


@dataclass(frozen=True, slots=True)
class Mirror:
    """What a mirror is made of.

    Attributes:
        folder: The folder of the edition.
        edition: What names the edition, the same wherever it was built.
        languages: The languages that are offered to every reader.
        pages: The pages of the edition; those of other languages, and those that send something, are left out.
        base_url: The public address of the site.
        templates: The folder with the texts that only mirrors have.
    """

    folder: Path
    edition: str
    languages: Sequence[Language]
    pages: Sequence[Page]
    base_url: str
    templates: Path

    def write(self, folder: Path, key: SecretKey | None = None) -> int:
        """Write the mirror into a folder, in place of an earlier one; return the number of pages.

        Args:
            folder: Must not be there yet, or be empty, or hold a mirror; of a link, what it leads to.
            key: Signs the sums of all files.

        Raises:
            EditionError: The folder holds something else, cannot be written, or is being written by another process.
        """
        folder = folder.resolve()  # the link stays
        _require_own(folder)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _alone(folder) as draft:
                written = self._fill(draft / "new", key)
                _replace(folder, draft)
        except OSError as error:
            raise unwritable(folder, error) from error
        return written

    def _fill(self, folder: Path, key: SecretKey | None) -> int:
        pages = self._chosen()
        known = {page.path for page in pages} | {"/"}
        for page in pages:
            _write(folder / place_of(page.path), self._convert(page, known))
        self._write_texts(folder, key)
        (folder / SUMS).write_text(format_sums(folder), encoding="utf-8", newline="\n")
        if key:
            sign_file(folder / SUMS, key, self.comment)
        return len(pages)

    @property
    def comment(self) -> str:
        """What a signature vouches for besides the files."""
        return f"Human Constanta, edition {self.edition}"

    def _chosen(self) -> list[Page]:
        offered = {language.tag for language in self.languages}
        return [
            page
            for page in self.pages
            if page.language in offered and not (_is_html(page) and _SENDING.search(self._read(page)))
        ]

    def _read(self, page: Page) -> bytes:
        """Return a page's bytes.

        Raises:
            EditionError: They are not those that were published.
        """
        file = self.folder / PAGES / file_of(page.path, "gzip")
        try:
            body = gzip.decompress(file.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise not_whole(self.folder, error) from error
        if make_variant(body) != page.plain:
            raise not_whole(self.folder, f"{file.name}: the digest is another")
        return body

    def _convert(self, page: Page, known: set[str]) -> bytes:
        """Return a page as a file; what other programs read (feeds, lists) names the site's addresses as it is."""
        body = self._read(page)
        if not _is_html(page):
            return body
        text = relative_page(body.decode(), Place(page.path, known, self.base_url))
        return self._guard(text).encode()

    def _guard(self, text: str) -> str:
        """Return a page that says itself what the site says in headers: load nothing, run nothing, tell nobody."""
        styles = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(text)) or "'none'"
        policy = f"default-src 'none'; style-src {styles}; img-src data:; form-action {self.base_url}; base-uri 'none'"
        guard = (
            f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '\n<meta name="referrer" content="no-referrer">'
            '\n<meta http-equiv="x-dns-prefetch-control" content="off">'
        )
        return text.replace(_CHARSET, _CHARSET + guard, 1)

    def _write_texts(self, folder: Path, key: SecretKey | None) -> None:
        public = key.get_public_key() if key else None
        values = {
            "base_url": self.base_url,
            "edition": self.edition,
            "key": public_text(public) if public else None,
            "languages": self.languages,
        }
        environment = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for name in environment.list_templates():
            text = environment.get_template(name).render(values)
            _write(folder / name, (self._guard(text) if name.endswith(".html") else text).encode())
        if public:
            _write(folder / PUBLIC_KEY, bytes(public) + b"\n")


def _is_html(page: Page) -> bool:
    return dict(page.headers).get("Content-Type", "").startswith("text/html")


def require_own_zip(path: Path) -> None:
    """Refuse to write a zip file over anything that is none of a mirror.

    Raises:
        EditionError: Something else is there.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            is_own = f"{_ZIP_FOLDER}/{MARK}" in archive.namelist()
    except FileNotFoundError:
        return
    except (OSError, zipfile.BadZipFile):
        is_own = False
    if not is_own:
        raise _foreign(path)


def write_zip(folder: Path, path: Path) -> None:
    """Write a mirror's files as one zip file, in one order and with one time.

    Raises:
        EditionError: The file cannot be written.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in list_files(folder):
                info = zipfile.ZipInfo(f"{_ZIP_FOLDER}/{file}", _ZIP_TIME)
                info.create_system, info.external_attr = 3, 0o100644 << 16
                archive.writestr(info, (folder / file).read_bytes(), zipfile.ZIP_DEFLATED, 9)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def list_files(folder: Path) -> list[str]:
    """Return the names of all files below a folder, with `/` between their parts, in the order of their bytes."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def format_sums(folder: Path) -> str:
    """Return the sums of all files of a folder, as `sha256sum --check` reads them."""
    return "".join(f"{digest_file(folder / name)}  {name}\n" for name in list_files(folder))


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _require_own(folder: Path) -> None:
    """Refuse to write over anything that is no mirror: only what the sums of one name may go."""
    if not folder.exists() or (folder.is_dir() and _is_own(folder)):
        return
    raise _foreign(folder)


def _foreign(path: Path) -> EditionError:
    text = sentence("There is something else in this place, and it stays. Name a new folder.")
    return EditionError.at(path, None, text)


def _is_own(folder: Path) -> bool:
    if not any(folder.iterdir()):
        return True
    sums = folder / SUMS
    try:
        listed = {line.partition("  ")[2] for line in sums.read_text(encoding="utf-8").splitlines()}
    except (OSError, UnicodeDecodeError):
        return False
    return MARK in listed and set(list_files(folder)) <= {*listed, SUMS, signature_path(sums).name}


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Be the only one to write a mirror; yield a folder beside it for what is not ready, which a killed process may have left."""
    draft = folder.with_name(f".{folder.name}.draft")
    draft.mkdir(exist_ok=True)
    handle = os.open(draft, os.O_RDONLY)
    try:
        # Whoever had it before may have removed it since it was opened.
        if not try_lock(handle) or not draft.exists() or not os.path.samestat(os.fstat(handle), draft.stat()):
            text = sentence("Another process is writing this mirror. Wait until it has finished.")
            raise EditionError.at(folder, None, text)
        if (draft / "old").exists() and not folder.exists():
            (draft / "old").rename(folder)
        for left in draft.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
        try:
            yield draft
        finally:
            shutil.rmtree(draft)
    finally:
        os.close(handle)


def _replace(folder: Path, draft: Path) -> None:
    """Put `draft/new` in the place of a folder; what was there goes with the draft, or stays where that fails."""
    old = draft / "old"
    if folder.exists():
        folder.rename(old)
    try:
        (draft / "new").rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise

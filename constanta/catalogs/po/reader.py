"""Reads `.po` files; every error names its file and line, and the id of a file-level check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

from constanta.catalogs.po.canonical import read_canonical
from constanta.catalogs.po.entries import EntryReader
from constanta.catalogs.po.model import Catalog, Key, Source
from constanta.errors import CatalogError, Problem, Sentence, sentence

MAX_BYTES = 32 * 1024 * 1024
"""The size from which a file is taken for something else than a catalog."""

_CHARSET = re.compile(rb"charset=([^\s\\\"]+)", re.IGNORECASE)


def _fail(path: Path | None, line: int | None, text: Sentence, code: str) -> NoReturn:
    raise CatalogError(Problem(text, path, line, code))


def decode_catalog(data: bytes, path: Path | None = None) -> str:
    """Return the text of a catalog file.

    Raises:
        CatalogError: It has a byte order mark (`po-bom`) or is not UTF-8 (`po-header-charset`).
    """
    if data.startswith(b"\xef\xbb\xbf"):
        _fail(
            path,
            1,
            sentence("The file begins with a byte order mark (BOM). Save it as UTF-8 without BOM."),
            "po-bom",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        declared = _CHARSET.search(data)
        charset = declared.group(1).decode("ascii", "replace") if declared else "?"
        _fail(
            path,
            line,
            sentence(
                "This line is not UTF-8 (the header says %(charset)s). Save the file as UTF-8.",
                charset=charset,
            ),
            "po-header-charset",
        )
    return text


def parse_catalog(data: bytes, path: Path | None = None) -> Catalog:
    """Return the catalog that the bytes of a `.po` file hold.

    Raises:
        CatalogError: It cannot be read; each problem has its line and, as `code`, the id of a file-level check:
            `po-bom`, `po-header-charset`, `po-syntax`, `po-header`, `po-header-fuzzy` or `po-duplicate`.
    """
    _refuse_large(len(data), path)
    text = decode_catalog(data, path)
    messages = read_canonical(text)
    if messages is None:
        messages = EntryReader(path).read(text)
    header = next((m for m in messages if m.source == Source("") and not m.obsolete), None)
    if header is None or not header.msgstr[0]:
        _fail(
            path,
            1,
            sentence(
                "The file has no header: the first entry must be an empty msgid with Language and Content-Type."
            ),
            "po-header",
        )
    if header.fuzzy:
        _fail(
            path,
            header.line,
            sentence("The header is marked fuzzy. Remove the word “fuzzy” above it."),
            "po-header-fuzzy",
        )
    fields = [line.partition(":") for line in header.msgstr[0].split("\n") if line.strip()]
    catalog = Catalog(
        header={name.strip(): value.strip() for name, _, value in fields},
        messages=tuple(m for m in messages if m is not header),
        path=path,
        header_comments=header.comments,
        header_line=header.line,
    )
    _refuse_other_charset(catalog)
    _refuse_duplicates(catalog)
    return catalog


def _refuse_other_charset(catalog: Catalog) -> None:
    content_type = catalog.header.get("Content-Type", "").lower()
    if "charset=utf-8" not in content_type.replace(" ", "") and "charset=utf8" not in content_type:
        _fail(
            catalog.path,
            catalog.header_line,
            sentence("The header must say: Content-Type: text/plain; charset=UTF-8"),
            "po-header-charset",
        )


def _refuse_duplicates(catalog: Catalog) -> None:
    seen: dict[Key, int] = {}
    problems = []
    for message in catalog.messages:
        if message.obsolete:
            continue
        first = seen.setdefault(message.key, message.line)
        if first != message.line:
            text = sentence(
                "The same message stands already in line %(first)s; keep one of the two.", first=first
            )
            problems.append(Problem(text, catalog.path, message.line, "po-duplicate"))
    if problems:
        raise CatalogError(*problems)


def _refuse_large(size: int, path: Path | None) -> None:
    if size > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        text = sentence("The file is larger than %(limit)s MB; that is no catalog.", limit=limit)
        _fail(path, 1, text, "po-syntax")


def read_catalog(path: Path) -> Catalog:
    """Return the catalog in a file.

    Raises:
        CatalogError: It cannot be read (see `parse_catalog` and `read_data`).
    """
    return parse_catalog(read_data(path), path)


def read_data(path: Path) -> bytes:
    """Return the bytes of a catalog's file.

    Raises:
        CatalogError: It cannot be read, is a folder, or is larger than `MAX_BYTES`.
    """
    try:
        _refuse_large(path.stat().st_size, path)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogError(
            Problem(sentence("The file cannot be read: %(reason)s.", reason=reason), path, None, "po-syntax")
        ) from error

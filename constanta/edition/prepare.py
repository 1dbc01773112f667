"""A document's files to the rows that are stored of it: everything that needs no database, so that any process can do it."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from constanta.catalogs.findings import Finding
from constanta.content.frontmatter import read_bytes
from constanta.content.loader import parse_document
from constanta.content.records import Document
from constanta.content.renditions import WHOLE
from constanta.content.translate import Rendition, translate_document
from constanta.edition.listing import scopes_of, sort_key
from constanta.edition.search.index import Entry, make_entries
from constanta.edition.sources import Sources, digest_files
from constanta.errors import ConstantaError, Problem

Row = Mapping[str, Any]


Parts = tuple[Row, Sequence[Row], Sequence[Entry]]
"""What is stored of a document: its row, those of its renditions, and what the index of words holds of it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as it was read from its files.

    Attributes:
        name: The name of its file within the folder of documents.
        document: The document without its text; None where it cannot be read.
        parts: What is stored of it, packed: it goes from one process to another, and to the disk.
        problems: Why it cannot be read.
        left_out: The errors that keep translations out of it.
    """

    name: str
    document: Document | None = None
    parts: bytes = b""
    problems: tuple[Problem, ...] = ()
    left_out: tuple[Finding, ...] = ()


def unpack(parts: bytes) -> Parts:
    """Return what is stored of a document."""
    unpacked: Parts = pickle.loads(parts)  # noqa: S301 - what a process of our own packed
    return unpacked


def prepare_documents(sources: Sources, names: Iterable[str]) -> Iterator[Prepared]:
    """Yield the documents of some files, translated into every language."""
    for name in names:
        try:
            yield _prepare(sources, name)
        except ConstantaError as error:
            yield Prepared(name, problems=error.problems)


def _prepare(sources: Sources, name: str) -> Prepared:
    path = sources.content / name
    data = read_bytes(path)
    document = parse_document(path, data)
    catalogs = sources.read_catalogs(name, document.slug)
    shown = {
        language.tag: translate_document(
            document, sources.parse_catalog(document, language, catalog), language
        )
        for language, catalog in zip(sources.languages, catalogs, strict=True)
    }
    renditions = [{"lang": tag, **_rendition_columns(rendition)} for tag, rendition in shown.items()]
    available = {rendition["lang"]: rendition["state"] for rendition in renditions}
    row = {"path": name, "digest": digest_files([data, *catalogs]), **_columns(document, available)}
    left_out = tuple(finding for rendition in shown.values() for finding in rendition.left_out)
    parts: Parts = row, renditions, make_entries(row, renditions)
    bare = replace(document, title="", summary="", body="")
    return Prepared(name, bare, pickle.dumps(parts), left_out=left_out)


def _columns(document: Document, available: dict[str, str]) -> dict[str, Any]:
    whole = [lang for lang, state in available.items() if state in WHOLE]
    return {
        "kind": document.kind.value,
        "slug": document.slug,
        "lang": document.lang,
        "sort_key": sort_key(document),
        "date": str(document.date) if document.date else None,
        "original": document.original,
        "archived": document.archived,
        "withdrawn": document.withdrawn,
        "topics": list(document.topics),
        "areas": list(document.areas),
        "scopes": scopes_of(document, whole),
        "available": available,
    }


def _rendition_columns(rendition: Rendition) -> dict[str, Any]:
    return {
        "title": rendition.title.text,
        "title_lang": rendition.title.lang,
        "title_reason": rendition.title.reason,
        "summary": rendition.summary.text,
        "summary_lang": rendition.summary.lang,
        "summary_reason": rendition.summary.reason,
        "body": [{"html": run.html, "lang": run.lang, "reason": run.reason} for run in rendition.body],
        "state": rendition.availability.value,
    }

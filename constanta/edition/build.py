"""Files to the content database: reads what has changed, renders it in every language, and keeps the lists in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from constanta.content.loader import check_references, find_files, load_document
from constanta.content.records import Document, Kind
from constanta.content.translate import WHOLE, Rendition, translate_document
from constanta.edition.listing import gather_areas, number_scopes, replace_listing, scopes_of, sort_key
from constanta.edition.models import Base, DocumentRow, MetaRow, RenditionRow
from constanta.edition.search import index
from constanta.edition.sources import Sources, digest_program
from constanta.errors import CatalogError, ContentError, Problem
from constanta.locales import Language


@dataclass(slots=True)
class Update:
    """What an update did, by the names of documents, and what kept some of them as they were."""

    built: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def update_content(engine: sa.Engine, sources: Sources) -> Update:
    """Bring a content database up to date with the files, in one transaction.

    A document whose files have not changed costs one comparison. A document that cannot be read stays as it was, and
    its problems are reported; whoever publishes refuses to go on then.

    Raises:
        ContentError: There is no folder of documents, or a document lies outside of every kind's folder.
    """
    _prepare(engine, sources.languages)
    with Session(engine) as session:
        update = _Updater(session, sources).run()
        session.commit()
    return update


def _prepare(engine: sa.Engine, languages: Iterable[Language]) -> None:
    """Make the tables, anew where another version of the program made them, or for other languages."""
    identity = " ".join((digest_program(), index.VERSION, *(language.tag for language in languages)))
    if sa.inspect(engine).has_table(MetaRow.__tablename__):
        with Session(engine) as session:
            if session.scalar(sa.select(MetaRow.value).where(MetaRow.name == "identity")) == identity:
                return
        with engine.begin() as connection:
            index.drop_index(connection)
        Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(MetaRow(name="identity", value=identity))
        session.commit()


class _Updater:
    """One update: the session, and what it has found so far."""

    def __init__(self, session: Session, sources: Sources) -> None:
        self.session = session
        self.sources = sources
        self.update = Update()
        self.scopes: set[str] = set()
        self.index = index.Indexer(session)

    def run(self) -> Update:
        files = find_files(self.sources.content)
        known = {Path(row.path): row for row in self.session.execute(_KNOWN)}
        changed = []
        for path in files:
            row = known.get(path)
            if row is None or row.stamp != self.sources.stamp(path, row.slug):
                changed.append(path)
        gone = known.keys() - set(files)
        documents = self._load(changed)
        for document in self._accepted(documents, set(gone)):
            self._store(document)
        for path in sorted(gone):
            self._remove(known[path].id)
        self.scopes |= gather_areas(self.session, self.scopes.union(self.update.built, self.update.removed))
        number_scopes(self.session, self.scopes)
        self.index.finish()
        return self.update

    def _load(self, paths: Iterable[Path]) -> list[Document]:
        documents = []
        for path in paths:
            try:
                documents.append(load_document(path))
            except ContentError as error:
                self.update.problems.extend(error.problems)
        return documents

    def _accepted(self, documents: list[Document], gone: set[Path]) -> list[Document]:
        """Return the documents whose slug is free and whose topics and areas exist."""
        if not documents and not gone:
            return []
        new = {document.path for document in documents}
        others = [_reference(row) for row in self.session.scalars(sa.select(DocumentRow))]
        kept = [other for other in others if other.path not in new | gone]
        refused = set()
        for error in check_references([*kept, *documents]):
            self.update.problems.extend(error.problems)
            refused |= {problem.path for problem in error.problems}
        return [document for document in documents if document.path not in refused]

    def _store(self, document: Document) -> None:
        """Write a document and its renditions, unless its files only look changed."""
        row = self.session.scalar(
            sa.select(DocumentRow).where(DocumentRow.path == str(document.path))
        ) or DocumentRow(digest="", scopes=[], sort_key="")
        stamp = self.sources.stamp(document.path, document.slug)
        digest = self.sources.digest(document.path, document.slug)
        if row.digest == digest:
            row.stamp = stamp
            return
        try:
            renditions = [self._render(document, language) for language in self.sources.languages]
        except CatalogError as error:
            self.update.problems.extend(error.problems)
            return
        if row.digest:
            self.index.remove(row)
        before = (row.sort_key, set(row.scopes))
        available = {values["lang"]: values["state"] for values in renditions}
        for name, value in _columns(document, available).items():
            setattr(row, name, value)
        row.stamp, row.digest = stamp, digest
        self.session.add(row)
        self.session.flush()
        self.session.execute(sa.delete(RenditionRow).where(RenditionRow.document_id == row.id))
        self.session.execute(
            sa.insert(RenditionRow), [{"document_id": row.id, **values} for values in renditions]
        )
        self.index.add(row)
        self.update.built.append(document.name)
        if before != (row.sort_key, set(row.scopes)):
            replace_listing(self.session, row.id, row.scopes)
            self.scopes |= before[1] | set(row.scopes)

    def _render(self, document: Document, language: Language) -> dict[str, Any]:
        catalog = self.sources.read_catalog(document, language)
        return {"lang": language.tag, **_rendition_columns(translate_document(document, catalog, language))}

    def _remove(self, row_id: int) -> None:
        row = self.session.get_one(DocumentRow, row_id)
        self.scopes |= set(row.scopes)
        self.update.removed.append(f"{row.kind}/{row.slug}")
        self.index.remove(row)
        self.session.delete(row)
        self.session.flush()


_KNOWN = sa.select(DocumentRow.id, DocumentRow.path, DocumentRow.slug, DocumentRow.stamp)


def _reference(row: DocumentRow) -> Document:
    """Return as much of a stored document as `check_references` looks at."""
    return Document(
        path=Path(row.path),
        kind=Kind(row.kind),
        slug=row.slug,
        lang=row.lang,
        title="",
        topics=tuple(row.topics),
        areas=tuple(row.areas),
    )


def _columns(document: Document, available: dict[str, str]) -> dict[str, Any]:
    whole = [lang for lang, state in available.items() if state in WHOLE]
    return {
        "path": str(document.path),
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
        "body": [asdict(run) for run in rendition.body],
        "state": rendition.availability.value,
    }

"""Files to the content database: finds what has changed, stores it in every language, and keeps the lists in order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from constanta.catalogs.findings import Finding
from constanta.content.loader import check_references, find_files
from constanta.content.records import Document, Kind
from constanta.edition.changes import Renditions, compare_document, name_document, name_scopes
from constanta.edition.listing import (
    Move,
    count_scopes,
    enter_documents,
    gather_areas,
    move_documents,
    number_scopes,
)
from constanta.edition.models import document_table, meta_table, metadata, rendition_table
from constanta.edition.parallel import BATCH, spread
from constanta.edition.prepare import Prepared, Row, prepare_documents, unpack
from constanta.edition.search import index
from constanta.edition.sources import Sources, digest_program
from constanta.edition.spool import Place, Spool
from constanta.edition.statement import Statement, execute_many
from constanta.errors import Problem
from constanta.locales import Language


@dataclass(slots=True)
class Update:
    """What an update did, and what kept some documents as they were.

    Attributes:
        built: The names of the documents that were built.
        removed: The names of those that are gone.
        problems: What is broken.
        changed: What has another answer than before, in the words of `queries`; empty where all was built anew.
        left_out: The errors that keep translations out of what was built.
        anew: Whether all was built from nothing, so that everything has changed.
        indexer: What is left to be done for the index of words; see `indexing.finishing`.
    """

    built: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    left_out: list[Finding] = field(default_factory=list)
    anew: bool = False
    indexer: index.Indexer | None = None


def update_content(
    engine: sa.Engine,
    sources: Sources,
    scratch: Path,
    meanwhile: Callable[[], object] | None = None,
    *,
    leave_index: bool = False,
) -> Update:
    """Bring a content database up to date with the files, in one transaction.

    What was read of the files waits in the folder `scratch` until all that belongs to it is known to be right. Where
    other processes read them, `meanwhile` is called as soon as they have begun. Whoever can finish the index of words later
    has it left where all was built from nothing; it takes long only then. Of very many documents it is not left.

    A document whose files have not changed costs one comparison. A document that cannot be read stays as it was, and
    its problems are reported; whoever publishes refuses to go on then.

    Raises:
        ContentError: There is no folder of documents, or a document lies outside of every kind's folder.
    """
    anew = _prepare_tables(engine, sources.languages)
    with engine.connect() as connection, Spool(scratch) as spool:
        connection.begin()
        updater = _Updater(connection, sources, spool, Update(anew=anew))
        updater.run(meanwhile)
        if leave_index and anew and len(updater.update.built) <= _LEFT:
            updater.update.indexer = updater.index
        else:
            updater.index.finish()
        connection.commit()
    return updater.update


def _prepare_tables(engine: sa.Engine, languages: Iterable[Language]) -> bool:
    """Make the tables, anew where another version of the program made them, or for other languages.

    Returns:
        Whether they were made.
    """
    identity = " ".join((digest_program(), index.VERSION, *(language.tag for language in languages)))
    if sa.inspect(engine).has_table(meta_table.name):
        with engine.connect() as connection:
            if _IDENTITY.values(connection) == [identity]:
                return False
        with engine.begin() as connection:
            index.drop_index(connection)
        metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(meta_table), {"name": "identity", "value": identity})
    return True


class _Updater:
    """One update: the connection, in a transaction, and what it has found so far."""

    def __init__(self, connection: sa.Connection, sources: Sources, spool: Spool, update: Update) -> None:
        self.connection = connection
        self.sources = sources
        self.spool = spool
        self.places: dict[str, Place] = {}
        self.update = update
        self.scopes: set[str] = set()
        self.index = index.Indexer(connection, is_new=update.anew)

    def run(self, meanwhile: Callable[[], object] | None) -> None:
        names = find_files(self.sources.content)
        known = {row.path: row for row in _KNOWN.iterate(self.connection)}
        digests = self.sources.digest_all({name: known[name].slug for name in names if name in known})
        changed = [name for name in names if name not in known or known[name].digest != digests[name]]
        gone = [known[name] for name in sorted(known.keys() - set(names))]
        # Whoever prepares holds the lock of the editions as well, so where anything fails, they must have ended.
        prepare = partial(prepare_documents, self.sources)
        with closing(spread(prepare, changed, in_order=True, meanwhile=meanwhile)) as prepared:
            if known:
                accepted = self._accept([self._lay_aside(one) for one in prepared], gone, known)
                self._remove(gone)
                self._store(accepted, known)
            else:
                self._store_first(prepared)
                enter_documents(self.connection)
        gathered = gather_areas(self.connection, self.scopes.union(self.update.built, self.update.removed))
        self.scopes |= gathered
        number_scopes(self.connection, self.scopes if known else gathered)
        count_scopes(self.connection, self.scopes)
        if not self.update.anew:
            self.update.changed |= name_scopes(self.scopes)

    def _store_first(self, prepared: Iterator[Prepared]) -> None:
        """Store documents where there are none yet, while the next ones are prepared: as if all of them were right.

        If some are not, which is known only when all have been read, those that are right are stored once more.
        """
        found: list[Prepared] = []
        free, is_stored = count(1), True
        while some := [self._lay_aside(one) for one in islice(prepared, BATCH)]:
            found += some
            names = [one.name for one in some if one.document]
            if not names:
                continue
            try:
                self._store_batch(names, {}, free)
            except sqlite3.IntegrityError:  # two have one slug; who, is said below
                is_stored = False
                break
        found += [self._lay_aside(one) for one in prepared]
        accepted = self._accept(found, [], {})
        if not is_stored or len(accepted) < sum(1 for one in found if one.document):
            self.connection.rollback()
            self.connection.begin()
            self.index = index.Indexer(self.connection, is_new=self.update.anew)
            self.update.built.clear()
            self._store(accepted, {})

    def _lay_aside(self, one: Prepared) -> Prepared:
        """Put what is stored of a document on the disk: of thousands it is too much for memory."""
        self.places[one.name] = self.spool.keep(one.parts)
        return replace(one, parts=b"")

    def _accept(
        self, found: Iterable[Prepared], gone: Sequence[Any], known: Mapping[str, Any]
    ) -> list[Prepared]:
        """Return the documents that can be read, whose slug is free and whose topics and areas exist."""
        readable: dict[str, Prepared] = {}
        for one in found:
            self.update.problems.extend(one.problems)
            self.update.left_out.extend(one.left_out)
            if one.document:
                readable[one.name] = one
        # A document that is refused keeps its slug, which another one may have been about to take.
        while refused := self._refuse(readable, gone, known):
            for name in refused:
                del readable[name]
        return list(readable.values())

    def _refuse(
        self, readable: Mapping[str, Prepared], gone: Sequence[Any], known: Mapping[str, Any]
    ) -> list[str]:
        """Report what is wrong between documents, and return which of those that were read cannot be stored."""
        documents = [one.document for one in readable.values() if one.document]
        replaced = [*gone, *(known[name] for name in readable if name in known)]
        others = self._find_others(replaced, documents) if known else []
        errors = check_references([*others, *documents])
        problems = [problem for error in errors for problem in error.problems]
        self.update.problems += [problem for problem in problems if problem not in self.update.problems]
        names = {self.sources.name_of(problem.path) for problem in problems if problem.path}
        # The one that is named may be one that stays, and then the other cannot have its slug.
        stay = {document.name for document in others}
        names |= {name for name, one in readable.items() if one.document and one.document.name in stay}
        self._doubt(names - readable.keys())
        return sorted(names & readable.keys())

    def _doubt(self, names: Iterable[str]) -> None:
        """Have documents that others have broken looked at by the next update too, so that it reports them again."""
        execute_many(self.connection, _DOUBT, ({"name": name} for name in names))

    def _find_others(self, replaced: Collection[Any], documents: Sequence[Document]) -> list[Document]:
        """Return the documents that stay, as far as those that come and go can matter to them."""
        if {row.kind for row in replaced} & _NAMED:
            rows = _REFERENCES.iterate(self.connection)
        else:
            slugs = json.dumps([document.slug for document in documents])
            rows = _REFERENCES_OF.iterate(self.connection, slugs=slugs)
        away = {row.id for row in replaced}
        return [
            Document(
                path=self.sources.content / row.path,
                kind=Kind(row.kind),
                slug=row.slug,
                lang="",
                title="",
                topics=tuple(row.topics),
                areas=tuple(row.areas),
            )
            for row in rows
            if row.id not in away
        ]

    def _remove(self, rows: Sequence[Any]) -> None:
        for row in rows:
            self.scopes.update(json.loads(row.scopes))
            self.update.removed.append(f"{row.kind}/{row.slug}")
            tags = [language.tag for language in self.sources.languages]
            self.update.changed |= {"addresses", *name_document(row._asdict(), tags)}
        for row in rows:
            self._take_out(*self._read_stored(row))
            self.connection.execute(sa.delete(document_table).where(document_table.c.id == row.id))

    def _store(self, accepted: Sequence[Prepared], known: Mapping[str, Any]) -> None:
        """Write documents with their renditions, and put them into their lists."""
        # Documents may have exchanged their slugs, which must be unique at every moment.
        parked = ({"old": known[one.name].id} for one in accepted if one.name in known)
        execute_many(self.connection, _PARK, parked)
        free = count(max((row.id for row in known.values()), default=0) + 1)
        for start in range(0, len(accepted), _BATCH):
            self._store_batch([one.name for one in accepted[start : start + _BATCH]], known, free)

    def _store_batch(self, names: Sequence[str], known: Mapping[str, Any], free: Iterator[int]) -> None:
        documents: list[dict[str, Any]] = []
        renditions: list[dict[str, Any]] = []
        moves: dict[int, Move] = {}
        for name in names:
            parts, translated, entries = unpack(self.spool.read(self.places[name]))
            old, before = self._read_stored(known.get(name))
            self.sources.remember(name, parts["slug"], parts["digest"])
            row = {"id": old["id"] if old else next(free), **parts}
            documents.append(row)
            self._take_out(old, before)
            self.index.add(row["id"], entries)
            renditions += [{"document_id": row["id"], **rendition} for rendition in translated]
            after = {rendition["lang"]: rendition for rendition in translated}
            if not self.update.anew:
                self.update.changed |= compare_document(old, row, before, after)
            self.update.built.append(f"{row['kind']}/{row['slug']}")
            moves[row["id"]] = old.get("scopes", ()), row["scopes"]
            self.scopes |= _touched(old, row)
        self._write(documents, renditions)
        if known:
            move_documents(self.connection, moves)

    def _read_stored(self, known: Any | None) -> tuple[Row, Renditions]:
        """Return what was stored of a document, and of its renditions by language; nothing of a new one."""
        if known is None:
            return {}, {}
        (old,) = _STORED.rows(self.connection, id=known.id)
        renditions = _STORED_RENDITIONS.iterate(self.connection, id=known.id)
        # The slug as it was before it was parked.
        return {**old._asdict(), "slug": known.slug}, {row.lang: row._asdict() for row in renditions}

    def _take_out(self, row: Row, renditions: Renditions) -> None:
        """Take a stored document out of the index of words."""
        if row:
            self.index.remove(row["id"], index.make_entries(row, renditions.values()))

    def _write(self, documents: list[dict[str, Any]], renditions: list[dict[str, Any]]) -> None:
        execute_many(self.connection, _STORE, documents)
        execute_many(self.connection, _FORGET, ({"old": row["id"]} for row in documents))
        execute_many(self.connection, _STORE_RENDITION, renditions)


def _touched(old: Row, new: Row) -> set[str]:
    """Return the lists of which the members or the order are others after a document has changed."""
    before, after = set(old.get("scopes", ())), set(new["scopes"])
    return before ^ after if old.get("sort_key") == new["sort_key"] else before | after


_LEFT = 3_000
"""Up to how many documents their index may be left: all that is written of it later is in memory until it is whole."""

_BATCH = 250
"""How many documents are in memory at once while they are written."""

_NAMED = frozenset({Kind.TOPIC.value, Kind.AREA.value})
"""The kinds of the documents that others name."""

_IDENTITY = Statement(sa.select(meta_table.c.value).where(meta_table.c.name == "identity"))
_KNOWN = Statement(
    sa.select(
        document_table.c.id,
        document_table.c.path,
        document_table.c.kind,
        document_table.c.slug,
        document_table.c.digest,
        sa.type_coerce(document_table.c.scopes, sa.String).label("scopes"),  # which few need
    )
)
_references = sa.select(
    document_table.c.id,
    document_table.c.path,
    document_table.c.kind,
    document_table.c.slug,
    document_table.c.topics,
    document_table.c.areas,
)
_slugs = sa.func.json_each(sa.bindparam("slugs")).table_valued("value")
_is_named = sa.or_(*(document_table.c.kind == kind for kind in sorted(_NAMED)))
_REFERENCES = Statement(_references)
_REFERENCES_OF = Statement(
    _references.where(sa.or_(_is_named, document_table.c.slug.in_(sa.select(_slugs.c.value))))
)
_STORED = Statement(sa.select(document_table).where(document_table.c.id == sa.bindparam("id")))
_STORED_RENDITIONS = Statement(
    sa.select(rendition_table).where(rendition_table.c.document_id == sa.bindparam("id"))
)
_DOUBT = sa.update(document_table).where(document_table.c.path == sa.bindparam("name")).values(digest="")
_PARK = (
    sa.update(document_table)
    .where(document_table.c.id == sa.bindparam("old"))
    .values(slug=sa.func.printf("#%d", document_table.c.id))
)
_insert = insert(document_table)
_STORE = _insert.on_conflict_do_update(index_elements=["id"], set_=dict(_insert.excluded))
_STORE_RENDITION = sa.insert(rendition_table)
_FORGET = sa.delete(rendition_table).where(rendition_table.c.document_id == sa.bindparam("old"))

"""Sources to catalogs: extracts what there is to translate and merges it into every catalog of every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from constanta.catalogs.extract import Templates, extract_templates
from constanta.catalogs.header import check_header, make_header
from constanta.catalogs.merge import Memory, Merge, merge_messages, never
from constanta.catalogs.paths import (
    document_path,
    find_document_catalogs,
    interface_path,
    template_path,
)
from constanta.catalogs.po import (
    Catalog,
    Key,
    Message,
    Source,
    State,
    format_catalog,
    read_catalog,
    write_if_changed,
)
from constanta.catalogs.spelling import same_but_spelling
from constanta.content.records import Document
from constanta.errors import CatalogError, Problem, sentence
from constanta.locales import SOURCE_LANGUAGE, Language, find_languages
from constanta.settings import Settings

LOSS_SHARE = 0.1
"""The share of a catalog's messages above which their vanishing at once is taken for a mistake."""

LOSS_NUMBER = 3
"""The number of messages below which a loss is an ordinary edit, however small the catalog."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One file that a sync would leave behind, and what happened to its messages.

    Attributes:
        path: The catalog or template.
        data: What it shall hold; None where it shall be removed, as no translation is in it.
        merge: What the merge made; None for a template.
        before: The catalog as found.
        moved_from: Where the catalog lay before its document was renamed.
    """

    path: Path
    data: bytes | None
    merge: Merge | None = None
    before: Catalog | None = None
    moved_from: Path | None = None

    @property
    def changes(self) -> bool:
        """Whether the sync changes anything on disk for this file."""
        if self.moved_from is not None or self.data is None:
            return True
        return not self.path.is_file() or self.path.read_bytes() != self.data

    @property
    def states(self) -> Mapping[State, int]:
        """How many messages of each state it will hold."""
        messages = self.merge.messages if self.merge else ()
        return Counter(m.state for m in messages if not m.obsolete)

    @property
    def loses(self) -> bool:
        """Whether so many messages vanish at once that it looks like a mistake."""
        if self.merge is None or self.before is None:
            return False
        active = sum(not message.obsolete for message in self.before.messages)
        vanished = len(self.merge.vanished)
        return vanished >= LOSS_NUMBER and vanished > active * LOSS_SHARE


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or would do.

    Attributes:
        changed: The files written, moved or removed, with what happened in them.
        problems: The catalogs that could not be read, and were left as they are.
        refused: Why nothing was written at all.
    """

    changed: tuple[Planned, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()


def sync_catalogs(
    settings: Settings, *, write: bool = True, accept_loss: bool = False, trivial: bool = False
) -> SyncReport:
    """Bring every catalog up to the sources; write only what changes, and nothing where much would vanish at once.

    A catalog that cannot be read is reported and left alone. `trivial` keeps translations current where a source
    changed only in spelling.

    Raises:
        CatalogError: Code or a page template cannot be read.
        ContentError: A document cannot be read.
    """
    planner = _Planner(settings, extract_templates(settings), trivial=trivial)
    planned = list(planner.plan())
    changed = tuple(p for p in planned if p.changes)
    refused = () if accept_loss else tuple(_loss(p) for p in changed if p.loses)
    if write and not refused:
        for plan in changed:
            _carry_out(plan)
    return SyncReport(changed, tuple(planner.problems), refused)


def _loss(plan: Planned) -> Problem:
    vanished = len(plan.merge.vanished) if plan.merge else 0
    text = sentence("%(number)s messages would vanish from this catalog at once.", number=vanished)
    return Problem(text, plan.path)


def _carry_out(plan: Planned) -> None:
    if plan.data is not None:
        write_if_changed(plan.path, plan.data)
    else:
        plan.path.unlink()
    if plan.moved_from is not None:
        plan.moved_from.unlink()


@dataclass
class _Planner:
    settings: Settings
    templates: Templates
    trivial: bool
    problems: list[Problem] = field(default_factory=list)

    def plan(self) -> Iterator[Planned]:
        """Yield every file, changed or not."""
        translations = self.settings.translations
        for domain, messages in self.templates.interface.items():
            pot = Catalog(make_header(None), messages)
            yield Planned(template_path(translations, domain), format_catalog(pot).encode())
        for language in find_languages(translations):
            if language.tag != SOURCE_LANGUAGE:
                yield from self.plan_interface(language)
            yield from self.plan_documents(language)

    def plan_interface(self, language: Language) -> Iterator[Planned]:
        for domain, messages in self.templates.interface.items():
            path = interface_path(self.settings.translations, language, domain)
            found, readable = self.read(path, language)
            if readable:
                yield self.merge(path, language, messages, found)

    def plan_documents(self, language: Language) -> Iterator[Planned]:
        translations = self.settings.translations
        found: dict[str, Catalog] = {}
        broken: set[str] = set()
        for name, path in find_document_catalogs(translations, language).items():
            catalog, _ = self.read(path, language)
            if catalog is None:
                broken.add(name)
            else:
                found[name] = catalog
        wanted = {d.name: (d, m) for d, m in self.templates.documents if d.lang != language.tag}
        orphans = {name: catalog for name, catalog in found.items() if name not in wanted}
        index = _index(orphans)
        memory = _remember(found.values())
        for name, (document, messages) in wanted.items():
            if name in broken:
                continue
            path = document_path(translations, language, name)
            catalog = found.get(name)
            moved = None if catalog else _find_renamed(messages, orphans, index)
            before = orphans.pop(moved) if moved else catalog
            yield self.merge(path, language, messages, before, document, memory)
        for name, catalog in orphans.items():
            yield self.retire(name, catalog, language)

    def read(self, path: Path, language: Language) -> tuple[Catalog | None, bool]:
        """Return the catalog, if there is one, and whether its place may be written to."""
        if not path.exists():
            return None, True
        try:
            catalog = read_catalog(path)
            check_header(catalog, language)
        except CatalogError as error:
            self.problems.extend(error.problems)
            return None, False
        return catalog, True

    def merge(
        self,
        path: Path,
        language: Language,
        template: Sequence[Message],
        before: Catalog | None,
        document: Document | None = None,
        memory: Memory | None = None,
    ) -> Planned:
        merge = merge_messages(
            template,
            before.messages if before else (),
            language.nplurals,
            memory=memory,
            same_meaning=same_but_spelling if self.trivial else never,
        )
        header = make_header(language, document, before.header if before else None)
        comments = before.header_comments if before else ()
        data = format_catalog(Catalog(header, merge.messages, header_comments=comments)).encode()
        moved_from = before.path if before and before.path != path else None
        return Planned(path, data, merge, before, moved_from)

    def retire(self, name: str, catalog: Catalog, language: Language) -> Planned:
        """Plan a catalog whose document is gone: its translations stay as obsolete."""
        merge = merge_messages((), catalog.messages, language.nplurals)
        if name in self.templates.withdrawn:
            merge = replace(merge, vanished=())
        header = make_header(language, None, catalog.header)
        kept = Catalog(header, merge.messages, header_comments=catalog.header_comments)
        data = format_catalog(kept).encode() if merge.messages else None
        return Planned(_path_of(catalog), data, merge, catalog)


def _path_of(catalog: Catalog) -> Path:
    if catalog.path is None:
        raise CatalogError(Problem(sentence("The catalog was not read from a file.")))
    return catalog.path


def _remember(catalogs: Iterable[Catalog]) -> Memory:
    """Return the translations that may serve the same source in another document: those without a rival."""
    found: dict[Source, set[tuple[str, ...]]] = {}
    for catalog in catalogs:
        for message in catalog.messages:
            if message.state is State.CURRENT:
                found.setdefault(message.source, set()).add(message.msgstr)
    return {source: min(forms) for source, forms in found.items() if len(forms) == 1}


def _index(catalogs: Mapping[str, Catalog]) -> dict[Key, list[str]]:
    """Return the names of the catalogs that hold each message."""
    names: dict[Key, list[str]] = {}
    for name, catalog in catalogs.items():
        for message in catalog.messages:
            names.setdefault(message.key, []).append(name)
    return names


def _find_renamed(
    template: Sequence[Message], orphans: Mapping[str, Catalog], index: Mapping[Key, Sequence[str]]
) -> str | None:
    """Return the orphaned catalog that has most of a document's messages, if it has more than half."""
    common = Counter(name for message in template for name in index.get(message.key, ()) if name in orphans)
    name, number = max(common.items(), key=lambda item: item[1], default=(None, 0))
    return name if number > len(template) / 2 else None

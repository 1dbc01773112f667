"""What every catalog should be: the catalogs as they are, merged with what there is to translate; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from constanta.catalogs.extract import Templates
from constanta.catalogs.header import check_header, make_header
from constanta.catalogs.merge import Memory, Merge, merge_messages, never
from constanta.catalogs.paths import document_path, find_document_catalogs, interface_path, template_path
from constanta.catalogs.po import Catalog, Key, Message, Source, State, format_catalog, read_catalog
from constanta.catalogs.spelling import same_but_spelling
from constanta.content.records import Document
from constanta.errors import CatalogError, Problem
from constanta.locales import SOURCE_LANGUAGE, Language, find_languages

LOSS_SHARE = 0.1
"""The share of a catalog's messages above which their vanishing at once is taken for a mistake."""

LOSS_NUMBER = 3
"""The number of messages below which a loss is an ordinary edit, however small the catalog."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One file that a sync would leave behind, and what happened to its messages.

    Attributes:
        path: The catalog or template.
        name: The domain of the interface (`messages`, `tools`), or the name of the document.
        language: The language; None for a template.
        catalog: What it shall hold.
        merge: What the merge made; None for a template.
        before: The catalog as found.
        moved_from: Where the catalog lay before its document was renamed.
        is_wanted: Whether its document is there; where it is gone, the translations stay as obsolete.
    """

    path: Path
    name: str
    language: Language | None
    catalog: Catalog
    merge: Merge | None = None
    before: Catalog | None = None
    moved_from: Path | None = None
    is_wanted: bool = True

    @property
    def data(self) -> bytes | None:
        """The bytes that the file shall hold; None where it shall be removed, as no message is left in it."""
        if self.merge is not None and not self.catalog.messages and not self.is_wanted:
            return None
        return format_catalog(self.catalog).encode()

    @property
    def changes(self) -> bool:
        """Whether the sync changes anything on disk for this file."""
        data = self.data
        if self.moved_from is not None or data is None:
            return True
        return not self.path.is_file() or self.path.read_bytes() != data

    @property
    def states(self) -> Mapping[State, int]:
        """How many messages of each state it will hold."""
        return Counter(m.state for m in self.catalog.messages if not m.obsolete)

    @property
    def loses(self) -> bool:
        """Whether so many messages vanish at once that it looks like a mistake."""
        if self.merge is None or self.before is None:
            return False
        active = sum(not message.obsolete for message in self.before.messages)
        vanished = len(self.merge.vanished)
        return vanished >= LOSS_NUMBER and vanished > active * LOSS_SHARE


@dataclass
class Planner:
    """Plans the catalogs of all languages.

    Attributes:
        translations: The folder of catalogs.
        templates: What there is to translate.
        trivial: Whether translations stay current where a source changed only in spelling.
        problems: What is wrong with catalogs that cannot be read; they are left out of the plan.
    """

    translations: Path
    templates: Templates
    trivial: bool = False
    problems: list[Problem] = field(default_factory=list)

    def plan(self) -> Iterator[Planned]:
        """Yield every file, changed or not."""
        for domain, messages in self.templates.interface.items():
            path = template_path(self.translations, domain)
            yield Planned(path, domain, None, Catalog(make_header(None), messages))
        for language in find_languages(self.translations):
            yield from self.plan_language(language)

    def plan_language(self, language: Language) -> Iterator[Planned]:
        """Yield the catalogs of one language."""
        if language.tag != SOURCE_LANGUAGE:
            yield from self._plan_interface(language)
        yield from self._plan_documents(language)

    def _plan_interface(self, language: Language) -> Iterator[Planned]:
        for domain, messages in self.templates.interface.items():
            path = interface_path(self.translations, language, domain)
            found, readable = self._read(path, language)
            if readable:
                yield self._merge(path, domain, language, messages, found)

    def _plan_documents(self, language: Language) -> Iterator[Planned]:
        found: dict[str, Catalog] = {}
        broken: set[str] = set()
        for name, path in find_document_catalogs(self.translations, language).items():
            catalog, _ = self._read(path, language)
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
            path = document_path(self.translations, language, name)
            catalog = found.get(name)
            moved = None if catalog else _find_renamed(messages, orphans, index)
            before = orphans.pop(moved) if moved else catalog
            yield self._merge(path, name, language, messages, before, document, memory)
        for name, catalog in orphans.items():
            yield self._retire(name, catalog, language)

    def _read(self, path: Path, language: Language) -> tuple[Catalog | None, bool]:
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

    def _merge(
        self,
        path: Path,
        name: str,
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
        catalog = Catalog(header, merge.messages, path, comments)
        moved_from = before.path if before and before.path != path else None
        return Planned(path, name, language, catalog, merge, before, moved_from)

    def _retire(self, name: str, catalog: Catalog, language: Language) -> Planned:
        """Plan a catalog whose document is gone: its translations stay as obsolete."""
        merge = merge_messages((), catalog.messages, language.nplurals)
        if name in self.templates.withdrawn:
            merge = replace(merge, vanished=())
        header = make_header(language, None, catalog.header)
        path = document_path(self.translations, language, name)
        kept = Catalog(header, merge.messages, path, catalog.header_comments)
        return Planned(path, name, language, kept, merge, catalog, is_wanted=False)


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

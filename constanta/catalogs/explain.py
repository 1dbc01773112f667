"""Why a text is translated or not: where it comes from, and what stands between it and the page in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from gettext import NullTranslations
from pathlib import Path

from constanta.catalogs.compile import Usable, usable_messages
from constanta.catalogs.extract import Templates, extract_templates
from constanta.catalogs.findings import Finding
from constanta.catalogs.plan import Planned, Planner
from constanta.catalogs.po import Key, Message, Source, State
from constanta.errors import Problem, Sentence, sentence
from constanta.locales import SOURCE_LANGUAGE, find_languages
from constanta.settings import Settings


class Reason(StrEnum):
    """What decides whether a text is shown in a language."""

    SOURCE = "source"
    CURRENT = "current"
    OUTDATED = "outdated"
    NEEDS_WORK = "needs-work"
    MISSING = "missing"
    LEFT_OUT = "left-out"
    NOT_SYNCED = "not-synced"
    OTHER_CONTEXT = "other-context"
    NOT_COMPILED = "not-compiled"
    UNREADABLE = "unreadable"


_EXPLANATIONS = {
    Reason.SOURCE: sentence("this is the language of the source"),
    Reason.CURRENT: sentence("translated"),
    Reason.OUTDATED: sentence("outdated: the source changed after it was translated; the source is shown"),
    Reason.NEEDS_WORK: sentence("needs work: marked fuzzy by hand; the source is shown"),
    Reason.MISSING: sentence("not translated yet"),
    Reason.LEFT_OUT: sentence("translated, but left out, as a check found an error"),
    Reason.NOT_SYNCED: sentence("not in the catalog yet; run: flask i18n sync"),
    Reason.OTHER_CONTEXT: sentence("the catalog has it with another context (msgctxt) only"),
    Reason.NOT_COMPILED: sentence("translated, but not in what is published yet"),
    Reason.UNREADABLE: sentence("the catalog cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message is in one language.

    Attributes:
        language: The tag of the language.
        reason: What decides.
        text: The same as a sentence.
        path: The catalog.
        line: The line of the message in the catalog as it is on disk; 0 where it is not in it.
        msgstr: The translation, current or not.
        details: The errors of the checks, or the source that the translation was made for.
    """

    language: str
    reason: Reason
    text: Sentence
    path: Path | None = None
    line: int = 0
    msgstr: tuple[str, ...] = ()
    details: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A message, where it comes from, and what it is in each language."""

    name: str
    message: Message
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A plan with its messages by key, as they are and as they were, and what of it is served."""

    plan: Planned
    merged: Mapping[Key, Message]
    before: Mapping[Key, Message]
    usable: Usable
    errors: Sequence[Finding]
    served: NullTranslations | None


def _prepare(plan: Planned, published: NullTranslations | None) -> _Prepared:
    before = plan.before.by_key() if plan.before else {}
    served = published if plan.name == "messages" else None
    return _Prepared(plan, plan.catalog.by_key(), before, *usable_messages(plan.catalog), served)


@dataclass
class Explainer:
    """Answers questions about the project as it is on disk now.

    Attributes:
        settings: The settings of the project.
        published: The compiled catalogs that the site serves, by locale.
    """

    settings: Settings
    published: Mapping[str, NullTranslations] = field(default_factory=dict)
    templates: Templates = field(init=False)
    catalogs: dict[tuple[str, str], _Prepared] = field(init=False)
    problems: list[Problem] = field(init=False)

    def __post_init__(self) -> None:
        self.templates = extract_templates(self.settings)
        planner = Planner(self.settings.translations, self.templates)
        planned = [plan for plan in planner.plan() if plan.is_wanted]
        self.catalogs = {
            (plan.name, plan.language.tag): _prepare(plan, self.published.get(str(plan.language.locale)))
            for plan in planned
            if plan.language
        }
        self.problems = planner.problems

    def messages(self) -> Iterator[tuple[str, str, Message]]:
        """Yield every message with the name of its template and its source language."""
        for domain, messages in self.templates.interface.items():
            yield from ((domain, SOURCE_LANGUAGE, message) for message in messages)
        for document, messages in self.templates.documents:
            yield from ((document.name, document.lang, message) for message in messages)

    def explain(
        self, name: str, source_language: str, message: Message, tags: Iterable[str] = ()
    ) -> Explained:
        """Return what a message is in the languages with `tags`; in all where none are given."""
        languages = tuple(tags) or tuple(
            language.tag for language in find_languages(self.settings.translations)
        )
        verdicts = tuple(self._verdict(name, source_language, message, tag) for tag in languages)
        return Explained(name, message, verdicts)

    def find(self, text: str) -> list[Explained]:
        """Return the messages whose source or translation is a text; failing that, those that contain it."""
        wanted = _normal(text)
        candidates = [
            (name, lang, message, {_normal(t) for t in self._texts(name, message)})
            for name, lang, message in self.messages()
        ]
        found = [c for c in candidates if wanted in c[3]] or [
            c for c in candidates if any(wanted in known for known in c[3])
        ]
        return [self.explain(name, lang, message) for name, lang, message, _ in found]

    def _texts(self, name: str, message: Message) -> Iterator[str]:
        yield message.source.msgid
        if message.source.msgid_plural is not None:
            yield message.source.msgid_plural
        for language in find_languages(self.settings.translations):
            catalog = self.catalogs.get((name, language.tag))
            there = catalog.merged.get(message.key) if catalog else None
            yield from there.msgstr if there else ()

    def _verdict(self, name: str, source_language: str, message: Message, tag: str) -> Verdict:
        if tag == source_language:
            return _verdict(tag, Reason.SOURCE)
        catalog = self.catalogs.get((name, tag))
        if catalog is None:
            return _verdict(tag, Reason.UNREADABLE)
        merged, there = catalog.merged[message.key], catalog.before.get(message.key)
        line = there.line if there and not there.obsolete else 0
        reason, details = _decide(catalog, merged, is_in_file=line > 0)
        return Verdict(tag, reason, _EXPLANATIONS[reason], catalog.plan.path, line, merged.msgstr, details)

    def find_unmarked(self, text: str) -> list[tuple[Path, int]]:
        """Return the places in templates, code and documents where a text stands, whether or not it is extracted."""
        root, content = self.settings.root, self.settings.content
        files = [
            *(root / "templates").rglob("*"),
            *(root / "constanta").rglob("*.py"),
            *content.rglob("*.md"),
        ]
        return [place for path in sorted(files) if path.is_file() for place in _places(path, text)]


def _decide(catalog: _Prepared, merged: Message, *, is_in_file: bool) -> tuple[Reason, tuple[Sentence, ...]]:
    """Return what decides whether a message is shown, with details."""
    if merged.state is State.OUTDATED and merged.previous is not None:
        return Reason.OUTDATED, (sentence("It was made for: “%(msgid)s”", msgid=merged.previous.msgid),)
    if merged.state is State.NEEDS_WORK:
        return Reason.NEEDS_WORK, ()
    if merged.state is State.MISSING:
        contexts = [k[0] for k, m in catalog.before.items() if k[1] == merged.source.msgid and m.translated]
        if contexts:
            found = ", ".join(f"“{context or ''}”" for context in contexts)
            return Reason.OTHER_CONTEXT, (sentence("There the context is: %(contexts)s", contexts=found),)
        return (Reason.MISSING if is_in_file else Reason.NOT_SYNCED), ()
    if merged.key not in catalog.usable:
        return Reason.LEFT_OUT, tuple(error.text for error in catalog.errors if error.key == merged.key)
    if catalog.served is not None and _served_text(catalog.served, merged.source) not in merged.msgstr:
        return Reason.NOT_COMPILED, ()
    return Reason.CURRENT, ()


def _served_text(served: NullTranslations, source: Source) -> str:
    plural = source.msgid_plural
    if source.msgctxt is None:
        return served.ngettext(source.msgid, plural, 1) if plural else served.gettext(source.msgid)
    if plural:
        return served.npgettext(source.msgctxt, source.msgid, plural, 1)
    return served.pgettext(source.msgctxt, source.msgid)


def _verdict(tag: str, reason: Reason) -> Verdict:
    return Verdict(tag, reason, _EXPLANATIONS[reason])


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def _places(path: Path, text: str) -> Iterator[tuple[Path, int]]:
    lines: Sequence[str] = path.read_text(encoding="utf-8", errors="replace").splitlines()
    yield from ((path, number) for number, line in enumerate(lines, 1) if text in line)

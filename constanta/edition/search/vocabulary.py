"""The words of a query to the stems of a language, by all that the documents have.

A word is looked for as it was typed; in Latin letters also as Belarusian or Russian; then as typed with another keyboard
layout; then as the beginning of a word. Each is tried only where those before it give nothing, so that nobody who types a
word right gets what only looks like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from constanta.edition.search.index import stem_table, word_table
from constanta.edition.stemming.keyboard import retype
from constanta.edition.stemming.languages import spell, stem
from constanta.edition.stemming.latin import make_key, read_latin
from constanta.edition.stemming.words import fold, is_latin, split_words

MIN_PREFIX = 3
"""From how many letters on a word may be the beginning of others."""

MAX_EXPANSION = 12
"""To how many stems a prefix or a Latin spelling may lead, the more frequent first."""

Stems = Mapping[str, int]
"""Stems that stand for one word of a query, with the number of documents that each is in."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look for in one language: of each group, one stem at least.

    Attributes:
        lang: The language.
        groups: The groups, one for each word.
    """

    lang: str
    groups: tuple[Stems, ...]

    @property
    def stems(self) -> frozenset[str]:
        """All stems, to mark them in passages."""
        return frozenset(stem for group in self.groups for stem in group)

    @property
    def at_most(self) -> int:
        """How many documents can match at most."""
        return min(sum(group.values()) for group in self.groups)

    @property
    def expression(self) -> str:
        """The query for FTS5; stems hold letters and digits only, so quotation marks make each a plain string."""
        choices = (" OR ".join(f'"{stem}"' for stem in group) for group in self.groups)
        return " AND ".join(f"({choice})" for choice in choices)


class Vocabulary:
    """Reads queries against the words of all languages, for readers of one."""

    def __init__(self, connection: sa.Connection, reader: str, languages: Sequence[str]) -> None:
        self._connection = connection
        self._reader = reader
        self._languages = languages
        self._exact: dict[tuple[str, str], Stems] = {}
        self._spelled: dict[tuple[str, str], Stems] = {}

    def find_terms(self, words: Iterable[str], lang: str) -> Terms | None:
        """Return what to look for in a language; None where one of the words leads to nothing there."""
        groups: list[Stems] = []
        for word in words:
            found = self._find_word(word, lang)
            if not found:
                return None
            groups += found
        return Terms(lang, tuple(groups)) if groups else None

    def _find_word(self, typed: str, lang: str) -> Sequence[Stems]:
        """Return a group for each word that a piece of a query holds; nothing where one of them leads nowhere."""
        words = split_words(typed)
        found = [self._find_spelled(word, lang) for word in words]
        if all(found) or self._is_settled(words):
            return found if all(found) else ()
        retyped = split_words(retype(typed, lang))
        for guess in (
            [self._find_exact(word, lang) for word in retyped],
            [stems or self._find_begun(word, lang) for stems, word in zip(found, words, strict=True)],
            [self._find_exact(word, lang) or self._find_begun(word, lang) for word in retyped],
        ):
            if guess and all(guess):
                return guess
        return ()

    def _is_settled(self, words: Sequence[str]) -> bool:
        """Return whether some language knows words as they were typed, so that nothing else is guessed in any."""
        return any(all(self._find_spelled(word, lang) for word in words) for lang in self._languages)

    def _find_spelled(self, word: str, lang: str) -> Stems:
        key = (word, lang)
        if key not in self._spelled:
            self._spelled[key] = self._read_spelled(word, lang)
        return self._spelled[key]

    def _read_spelled(self, word: str, lang: str) -> Stems:
        """Return a word's own stem, and those that Latin letters may stand for; a reader's own words are taken as typed."""
        exact = self._find_exact(word, lang)
        if not is_latin(word) or (lang != self._reader and self._find_exact(word, self._reader)):
            return exact
        readings = [fold(reading) for reading in read_latin(word, lang)]
        found = dict(exact)
        for reading in readings:
            found |= self._find_exact(reading, lang)
        return found or self._find_like(readings, lang)

    def _find_exact(self, word: str, lang: str) -> Stems:
        key = (word, lang)
        if key not in self._exact:
            self._exact[key] = self._read(_EXACT, lang=lang, stem=stem(lang, word))
        return self._exact[key]

    def _find_like(self, readings: Iterable[str], lang: str) -> Stems:
        keys = {make_key(stem(lang, reading)) for reading in readings}
        found: dict[str, int] = {}
        for key in keys:
            if len(key) >= MIN_PREFIX:
                found |= self._read(_LIKE, lang=lang, key=key)
        return found

    def _find_begun(self, word: str, lang: str) -> Stems:
        beginnings = [word, *map(fold, read_latin(word, lang))] if is_latin(word) else [word]
        found: dict[str, int] = {}
        for beginning in beginnings:
            if len(beginning) >= MIN_PREFIX and beginning.isalpha():
                first = spell(lang, beginning)
                found |= self._read(_BEGUN, lang=lang, first=first, last=f"{first}\U0010ffff")
        return found

    def _read(self, query: sa.Select[str, int], **values: str) -> Stems:
        return {row.stem: row.documents for row in self._connection.execute(query, values)}


_EXACT = sa.select(stem_table.c.stem, stem_table.c.documents).where(
    stem_table.c.lang == sa.bindparam("lang"), stem_table.c.stem == sa.bindparam("stem")
)
_LIKE = (
    sa.select(stem_table.c.stem, stem_table.c.documents)
    .where(stem_table.c.lang == sa.bindparam("lang"), stem_table.c.key == sa.bindparam("key"))
    .order_by(stem_table.c.documents.desc())
    .limit(MAX_EXPANSION)
)
_BEGUN = (
    sa.select(stem_table.c.stem, stem_table.c.documents)
    .distinct()
    .join(word_table, sa.and_(word_table.c.lang == stem_table.c.lang, word_table.c.stem == stem_table.c.stem))
    .where(
        word_table.c.lang == sa.bindparam("lang"),
        word_table.c.word >= sa.bindparam("first"),
        word_table.c.word < sa.bindparam("last"),
    )
    .order_by(stem_table.c.documents.desc())
    .limit(MAX_EXPANSION)
)

"""A query to results: the reader's language first, the best first, each with the passage that answers it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from constanta.content.renditions import Availability
from constanta.edition.documents import Card, find_cards
from constanta.edition.models import rendition_table
from constanta.edition.search.index import language_table, table_of
from constanta.edition.search.passages import Part, cut_passage, find_places, mark_words
from constanta.edition.search.query import Query
from constanta.edition.search.texts import Texts, gather_texts
from constanta.edition.search.vocabulary import Terms, Vocabulary

MAX_HITS = 300
"""How many documents of a language are ranked and can be paged through."""

MAX_WEIGHED = 5000
"""Of how many documents at most each is weighed: a word that more of them have says little, and takes long to weigh."""

WEIGHTS = (10.0, 4.0, 1.0)
"""How much a word counts in a title, in a summary and in a body (FTS5's bm25)."""

_TIERS = ("{title} : ", "{title summary} : ", "")
"""Where words must stand, from the best place on: what FTS5 calls column filters."""


@dataclass(frozen=True, slots=True)
class Result:
    """A document that was found.

    Attributes:
        card: The document as lists of the reader's language show it.
        lang: The language in which it was found.
        title: Its title in that language, else as the card has it.
        title_lang: The language of the title.
        passage: Where it has the words, in the language in which it was found.
        page_lang: The language of its page that shows the passage.
    """

    card: Card
    lang: str
    title: tuple[Part, ...]
    title_lang: str
    passage: tuple[Part, ...]
    page_lang: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one language.

    Attributes:
        lang: The language.
        results: Those of the present page.
        total: How many there are on all pages.
        more: Whether there are still more, beyond `MAX_HITS`.
    """

    lang: str
    results: tuple[Result, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of what was found; a document stands in it once, under the first language that has it.

    Attributes:
        groups: By language, the reader's first; languages without results are left out.
        number: Which page it is, from 1.
        pages: How many pages there are; 1 where nothing was found.
    """

    groups: tuple[Group, ...]
    number: int
    pages: int

    @property
    def total(self) -> int:
        """How many documents there are on all pages."""
        return sum(group.total for group in self.groups)


def search(
    connection: sa.Connection,
    query: Query,
    languages: Sequence[str],
    number: int,
    size: int,
    hidden: Collection[str] = (),
) -> Answer | None:
    """Return one page of the documents that have all words of a query, or None where there is no such page.

    `languages` are those that are offered, the reader's first; what is in one of the `hidden` ones is not looked for.
    """
    order = [*languages, *_other_languages(connection, {*languages, *hidden})]
    vocabulary = Vocabulary(connection, order[0], order)
    found: dict[str, list[int]] = {}
    terms_of: dict[str, Terms] = {}
    seen: set[int] = set()
    for lang in order:
        terms = vocabulary.find_terms(query.words, lang)
        if terms is not None:
            terms_of[lang] = terms
            found[lang] = [document for document in _rank(connection, terms) if document not in seen]
            seen.update(found[lang])
    pages = max(1, -(-len(seen) // size))
    if not 1 <= number <= pages:
        return None
    groups, start = [], (number - 1) * size
    for lang, documents in found.items():
        shown = documents[max(0, start) : max(0, start + size)]
        start -= len(documents)
        if documents:
            results = _show(connection, shown, terms_of[lang], order[0])
            more = terms_of[lang].at_most > MAX_HITS and len(documents) >= MAX_HITS
            groups.append(Group(lang, tuple(results), len(documents), more))
    return Answer(tuple(groups), number, pages)


def find_known_words(
    connection: sa.Connection, query: Query, languages: Sequence[str], hidden: Collection[str] = ()
) -> tuple[str, ...]:
    """Return those of a query's words that are found on their own, where there are several."""
    order = [*languages, *_other_languages(connection, {*languages, *hidden})]
    vocabulary = Vocabulary(connection, order[0], order)
    return tuple(
        word
        for word in dict.fromkeys(query.words)
        if len(query.words) > 1 and any(vocabulary.find_terms([word], lang) for lang in order)
    )


def _other_languages(connection: sa.Connection, languages: Collection[str]) -> list[str]:
    """Return the languages that documents are written in besides those of the site."""
    return sorted(set(connection.scalars(_LANGUAGES)).difference(languages))


_LANGUAGES = sa.select(language_table.c.lang)


def _rank(connection: sa.Connection, terms: Terms) -> list[int]:
    """Return the numbers of the documents that match, the best first, at most `MAX_HITS`.

    Those with all words in the title come first, then those with all in title and summary, then the rest.
    """
    query = _make_query(terms.lang, weighed=terms.at_most <= MAX_WEIGHED)
    ranked: dict[int, None] = {}
    for tier in _TIERS:
        if len(ranked) < MAX_HITS:
            values = {"expression": f"{tier}({terms.expression})", "limit": MAX_HITS}
            ranked |= dict.fromkeys(connection.scalars(query, values))
    return list(ranked)[:MAX_HITS]


@cache
def _make_query(lang: str, *, weighed: bool) -> sa.Select[int]:
    """Return the query for one tier of a language: by weight, or the last ones first."""
    table = table_of(lang)
    matching = (
        sa.select(table.c.rowid)
        .where(table.c[table.name].op("MATCH")(sa.bindparam("expression")))
        .order_by(table.c.rowid.desc())
        .limit(sa.bindparam("limit"))
    )
    if not weighed:
        return matching
    score = sa.func.bm25(sa.literal_column(table.name), *WEIGHTS).label("score")
    scored = matching.add_columns(score).subquery()
    return sa.select(scored.c.rowid).order_by(scored.c.score, scored.c.rowid.desc())


def _show(connection: sa.Connection, documents: Sequence[int], terms: Terms, reader: str) -> Iterator[Result]:
    cards = find_cards(connection, documents, reader)
    texts = _read_texts(connection, documents, terms.lang)
    for document in documents:
        yield _make_result(cards[document], texts[document], terms, reader)


def _read_texts(connection: sa.Connection, documents: Sequence[int], lang: str) -> dict[int, Texts]:
    """Return what documents say in a language: it stands in its own renditions, or where there are none, in others."""
    values = {"documents": list(documents), "lang": lang}
    own = connection.execute(_OWN_RENDITIONS, values).mappings().all()
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for row in own or connection.execute(_RENDITIONS, values).mappings():
        rows.setdefault(row["document_id"], []).append(dict(row))
    return {document: gather_texts(found).get(lang, Texts()) for document, found in rows.items()}


_RENDITIONS = (
    sa.select(rendition_table)
    .where(rendition_table.c.document_id.in_(sa.bindparam("documents", expanding=True)))
    .order_by(rendition_table.c.lang)
)
_OWN_RENDITIONS = _RENDITIONS.where(rendition_table.c.lang == sa.bindparam("lang"))


def _make_result(card: Card, texts: Texts, terms: Terms, reader: str) -> Result:
    title, title_lang = (
        (texts.title, terms.lang) if texts.title else (card.title.text, card.title.lang or reader)
    )
    title_places = find_places(title, terms.lang, terms.stems) if texts.title else []
    return Result(
        card=card,
        lang=terms.lang,
        title=mark_words(title, title_places),
        title_lang=title_lang,
        passage=_find_passage(texts, terms),
        page_lang=_page_lang(card.available, card.lang, terms.lang, reader),
    )


def _find_passage(texts: Texts, terms: Terms) -> tuple[Part, ...]:
    """Return the passage with the most of the words, of summary and body; the summary where they have equally many."""
    options = [
        (text, find_places(text, terms.lang, terms.stems)) for text in (texts.summary, texts.body) if text
    ]
    if not options:
        return ()
    text, places = max(options, key=lambda option: len({place.stem for place in option[1]}))
    return cut_passage(text, places)


def _page_lang(available: Mapping[str, Availability], source: str, found: str, reader: str) -> str:
    """Return the language of the page to lead to: the reader's wherever it shows the text that was found."""
    if found not in available:
        return reader
    shown = found == source and available[reader] is Availability.MISSING
    return reader if shown else found

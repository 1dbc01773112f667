"""Measures search over synthetic documents in three languages: how fast answers come, and how large the index is.

.venv/bin/python -m bench.search --documents 100000 --database /tmp/search.db

The database is made on the first run (some minutes for 100,000 documents) and used again afterwards. Queries are what readers
ask: one to three words in any of their forms, from the most frequent words to the rarest, some with the wrong keyboard
layout, in łacinka, cut short, or not there at all.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.content import LANGUAGES, Story, make_story, make_words
from constanta.edition.models import document_table, metadata, open_engine, rendition_table
from constanta.edition.search.find import search
from constanta.edition.search.index import Indexer, make_entries
from constanta.edition.search.query import parse_query

PAGE_SIZE = 10


def make_database(path: Path, documents: int) -> None:
    """Write a content database with the texts of synthetic documents, without files and Markdown between."""
    engine = open_engine(path, writable=True)
    metadata.create_all(engine)
    with engine.begin() as connection:
        indexer = Indexer(connection, is_new=True)
        for number in range(1, documents + 1):
            story = make_story(number)
            document = _document(story, number)
            renditions = [_rendition(story, lang) for lang in LANGUAGES]
            connection.execute(sa.insert(document_table), document)
            connection.execute(
                sa.insert(rendition_table), [{"document_id": number, **row} for row in renditions]
            )
            indexer.add(number, make_entries(document, renditions))
        indexer.finish()
    engine.dispose()


def _document(story: Story, number: int) -> dict[str, Any]:
    document = story.document
    return {
        "id": number,
        "path": f"publications/{document.slug}.md",
        "kind": document.kind.value,
        "slug": document.slug,
        "lang": document.lang,
        "sort_key": str(document.date),
        "date": str(document.date),
        "archived": False,
        "withdrawn": False,
        "topics": list(document.topics),
        "areas": [],
        "scopes": [],
        "available": {document.lang: "source", **story.states},
        "digest": "synthetic",
    }


def _rendition(story: Story, lang: str) -> dict[str, Any]:
    """Return a rendition as a build would make it, as far as search looks at it."""
    source = story.document.lang
    state = story.states.get(lang, "source")
    whole = state in {"source", "complete"}
    head = None if whole or state in {"partial", "outdated"} else source
    body = None if whole or state == "outdated" else source
    shown = story.texts[head or lang]
    attribute = f' lang="{body}"' if body else ""
    html = "\n".join(f"<p{attribute}>{block}</p>" for block in story.texts[body or lang].blocks)
    return {
        "lang": lang,
        "title": shown.title,
        "title_lang": head,
        "summary": shown.summary,
        "summary_lang": head,
        "body": [{"html": html, "lang": body, "reason": state if body else None}],
        "state": state,
    }


@dataclass(frozen=True)
class Asked:
    """A query, and the language of the reader who asks."""

    text: str
    lang: str
    kind: str


def make_queries(number: int) -> Iterator[Asked]:
    """Yield what readers ask: words as they stand in texts, so the frequent ones often, and changed in every way."""
    chance = random.Random("queries")
    for _ in range(number):
        lang = chance.choice(LANGUAGES)
        words = make_words(lang).choose(chance, chance.choices((1, 2, 3), (5, 4, 1))[0])
        kind = chance.choices(tuple(KINDS), (70, 8, 8, 8, 6))[0]
        yield Asked(" ".join(KINDS[kind](word, lang) for word in words), lang, kind)


def _mistype(word: str, lang: str) -> str:
    """Return a word as it comes out where the keyboard is that of the other alphabet."""
    return word.translate(_KEYS[lang])


def _latin(word: str, _lang: str) -> str:
    return word.translate(_LATIN)


_CYRILLIC_KEYS = dict(zip("йцукенгшзхфывапролджэячсмтьбюі", "qwertyuip[asdfghjkl;'zxcvnm,.b", strict=True))
_KEYS = {
    "be": str.maketrans(_CYRILLIC_KEYS),
    "ru": str.maketrans(_CYRILLIC_KEYS | {"и": "b", "о": "j"}),
    "en": str.maketrans({key: letter for letter, key in _CYRILLIC_KEYS.items()}),
}
_LATIN = str.maketrans(
    dict(zip("абвгдежзийіклмнопрстуўфхцшыэюя", "abvhdežzijiklmnoprstuŭfhcšyeua", strict=True))
)
KINDS: Mapping[str, Callable[[str, str], str]] = {
    "as typed": lambda word, _lang: word,
    "other layout": _mistype,
    "in Latin": _latin,
    "cut short": lambda word, _lang: word[: max(3, len(word) - 3)],
    "not there": lambda word, _lang: f"{word}{word[::-1]}",
}
"""The ways in which words are typed."""


@dataclass(frozen=True)
class Taken:
    """How many milliseconds an answer took: by the clock, and of the processor."""

    clock: float
    processor: float


def measure(path: Path, queries: Iterable[Asked]) -> dict[str, list[Taken]]:
    """Return how long each answer took, by the kind of the query; on a busy machine the processor's time says more."""
    times: dict[str, list[Taken]] = defaultdict(list)
    engine = open_engine(path)
    with engine.connect() as connection:
        for asked in queries:
            order = [asked.lang, *(lang for lang in LANGUAGES if lang != asked.lang)]
            clock, processor = time.perf_counter(), time.process_time()
            search(connection, parse_query(asked.text), order, 1, PAGE_SIZE)
            spent = time.perf_counter() - clock, time.process_time() - processor
            times[asked.kind].append(Taken(spent[0] * 1000, spent[1] * 1000))
    engine.dispose()
    return times


def print_times(times: Mapping[str, list[Taken]]) -> None:
    print(f"{'milliseconds':<22}{'by the clock':>24}{'of the processor':>24}")
    print(f"{'queries':<14}{'number':>8}" + f"{'median':>8}{'p95':>8}{'p99':>8}" * 2)
    for kind, found in [*times.items(), ("all", [taken for every in times.values() for taken in every])]:
        cuts = [
            statistics.quantiles(values, n=100)
            for values in ([taken.clock for taken in found], [taken.processor for taken in found])
        ]
        columns = "".join(f"{cut[at]:>8.1f}" for cut in cuts for at in (49, 94, 98))
        print(f"{kind:<14}{len(found):>8}{columns}")


def print_sizes(path: Path) -> None:
    """Print what the index takes beside the texts that it is made from."""
    sizes: Counter[str] = Counter()
    with closing(sqlite3.connect(path)) as connection:
        for name, size in connection.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"):
            sizes[_part_of(name)] += size
    for part, size in sizes.most_common():
        print(f"{part:<34}{size / 2**20:>9.1f} MB{size / sizes['the texts']:>9.0%} of the texts")


def _part_of(name: str) -> str:
    if name.startswith("search_text"):
        return "full-text tables"
    if "search_" in name:
        return "vocabulary"
    return "the texts" if "rendition" in name else "everything else"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search over synthetic documents.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--database", type=Path, default=Path("/tmp/constanta-search.db"))
    options = parser.parse_args()
    if not options.database.exists():
        make_database(options.database, options.documents)
    queries = list(make_queries(options.queries))
    measure(options.database, queries[:200])
    print_times(measure(options.database, queries))
    print_sizes(options.database)


if __name__ == "__main__":
    main()

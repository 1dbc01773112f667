"""How much search finds of what it should, and how little of what it should not: by a table of each language."""

from __future__ import annotations

import pytest

from tests.edition.search_table import Shelf, Table, read_table

LANGUAGES = ("be", "ru", "en")
RECALL, PRECISION = 0.95, 0.9


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The documents of all tables together, so that languages can be mistaken for each other."""
    shelf = Shelf(tmp_path_factory.mktemp("search"))
    for lang in LANGUAGES:
        shelf.put(lang, [document.texts for document in read_table(lang).documents])
    return shelf


def measure(shelf: Shelf, lang: str, table: Table) -> tuple[float, float, list[str]]:
    """Return the mean recall and precision of a table's queries in its own language, and what went wrong."""
    offset = sum(len(read_table(other).documents) for other in LANGUAGES[: LANGUAGES.index(lang)])
    order = dict.fromkeys((lang, *LANGUAGES))
    recalls, precisions, wrong = [], [], []
    for query in table.queries:
        relevant = table.relevant(query)
        groups = [group for group in shelf.search(query, *order).groups if group.lang == lang]
        found = {
            int(result.card.slug.removeprefix("document-")) - offset
            for group in groups
            for result in group.results
        }
        if relevant:
            recalls.append(len(found & relevant) / len(relevant))
        precisions.append(len(found & relevant) / len(found) if found else 1.0)
        if found != relevant:
            wrong.append(
                f"{query}: missed {sorted(relevant - found)}, found besides {sorted(found - relevant)}"
            )
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions), wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_is_large_enough_to_mean_something(lang: str) -> None:
    table = read_table(lang)
    assert len(table.queries) >= 60
    assert len(table.documents) >= 20
    known = frozenset[str]().union(*(document.lemmas for document in table.documents))
    assert sum(wanted <= known for wanted in table.queries.values()) >= 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_finds_what_it_should_and_little_else(shelf: Shelf, lang: str) -> None:
    recall, precision, wrong = measure(shelf, lang, read_table(lang))
    assert recall >= RECALL, "\n".join(wrong)
    assert precision >= PRECISION, "\n".join(wrong)

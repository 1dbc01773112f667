"""What is found, in which order and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.edition.search import find
from constanta.edition.search.passages import LENGTH, Part
from constanta.edition.search.query import MAX_LENGTH, MAX_WORDS, parse_query
from tests.edition.search_table import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def shown(parts: Iterable[Part]) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in parts)


# --- the order --------------------------------------------------------------------------------------------------------


def test_titles_stand_above_summaries_and_summaries_above_bodies(shelf: Shelf) -> None:
    filling = "Other words stand here, many of them, so that all texts are long."
    shelf.put(
        "en",
        [
            ("One", filling, "A river. " * 5),
            ("One", "A river and more", filling),
            ("The river", filling, filling),
        ],
    )
    assert shelf.find("river", "en") == [3, 2, 1]


def test_where_very_many_match_titles_still_stand_above_the_rest(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "MAX_HITS", 4)
    monkeypatch.setattr(find, "MAX_WEIGHED", 4)
    shelf.put(
        "en",
        [
            ("One", "", "A river."),
            ("The river", "", ""),
            ("Two", "A river.", ""),
            *[("Three", "", "Rivers.")] * 6,
        ],
    )
    answer = shelf.search("river", "en")
    assert [result.card.slug for result in answer.groups[0].results][:2] == ["document-2", "document-3"]
    assert answer.groups[0].more
    assert answer.total == 4


def test_among_documents_of_one_rank_the_more_telling_word_counts_more(shelf: Shelf) -> None:
    rivers = [("Title", "", "A river and many other words.")] * 8
    shelf.put(
        "en",
        [
            *rivers,
            ("Title", "", "A river. A delta. Many words."),
            ("Title", "", "A river, a river, a delta."),
        ],
    )
    assert shelf.find("river delta", "en") == [10, 9]


def test_the_readers_language_comes_first_whatever_the_rank(shelf: Shelf) -> None:
    shelf.put("en", [("Minsk", "Minsk", "Minsk")])
    shelf.put("ru", [("Город", "", "В скобках: Minsk.")])
    assert [group.lang for group in shelf.search("minsk", "ru", "en").groups] == ["ru", "en"]


def test_pages_go_on_from_one_language_to_the_next(shelf: Shelf) -> None:
    shelf.put("be", [("2024",)] * 3)
    shelf.put("en", [("2024",)] * 3)
    second = shelf.search("2024", "be", "en", number=2, size=2)
    assert [(group.lang, len(group.results), group.total) for group in second.groups] == [
        ("be", 1, 3),
        ("en", 1, 3),
    ]
    assert (second.number, second.pages, second.total) == (2, 3, 6)


@pytest.mark.parametrize("number", [0, -1, 3, 10**30])
def test_a_page_that_does_not_exist_is_no_answer(shelf: Shelf, number: int) -> None:
    shelf.put("en", [("River",)] * 4)
    with shelf.open() as connection:
        assert find.search(connection, parse_query("river"), ["en"], number, 2) is None


def test_all_words_must_stand_in_a_document(shelf: Shelf) -> None:
    shelf.put("en", [("River",), ("Forest",), ("River and forest",)])
    assert shelf.find("river forest", "en") == [3]


def test_words_that_hold_sentences_together_are_not_asked_for(shelf: Shelf) -> None:
    shelf.put("en", [("Right asylum",)])
    assert shelf.find("the right to asylum", "en") == [1]
    assert shelf.find("the", "en") == []


def test_a_query_of_such_words_only_looks_for_them(shelf: Shelf) -> None:
    shelf.put("en", [("To be or not to be",), ("Rivers",)])
    assert shelf.find("to be", "en") == [1]


# --- what is guessed, and what is not ------------------------------------------------------------------------------------


def test_a_word_that_is_known_is_not_taken_for_the_beginning_of_others(shelf: Shelf) -> None:
    shelf.put("en", [("Art",), ("Article",)])
    assert shelf.find("art", "en") == [1]
    assert shelf.find("artic", "en") == [2]


def test_a_word_that_another_language_has_is_not_guessed_at(shelf: Shelf) -> None:
    shelf.put("be", [("Край",)])
    shelf.put("ru", [("Крайний",)])
    assert [group.lang for group in shelf.search("край", "be", "ru").groups] == ["be"]
    assert [group.lang for group in shelf.search("край", "ru", "be").groups] == ["be"]


def test_english_words_are_not_read_as_cyrillic_for_readers_of_english(shelf: Shelf) -> None:
    shelf.put("be", [("Мост",)])
    shelf.put("en", [("The most",)])
    assert [group.lang for group in shelf.search("most", "en", "be").groups] == ["en"]
    assert [group.lang for group in shelf.search("most", "be", "en").groups] == ["be", "en"]


@pytest.mark.parametrize("typed", ["ab", "zz", "1", "20"])
def test_two_letters_or_digits_are_not_the_beginning_of_anything(shelf: Shelf, typed: str) -> None:
    shelf.put("en", [("Abstract 2024 100",)])
    assert shelf.find(typed, "en") == []


# --- passages ------------------------------------------------------------------------------------------------------------


def test_a_result_shows_its_title_and_the_passage_with_the_words_marked(shelf: Shelf) -> None:
    shelf.put("be", [("Бежанцы", "Рэзюмэ.", "Пра бежанцаў на мяжы.")])
    (result,) = shelf.search("бежанец мяжа", "be").groups[0].results
    assert shown(result.title) == "[Бежанцы]"
    assert shown(result.passage) == "Пра [бежанцаў] на [мяжы]."


def test_a_passage_comes_from_where_most_of_the_words_are(shelf: Shelf) -> None:
    far = "Нічога тут няма. " * 60
    shelf.put("be", [("Назва", "Бежанцы.", f"Мяжа. {far} Бежанцы на мяжы. {far}")])
    (result,) = shelf.search("бежанцы мяжа", "be").groups[0].results
    text = shown(result.passage)
    assert "[Бежанцы] на [мяжы]." in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) <= LENGTH + 20


def test_a_passage_begins_and_ends_with_whole_words(shelf: Shelf) -> None:
    words = [f"слова{letter}{number}" for number in range(60) for letter in "абвг"]
    shelf.put("be", [("Назва", "", " ".join([*words[:120], "мяжа", *words[120:]]))])
    (result,) = shelf.search("мяжа", "be").groups[0].results
    inside = shown(result.passage).strip("… ").replace("[мяжа]", "мяжа").split()
    assert set(inside) <= {*words, "мяжа"}


def test_a_passage_of_one_endless_word_is_cut(shelf: Shelf) -> None:
    shelf.put("en", [("Title", "", "x" * 5000 + " river " + "y" * 5000)])
    (result,) = shelf.search("river", "en").groups[0].results
    assert len(shown(result.passage)) < 2 * LENGTH
    assert "[river]" in shown(result.passage)


def test_a_result_without_the_words_in_its_texts_shows_the_summary(shelf: Shelf) -> None:
    shelf.put("en", [("River", "Of something else.", "And more.")])
    (result,) = shelf.search("river", "en").groups[0].results
    assert shown(result.passage) == "Of something else."


def test_what_stands_in_for_a_translation_leads_to_the_readers_own_page(shelf: Shelf) -> None:
    shelf.put("en", [("River",)])
    (result,) = shelf.search("river", "be", "en").groups[0].results
    assert (result.lang, result.title_lang, result.page_lang) == ("en", "en", "be")


# --- any input -----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "",
    " ",
    '"',
    "'",
    '""',
    "*",
    "river*",
    "river AND",
    "NEAR(river forest, 2)",
    "title:river",
    "{title} : river",
    "^river",
    "-river",
    "river OR forest)",
    "river\x00forest",
    "'; DROP TABLE document; --",
    "\u202eriver\u202c",
    "\ud800",
    "🏳️‍🌈",
    "river 🌊",
    "«river»",
    "river" * 200,
    " ".join(["river"] * 500),
    "%",
    "_",
    "\\",
    "<script>alert(1)</script>",
    "ʼ’'`",
    "ǅ ﬁ ß İ",
    "́",
    "٢٠٢٤",
    "𝐫𝐢𝐯𝐞𝐫",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_no_input_is_an_error(shelf: Shelf, typed: str) -> None:
    shelf.put("en", [("River and forest", "AND", "NEAR")])
    assert shelf.find(typed, "en", "be", "ru") in ([], [1])


@settings(max_examples=60, deadline=None)
@given(typed=st.text(max_size=80))
def test_no_text_at_all_is_an_error(typed: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("any"))
    shelf.put("en", [("River", "", typed.replace("<", "&lt;"))])
    assert shelf.find(typed, "be", "ru", "en") in ([], [1])
    shelf.engine.dispose()


def test_the_syntax_of_the_index_means_nothing(shelf: Shelf) -> None:
    shelf.put("en", [("River",), ("Forest",), ("River or forest",)])
    assert shelf.find('"river" OR forest', "en") == shelf.find("river forest", "en") == [3]
    assert shelf.find("title:river", "en") == []


def test_a_query_is_cut_and_says_so() -> None:
    query = parse_query("слова " * 200_000)
    assert query.shortened
    assert len(query.text) <= MAX_LENGTH
    assert len(query.words) <= MAX_WORDS
    assert not parse_query("слова " * 3).shortened


def test_a_query_loses_what_cannot_be_seen() -> None:
    assert parse_query("a\u202eb\x00c\u200bd\ufeff\n e").text == "ab cd e"
    assert parse_query("бе\u00adжан\u00adцы на мя\u200bжы").words == ("бежанцы", "мяжы")

"""Texts are masked as the document says, and every place leads back to the raw text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.checks.text import MARK, read_text


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("ў <b>Мінску</b>", "ў Мінску"),
        ("А<br>Б", "А\nБ"),
        ("Пішыце на info@example.org.", f"Пішыце на {MARK}."),
        ("(https://example.org/a_b)", f"({MARK})"),
        ("%(n)s з %(m)s", f"{MARK} з {MARK}"),
        ("100&nbsp;%%", "100\u00a0%"),
        ("{count} файлаў, {{так}}", f"{MARK} файлаў, {{так}}"),
        ("90 % заяў", "90 % заяў"),
        ("&laquo;так&raquo;", "«так»"),
        ("Мо\u0438\u0306", "Мой"),
        ("Дапа\u00adмога, сло\u0301ва", "Дапамога, слова"),
    ],
)
def test_what_is_no_language_is_masked(raw: str, masked: str) -> None:
    assert read_text(raw).masked == masked


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("Пра [гэта](https://example.org/a_b) *піша* «Наша Ніва»", "Пра гэта піша «Наша Ніва»"),
        ("Каманда `flask i18n` і **тое**", f"Каманда {MARK} і тое"),
        ("мігрант_кі і _бежанцы_", "мігрант_кі і бежанцы"),
        ("Глядзіце <https://example.org>", f"Глядзіце {MARK}"),
        ("2 \\* 3", "2 * 3"),
    ],
)
def test_marks_of_markdown_are_transparent(raw: str, masked: str) -> None:
    assert read_text(raw, markdown=True).masked == masked


def test_a_place_leads_back_to_the_raw_text() -> None:
    text = read_text("<b>Суды</b> улічылі")
    start = text.masked.index("улічылі")
    first, last = text.place(start, start + 1)
    assert text.raw[first:last] == "у"


def test_a_correction_over_something_masked_is_none() -> None:
    text = read_text("слова <b> слова</b>")
    assert text.correct([(5, 7, " ")]) == ((5, 10), None)


@settings(max_examples=200)
@given(raw=st.text("аў <b>/&;%()s{}@.x\u0301\u0306и\u00ad*_[]`", max_size=30), markdown=st.booleans())
def test_every_masked_character_has_a_place(raw: str, *, markdown: bool) -> None:
    text = read_text(raw, markdown=markdown)
    places = [text.place(start, start + 1) for start in range(len(text.masked))]
    assert all(0 <= first <= last <= len(raw) for first, last in places)
    assert places == sorted(places)

"""Safe corrections are made, a second run changes nothing, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.checks.entries import check_message
from constanta.catalogs.checks.fix import FIXABLE, fix_message
from constanta.catalogs.po import Message, Source


@pytest.mark.parametrize(
    ("language", "source", "wrong", "right"),
    [
        (
            "be",
            "Authorities and “extremism”",
            'Беларускія улады i "экстрэмізм"',
            "Беларускія ўлады і⍽«экстрэмізм»",
        ),
        ("be", "A “word.”", 'Кажуць "слова."', "Кажуць «слова»."),
        ("be", "In <b>Minsk</b>: 5%", "Яна у <b>Мінску</b>: 5%", "Яна ў⍽<b>Мінску</b>: 5⍽%"),
        ("be", "Help — for all ", "Дапамога — для ўсіх", "Дапамога⍽— для ўсіх "),
        ("be", "Object", "Аб'ект\u200b", "Аб’ект"),
        ("be", "The author", "Аyтар", "Аўтар"),
        ("ru", "With documents", "Помощь c документами", "Помощь с⍽документами"),
        ("ru", "Entry", "В'езд в страну", "Въезд в⍽страну"),
    ],
)
def test_safe_corrections_are_made(language: str, source: str, wrong: str, right: str) -> None:
    message, done = fix_message(Message(Source(source), (wrong,)), language)
    assert message.msgstr == (right.replace("⍽", "\u00a0"),)
    assert {finding.check for finding in done} <= set(FIXABLE)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("be", "Накірункі 12.500 чалавек"),
        ("be", "Праект - для ўсіх"),
        ("be", "Слова «нелегал"),
        ("be", "Ен тут"),
        ("pl", 'Mówi "tak" - i 5%'),
    ],
)
def test_what_only_a_person_can_decide_is_not_touched(language: str, text: str) -> None:
    message = Message(Source(text), (text,))
    assert fix_message(message, language) == (message, [])


def test_a_check_that_is_switched_off_corrects_nothing() -> None:
    message = Message(Source("“Word”"), ('"Слова"',), comments=("nocheck: quotes",))
    assert fix_message(message, "be") == (message, [])


def test_all_forms_of_a_plural_entry_are_corrected() -> None:
    message = Message(
        Source("%(n)s object", None, "%(n)s objects"),
        ("%(n)s аб'ект", "%(n)s аб'екты", "%(n)s аб'ектаў"),
        flags=("python-format",),
    )
    fixed, done = fix_message(message, "be")
    assert fixed.msgstr == ("%(n)s аб’ект", "%(n)s аб’екты", "%(n)s аб’ектаў")
    assert [finding.form for finding in done] == [0, 1, 2]


PIECES = (
    "слова",
    "у",
    "ў",
    "Прaва",
    '"',
    "«",
    "»",
    "„",
    " ",
    "  ",
    "\u00a0",
    "—",
    "-",
    ".",
    ",",
    "5",
    "%",
    "'",
    "аб'ект",
    "i",
    "<b>",
    "</b>",
    "\u200b",
    "улады",
    "(",
    ")",
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join), st.sampled_from(["be", "ru"]))
def test_a_second_run_changes_nothing_and_no_known_answer_is_left(text: str, language: str) -> None:
    fixed, _ = fix_message(Message(Source(text), (text,)), language)
    again, done = fix_message(fixed, language)
    assert (again, done) == (fixed, [])
    left = [
        f
        for f in check_message(fixed, language)
        if f.check in FIXABLE and f.check != "dash" and f.suggestion is not None
    ]
    assert left == []

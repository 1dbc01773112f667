"""Quotation marks are those of the language, nested and closed."""

from __future__ import annotations

import pytest

from tests.catalogs.checks.cases import ids, suggestion


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", 'Слова "нелегал"', "Слова «нелегал»"),
        ("be", "Слова “парадак”", "Слова «парадак»"),
        ("be", "Слова „парадак“", "Слова «парадак»"),
        ("be", "Слова „парадак”", "Слова «парадак»"),
        ("be", "Слова 'парадак'", "Слова «парадак»"),
        ("be", "Кніга «Правы «чужых» людзей»", "Кніга «Правы „чужых“ людзей»"),
        ("be", 'Кніга «Правы "чужых" людзей»', "Кніга «Правы „чужых“ людзей»"),
        ("be", '("так"), "не"', "(«так»), «не»"),
        ("be", "Кажуць «парадак.»", "Кажуць «парадак»."),
        ("be", "Праграма «Talk.» у⍽Мінску", "Праграма «Talk». у⍽Мінску"),
        ("be", "Вітамін «C.» у⍽Мінску", "Вітамін «C». у⍽Мінску"),
        ("ru", "Говорят «порядок,» и⍽идут", "Говорят «порядок», и⍽идут"),
        ("en", '"transit refugees"', "“transit refugees”"),
        ("en", "“terrorism“", "“terrorism”"),
    ],
)
def test_wrong_marks_are_corrected(language: str, wrong: str, right: str) -> None:
    assert suggestion(language, "Text", wrong, "quotes") == right


@pytest.mark.parametrize(
    ("language", "text"),
    [("be", "Слова «парадак"), ("ru", "Слово порядок»"), ("be", 'Слова "парадак'), ("en", "“terrorism")],
)
def test_a_mark_without_a_partner_is_found_and_not_guessed(language: str, text: str) -> None:
    assert "quotes" in ids(language, "Text", text)
    assert suggestion(language, "Text", text, "quotes") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("be", "Кніга «Правы „чужых“ людзей»"),
        ("be", "Ён спытаў: «Чаму?»"),
        ("be", "Справа 2024⍽года («так званая»), «так»…"),
        ("be", "Праца ў⍽«Еўрарадыё», сям’я і⍽д’Арк"),
        ("be", "Яны пішуць: «і⍽г.⍽д.»"),
        ("be", "Гурт «N.R.M.» у⍽Мінску"),
        ("ru", "Группа «R.E.M.», компания «Google Inc.»"),
        ("ru", "<a href=\"/ru/\" title='x'>Главная</a>"),
        ("en", "asylum seekers’ rights"),
        ("en", "Review “On ‘extremism’ and seekers’ rights”"),
        ("en", "It’s the ’90s"),
        ("be", 'Знак (") і⍽двукоссі «…», „…“'),
    ],
)
def test_right_marks_are_let_be(language: str, text: str) -> None:
    assert "quotes" not in ids(language, text, text)


def test_a_command_of_the_source_keeps_its_straight_marks() -> None:
    source = 'Run: python3 -c "print(1)"'
    assert "quotes" not in ids("be", source, 'Запусціце: python3 -c "print(1)"')
    assert "quotes" in ids("be", 'Open "Search"', 'Адкрыйце "Пошук"')

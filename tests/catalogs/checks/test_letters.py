"""Letters of another alphabet, and characters that nobody sees, are found; names and labels are let be."""

from __future__ import annotations

import pytest

from constanta.catalogs.findings import Severity
from tests.catalogs.checks.cases import findings, ids, suggestion


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", "Правы бежaнцаў", "Правы бежанцаў"),
        ("be", "Kрызіс на мяжы", "Крызіс на мяжы"),
        ("be", "Літва i⍽Польшча", "Літва і⍽Польшча"),
        ("be", "Праект y⍽Мінску", "Праект у⍽Мінску"),
        ("be", "A⍽таксама іншыя", "А⍽таксама іншыя"),
        ("be", "I⍽яшчэ адно", "І⍽яшчэ адно"),
        ("be", "Гуманітαρны крызіс", "Гуманітарны крызіс"),
        ("be", "3амежнікі", "Замежнікі"),
        ("be", "Усе 3амежнікі", "Усе замежнікі"),
        ("be", "сям’i", "сям’і"),
        ("ru", "Cуд над активисткой", "Суд над активисткой"),
        ("ru", "Помощь c⍽документами", "Помощь с⍽документами"),
        ("ru", "C⍽2018 года", "С⍽2018 года"),
        ("be", "Telegrаm", "Telegram"),
        ("pl", "Pomoc dla uchоdźców", "Pomoc dla uchodźców"),
    ],
)
def test_a_letter_of_another_script_is_found_and_corrected(language: str, wrong: str, right: str) -> None:
    assert suggestion(language, "Text", wrong, "homoglyph") == right


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("be", "IT sector and VPN", "IT-сектар і⍽VPN"),
        ("be", "Telegram channel", "Telegram-канал"),
        ("be", "Hepatitis C in prisons", "Гепатыт C у⍽турмах"),
        ("ru", "Visa type C", "Виза типа C"),
        ("ru", "Refugees", "бежен_ки"),
        ("ru", "3rd edition", "3-е издание"),
        ("be", "30 days", "30 дзён"),
        ("be", "X is blocked in Belarus.", "X заблакаваны ў⍽Беларусі."),
        ("ru", "X is blocked in Belarus.", "X заблокирован в⍽Беларуси."),
        ("ru", "C is a letter", "C — буква"),
        ("ru", "The first quarter of 2024", "I квартал 2024 года"),
        ("be", "Q1 2024", "I⍽квартал 2024 года"),
        ("be", "10th century", "X стагоддзе"),
        ("ru", "I. Introduction", "I. Введение"),
        ("be", "I. Introduction", "I. Уводзіны"),
        ("be", "XXI century", "XXI стагоддзе"),
        ("be", "2 x 3 m", "2⍽x⍽3⍽м"),
        ("pl", "Home", "Strona główna"),
        ("uk", "Border", "Кордон і⍽люди"),
        ("be", "Family", "сям΄я"),
        ("uk", "Family", "сім΄я"),
    ],
)
def test_real_latin_letters_are_let_be(language: str, source: str, text: str) -> None:
    assert "homoglyph" not in ids(language, source, text)


@pytest.mark.parametrize(
    ("source", "text"), [("A court and others", "A⍽суд"), ("I saw it. So did A Belarusian", "I⍽ён")]
)
def test_the_english_words_of_one_letter_excuse_no_latin_letter(source: str, text: str) -> None:
    assert "homoglyph" in ids("be", source, text)


def test_an_abbreviation_in_latin_letters_that_the_source_does_not_have_is_asked_about() -> None:
    assert suggestion("be", "The EU border", "Мяжа EC", "homoglyph") == "Мяжа ЕС"
    assert ids("be", "The HTTP address", "Адрас HTTP") == set()


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", "Абъява", "Аб’ява"),
        ("be", "Щыт", "Шчыт"),
        ("be", "Ірландыя и Ісландыя", "Ірландыя і Ісландыя"),
        ("ru", "Права мігрантов", "Права мигрантов"),
        ("ru", "Ўже", "Уже"),
        ("ru", "Київ", None),
        ("be", "Правы мигрантаў", None),
    ],
)
def test_a_letter_of_a_neighbour_is_found(language: str, wrong: str, right: str | None) -> None:
    assert "alphabet" in ids(language, "Text", wrong)
    assert suggestion(language, "Text", wrong, "alphabet") == right


def test_a_listed_name_keeps_its_letters_in_quotation_marks_only() -> None:
    assert "alphabet" not in ids("ru", "“Nasha Niva” writes", "Пишет «Наша Ніва»")
    assert "alphabet" not in ids("be", "“Memorial”", "«Мемориал»")
    assert "alphabet" in ids("ru", "Nasha Niva writes", "Пишет Наша Ніва")
    assert "alphabet" in ids("ru", "“Migrants” write", "Пишут «Мігранты»")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Дапа\u00adмога", "Дапамога"),
        ("слова\ufeff", "слова"),
        ("а\u200bб", "аб"),
        ("сло\u0301ва", "слова"),
        ("Мо\u0438\u0306", "Мой"),
        ("Пра\x00вы", "Правы"),
        ("Пра\x1bвы", "Правы"),
        ("Пра\x07вы", "Правы"),
        ("Пра\x7fвы", "Правы"),
        ("Пра\ufffeвы", "Правы"),
        ("Пра\U0001ffffвы", "Правы"),
        ("Правы\x0bлюдзей", "Правы людзей"),
        ("Правы\x0cлюдзей", "Правы людзей"),
        ("Правы\rлюдзей", "Правы людзей"),
        ("Правы\x85людзей", "Правы людзей"),
        ("Правы\u2028людзей", "Правы людзей"),
        ("Правы \u2029людзей", "Правы людзей"),
        ("Правы.\u2028\nЛюдзі", "Правы.\nЛюдзі"),
    ],
)
def test_an_invisible_character_is_found_and_taken_out(wrong: str, right: str) -> None:
    assert suggestion("be", "Text", wrong, "invisible") == right


@pytest.mark.parametrize("character", ["\ufffd", "\uf0b7", "\U00100000"])
def test_a_character_that_is_lost_or_in_one_font_only_is_found_but_nobody_knows_the_right_one(
    character: str,
) -> None:
    (finding,) = findings("be", "Rights", f"Пра{character}вы")
    assert (finding.check, finding.severity) == ("invisible", Severity.ERROR)
    assert (finding.span, finding.suggestion) == ((3, 4), None)
    assert ids("be", f"Rights {character}", f"Правы {character}") == (
        {"invisible"} if character == "\ufffd" else set()
    )


def test_line_breaks_and_tabs_of_the_source_are_let_be() -> None:
    for space in ("\n", "\t", "\r\n"):
        assert ids("be", f"One{space}Two", f"Адзін{space}Два") == set()


def test_scripts_that_need_joiners_and_emoji_keep_them() -> None:
    assert "invisible" not in ids("fa", "Books", "کتاب\u200cها")
    assert "invisible" not in ids("he", "A (B)", "א\u200f (ב)")
    assert "invisible" not in ids("be", "Family 👨\u200d👩\u200d👧", "Сям’я 👨\u200d👩\u200d👧")


def test_other_checks_see_the_word_behind_an_invisible_character() -> None:
    assert ids("be", "Corridor", "Карыдор") == {"glossary"}
    assert ids("be", "Corridor", "Кары\u00adдор") == {"glossary", "invisible"}

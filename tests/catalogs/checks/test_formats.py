"""Dates and numbers have the form of the language, and the numbers are those of the source."""

from __future__ import annotations

import pytest

from tests.catalogs.checks.cases import findings, ids, suggestion


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", "7 май 2021 года", "7 мая 2021 года"),
        ("be", "Да 30 Верасня", "Да 30 верасня"),
        ("be", "12–15 жнівень", "12–15 жніўня"),
        ("be", "1-га лістапада", "1 лістапада"),
        ("be", "Снежня 10, 2024", "10⍽снежня 2024"),
        ("be", "20 сакавіку", "20 сакавіка"),
        ("ru", "14 март 2024 года", "14 марта 2024 года"),
        ("ru", "3-го июня", "3 июня"),
        ("ru", "9 Мая 2021", "9 мая 2021"),
        ("ru", "На улице. 17 Сентября", "На улице. 17 сентября"),
        ("ru", "на улице 17 Сентябрь", "на улице 17 Сентября"),
    ],
)
def test_a_date_is_corrected(language: str, wrong: str, right: str) -> None:
    assert suggestion(language, wrong, wrong, "date") == right


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("be", "У⍽сакавіку 2025 года, лістапад 2024, ліпень–верасень 2024"),
        ("be", "на пачатку мая 10 чалавек"),
        ("be", "Я⍽маю 3 дні; 5 маюць"),
        ("be", "ДА 30 ВЕРАСНЯ"),
        ("ru", "праздник 8 Марта и⍽парад 9 Мая"),
        ("ru", "улица 17 Сентября, площадь 3 Июля, ул. 28 Июля"),
        ("ru", "на перекрёстке улиц 17 Сентября и⍽Ленина"),
        ("be", "вуліца 25 Кастрычніка; на вул.⍽17 Верасня; на плошчы 3 Ліпеня"),
        ("ru", "в⍽5 мартовских текстах"),
    ],
)
def test_right_dates_and_months_are_let_be(language: str, text: str) -> None:
    assert "date" not in ids(language, text, text)


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", "19,500 чалавек", "19⍽500 чалавек"),
        ("be", "19.500 чалавек", "19⍽500 чалавек"),
        ("be", "34600 чалавек", "34⍽600 чалавек"),
        ("be", "18 000 чалавек", "18⍽000 чалавек"),
        ("be", "1⍽234 567 праглядаў", "1⍽234⍽567 праглядаў"),
        ("be", "Рост на 4.5 пункта", "Рост на 4,5 пункта"),
        ("be", "0.125 пункта", "0,125 пункта"),
        ("be", "10⍽000–18000 чалавек", "10⍽000–18⍽000 чалавек"),
        ("ru", "PDF, 2.5⍽МБ", "PDF, 2,5⍽МБ"),
        ("en", "18 000 people", "18,000 people"),
    ],
)
def test_a_number_is_corrected(language: str, wrong: str, right: str) -> None:
    assert suggestion(language, "Text", wrong, "number-format") == right


@pytest.mark.parametrize(
    "text",
    [
        "4600 і⍽4⍽600 чалавек",
        "20.03.2025, 20.03 і⍽2025-03-20",
        "а⍽18.30 і⍽18:30",
        "артыкул 19.11 КаАП, п.⍽4.5, часткі 2.1",
        "Python 3.11, версія 2.0, CC BY-SA 4.0, TLS 1.3",
        "+375⍽29⍽123⍽45⍽67, +375291234567",
        "220030, г.⍽Мінск; УНП 190000000; №⍽123456",
        "0,125 пункта",
        "2023⍽100 чалавек",
    ],
)
def test_what_is_no_quantity_is_let_be(text: str) -> None:
    assert "number-format" not in ids("be", "Text", text)


def test_three_decimals_of_the_source_stay_decimals() -> None:
    assert "number-format" not in ids("be", "12.345 kg", "12,345⍽кг")
    assert "number-format" in ids("be", "12,345 people", "12,345 чалавек")


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "18,000 people", "18⍽000 чалавек"),
        ("be", "18,000 people", "18 000 чалавек"),
        ("be", "12.5 points", "12,5 пункта"),
        ("be", "In 2016 and 2017", "У⍽2017 і⍽2016 гадах"),
        ("be", "six reasons", "6 прычын"),
        ("be", "7 reasons", "Сем прычын"),
        ("be", "with 2 children", "з⍽двума дзецьмі"),
        ("be", "3-day visa", "трохдзённая віза"),
        ("be", "the 5th report", "пятая справаздача"),
        ("be", "20th century", "XX⍽стагоддзе"),
        ("be", "20th century", "ХХ⍽стагоддзе"),
        ("ru", "18 thousand people", "18⍽000 человек"),
        ("ru", "3,500,000 people", "3,5⍽млн человек"),
        ("ru", "from 10 am to 6 pm", "с⍽10:00 до 18:00"),
        ("ru", "at 6:30 pm", "в⍽18:30"),
        ("ru", "Open from 10 a.m. to 6 p.m.", "Открыто с⍽10:00 до 18:00."),
        ("be", "Open from 10 a.m. to 6 p.m.", "Адчынена з⍽10.00 да 18.00."),
        ("be", "From 10 a.m. to 6 p.m., Friday", "З⍽10:00 да 18:00, пятніца"),
        ("ru", "20.03.2025", "20 марта 2025"),
        ("ru", "2025-03-20", "20 марта 2025"),
        ("de", "18,000.5 people", "18.000,5 Menschen"),
        ("uk", "1,500 people", "1⍽500 людей"),
        ("lt", "three reasons", "3 priežastys"),
    ],
)
def test_a_number_may_change_its_form(language: str, source: str, translation: str) -> None:
    assert "numbers" not in ids(language, source, translation)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "74 countries", "47 краін"),
        ("be", "12.5 points", "125 пунктаў"),
        ("be", "850 suspects", "Падазраваныя"),
        ("be", "Suspects", "850 падазраваных"),
        ("be", "5 people", "Шэсць чалавек"),
        ("be", "15 people", "Пятнаццаць чалавек"),
        ("ru", "In 2016 and 2017", "В⍽2016 году"),
        ("ru", "3 million", "3⍽тыс."),
        ("ru", "21st century", "XX⍽век"),
        ("ru", "20.03.2025", "20.04.2025"),
        ("de", "18,000 people", "1.800 Menschen"),
    ],
)
def test_another_number_is_found(language: str, source: str, translation: str) -> None:
    assert "numbers" in ids(language, source, translation)


@pytest.mark.parametrize(
    ("source", "translation", "advice"),
    [
        ("850 suspects", "Падазраваныя", "Of the numbers in the source, the translation lacks 850;"),
        ("15 cases in 2008", "Справы", "Of the numbers in the source, the translation lacks 15, 2008;"),
        ("Suspects", "850 падазраваных", "Of the numbers in the translation, the source lacks 850;"),
        ("Cases", "15 спраў у⍽2008", "Of the numbers in the translation, the source lacks 15, 2008;"),
    ],
)
def test_what_is_said_of_numbers_fits_one_and_several(source: str, translation: str, advice: str) -> None:
    (said,) = (str(f.text) for f in findings("be", source, translation) if f.check == "numbers")
    assert said == f"{advice} check every digit."

"""Dashes, no-break spaces, ellipses, spaces and repeated words."""

from __future__ import annotations

import pytest

from tests.catalogs.checks.cases import ids, suggestion

CORRECTED = [
    ("be", "dash", "Праект - для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "Праект – для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "Праект -- для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "Праект — для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "Праект— для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "Праект⍽—для ўсіх", "Праект⍽— для ўсіх"),
    ("be", "dash", "«Так» - %(name)s", "«Так»⍽— %(name)s"),
    ("be", "dash", "2022-2024 гады", "2022–2024 гады"),
    ("be", "dash", "2022 – 2024 гады", "2022–2024 гады"),
    ("be", "dash", "2022⍽— 2024 гады", "2022–2024 гады"),
    ("be", "dash", "з⍽10:00-18:00", "з⍽10:00–18:00"),
    ("ru", "dash", "10-12 мая", "10–12 мая"),
    ("en", "dash", "2022-2024", "2022–2024"),
    ("be", "ellipsis", "Чакайце...", "Чакайце…"),
    ("be", "ellipsis", "Чакайце….", "Чакайце…"),
    ("be", "ellipsis", "Гатова. . .", "Гатова…"),
    ("be", "ellipsis", "Што?...", "Што?.."),
    ("be", "nbsp-word", "Суд і скаргі ў Мінску", "Суд і⍽скаргі ў⍽Мінску"),
    ("be", "nbsp-word", "А таксама %(n)s", "А⍽таксама %(n)s"),
    ("be", "nbsp-word", "Быў у <b>Гродне</b>", "Быў у⍽<b>Гродне</b>"),
    ("ru", "nbsp-word", "К суду и в полицию", "К⍽суду и⍽в⍽полицию"),
    ("be", "nbsp-num", "Рост на 40%", "Рост на 40⍽%"),
    ("be", "nbsp-num", "Рост на %(n)s %%", "Рост на %(n)s⍽%%"),
    ("be", "nbsp-num", "Каля 3 млн", "Каля 3⍽млн"),
    ("be", "nbsp-num", "Пастанова №575", "Пастанова №⍽575"),
    ("ru", "nbsp-num", "Э. Броницкая", "Э.⍽Броницкая"),
    ("en", "nbsp-num", "40 % of people", "40% of people"),
    ("be", "repeat", "Вельмі вельмі важна", "Вельмі важна"),
    ("ru", "repeat", "Жалоба в⍽в⍽суд", "Жалоба в⍽суд"),
    ("be", "whitespace", "А , Б", "А, Б"),
    ("be", "whitespace", "Так,не", "Так, не"),
    ("be", "whitespace", "Так:не", "Так: не"),
    ("be", "whitespace", "Навіны  сайта", "Навіны сайта"),
    ("be", "whitespace", "« Мір »", "«Мір»"),
    ("be", "whitespace", "( новае )", "(новае)"),
    ("be", "whitespace", "Навіны\tсайта", "Навіны сайта"),
]


@pytest.mark.parametrize(("language", "check", "wrong", "right"), CORRECTED)
def test_typography_is_corrected(language: str, check: str, wrong: str, right: str) -> None:
    assert suggestion(language, "Text", wrong, check) == right
    assert check not in ids(language, "Text", right)


RIGHT = [
    ("be", "Беларуска-польская мяжа, IT-сектар, аўдыя- і⍽відэазапісы"),
    ("be", "—⍽Вітаем"),
    ("be", "Закон ад 2021-05-07 №⍽99-З"),
    ("be", "Тэлефон: +375⍽29⍽123-45-67"),
    ("be", "У⍽2023⍽годзе⍽— 10, у⍽2024⍽— 20"),
    ("be", "чэрвень–жнівень"),
    ("be", "1⍽мая 2023⍽— 3⍽чэрвеня 2024"),
    ("be", "Каманда з⍽--fix"),
    ("be", "Колькі?.. Так!.."),
    ("be", "Файл ../a.po"),
    ("be", "План А для ўсіх і⍽гепатыт В у⍽лагерах"),
    ("be", "а) дакументы"),
    ("be", "30 дзён, 20 сакавіка, 5⍽км"),
    ("be", "вельмі-вельмі, так, так"),
    ("ru", "Правила. Правила игры"),
    ("be", "Глядзіце: :) і⍽18:30"),
    ("be", "дамен .by"),
    ("de", "Die Aktivist:innen und »Worte«"),
    ("fr", "Qui ? Oui !"),
    ("en", "more and more, again and again"),
]


@pytest.mark.parametrize(("language", "text"), RIGHT)
def test_right_typography_is_let_be(language: str, text: str) -> None:
    assert not ids(language, text, text) & {
        "dash",
        "ellipsis",
        "nbsp-word",
        "nbsp-num",
        "repeat",
        "whitespace",
    }


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        ("Tags: ", "Тэгі:", "Тэгі: "),
        ("Tags", "Тэгі⍽", "Тэгі"),
        ("\nTags\n", "Тэгі", "\nТэгі\n"),
        ("Tags", " Тэгі", "Тэгі"),
    ],
)
def test_a_translation_begins_and_ends_with_the_spaces_of_its_source(
    source: str, wrong: str, right: str
) -> None:
    assert suggestion("be", source, wrong, "whitespace") == right


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Help.", "Дапамога"),
        ("Help", "Дапамога."),
        ("Who helps?", "Хто дапамагае."),
        ("Documents:", "Дакументы"),
        ("Documents:", "Дакументы;"),
        ("Wait…", "Чакайце"),
    ],
)
def test_another_last_mark_than_that_of_the_source_is_found(source: str, translation: str) -> None:
    assert ids("be", source, translation) == {"end-punct"}


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Wait...", "Чакайце…"),
        ("They call it “order.”", "Яны кажуць «парадак»."),
        ("(See the note.)", "(Глядзіце заўвагу.)"),
        ("Visas etc.", "Візы і⍽г.⍽д."),
        ("Visas etc.", "Візы ды іншае"),
        ("in 2024", "у⍽2024⍽г."),
        ("Updated by %(n)s.", "Абнавіў %(n)s."),
        ("<b>Help.</b>", "<b>Дапамога.</b>"),
        ("Really?!", "Праўда?"),
    ],
)
def test_the_same_last_mark_is_let_be(source: str, translation: str) -> None:
    assert ids("be", source, translation) == set()


def test_the_last_mark_may_be_of_another_script() -> None:
    assert "end-punct" not in ids("zh", "Help.", "帮助。")
    assert "end-punct" not in ids("ar", "Who?", "من؟")

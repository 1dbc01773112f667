"""Belarusian is written as the rules of 2008 say: ў, the apostrophe, ё; the classical orthography is told apart."""

from __future__ import annotations

import pytest

from tests.catalogs.checks.cases import findings, ids, suggestion

AFTER = {
    "Сталі ўлады": "Сталі улады",
    "Суд улічыў": "Суд ўлічыў",
    "Жанчына-ўрач": "Жанчына-урач",
    "па-ўкраінску": "па-украінску",
    "Каля ўніверсітэта": "Каля універсітэта",
    "ЗША ў⍽Гаазе": "ЗША у⍽Гаазе",
    "КДБ ў⍽Гаазе": "КДБ у⍽Гаазе",
    "ЕС у⍽Гаазе": "ЕС ў⍽Гаазе",
    "НАТА ў⍽Гаазе": "НАТА у⍽Гаазе",
    "А⍽ўлады маўчаць": "А⍽улады маўчаць",
    "З⍽улад": "З⍽ўлад",
    "Human Constanta ў⍽Мінску": "Human Constanta у⍽Мінску",
    "Газета «Наша Ніва» ўзгадала": "Газета «Наша Ніва» узгадала",
    "<b>Суды</b> ўлічылі": "<b>Суды</b> улічылі",
    "Ды, у⍽прыватнасці, так": "Ды, ў⍽прыватнасці, так",
    "Дапамога (у⍽межах праекта)": "Дапамога (ў⍽межах праекта)",
    "Слуханне⍽— у⍽судзе": "Слуханне⍽— ў⍽судзе",
    "У⍽2020⍽годзе": "Ў⍽2020⍽годзе",
    "ва Украіне": "ва Ўкраіне",
    "Ля урны": "Ля ўрны",
    "Пра унію": "Пра ўнію",
    "ДАПАМОГА ПА⍽ЎСЁЙ КРАІНЕ": "ДАПАМОГА ПА⍽УСЁЙ КРАІНЕ",
    "СУД УЛІЧЫЎ": "СУД ЎЛІЧЫЎ",
}


@pytest.mark.parametrize(("right", "wrong"), AFTER.items())
def test_short_u_stands_after_a_vowel_and_only_there(right: str, wrong: str) -> None:
    assert "be-u-word" not in ids("be", right, right)
    assert suggestion("be", right, wrong, "be-u-word") == right


@pytest.mark.parametrize(
    ("text", "found", "right"),
    [
        ("Жанчына-уцякачка", "Жанчына-уцякачка", "Жанчына-ўцякачка"),
        ("Яна\n«уцякачка»", "Яна «уцякачка", "Яна «ўцякачка"),
        ("Яна⍽— ўцякачка", "Яна — ўцякачка", "Яна — уцякачка"),
        ("Яна, <b>ўцякачка</b>", "Яна, ўцякачка", "Яна, уцякачка"),
        ("%(name)s⍽— ўцякачка", "— ўцякачка", "— уцякачка"),
        ("Ўцякачка", "Ўцякачка", "Уцякачка"),
    ],
)
def test_the_advice_has_the_word_before_as_it_stands(text: str, found: str, right: str) -> None:
    (advice,) = (str(f.text) for f in findings("be", text, text) if f.check == "be-u-word")
    assert advice.startswith(f"“{found}” should be “{right}”")


@pytest.mark.parametrize(
    "text",
    [
        "%(name)s у⍽Мінску",
        "%(name)s ў⍽Мінску",
        "5 у⍽Мінску",
        "Telegram ў⍽Мінску",
        "Telegram у⍽Мінску",
        "МАП у⍽Мінску",
        "літара «у»",
    ],
)
def test_after_what_has_no_known_sound_both_are_let_be(text: str) -> None:
    assert "be-u-word" not in ids("be", text, text)


@pytest.mark.parametrize("text", ["ВАЙНА ВА⍽УКРАІНЕ", "ПАЕЗДКА НА⍽УРАЛ", "УВАГА"])
def test_a_name_in_capitals_keeps_its_letter(text: str) -> None:
    assert "be-u-word" not in ids("be", text, text)


RIGHT_WORDS = """
аўтар праўда паўза вакуум прэзідыум радыус страус соус траур клоун нокаут раунд аўдыторыя фауна сауна акварыумны соцыум
кансорцыум саудаўскі Барнаул Рауль Фаўст здароўе любоўю салаўі паўакна брандмаўар пентхаус шлагбаум трыумвірат МАУП
"""


@pytest.mark.parametrize("word", RIGHT_WORDS.split())
def test_a_right_word_keeps_its_u(word: str) -> None:
    assert "be-u-inner" not in ids("be", "Word", word)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Аудыягід", "Аўдыягід"),
        ("зауважыў", "заўважыў"),
        ("Прэзідыўм", "Прэзідыум"),
        ("Радыўсы", "Радыусы"),
        ("Пратэстў", "Пратэсту"),
        ("праўа", "права"),
        ("траўр", "траур"),
        ("ПРАЎДА І ПАУЗА", "ПРАЎДА І ПАЎЗА"),
    ],
)
def test_a_wrong_u_inside_a_word_is_corrected(wrong: str, right: str) -> None:
    assert suggestion("be", "Word", wrong, "be-u-inner") == right


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("be", "Аб'ём", "Аб’ём"),
        ("be", "сямʼі", "сям’і"),
        ("be", "сям΄я", "сям’я"),
        ("be", "'Абект'", "'Аб’ект'"),
        ("be", "Пры’езд", "Прыезд"),
        ("be", "Здароў’е", "Здароўе"),
        ("be", "Кампен’сацыя", "Кампенсацыя"),
        ("be", "Інтэрвью", "Інтэрв’ю"),
        ("be", "Барьер", "Бар’ер"),
        ("be", "Зезд", "З’езд"),
        ("be", "Субект", "Суб’ект"),
        ("be", "Абяднанне", "Аб’яднанне"),
        ("be", "Падезд", "Пад’езд"),
        ("be", "О'Генры", "О’Генры"),
        ("ru", "Об'ект", "Объект"),
        ("ru", "Об΄ект", "Объект"),
        ("ru", "Раз’яснение", "Разъяснение"),
        ("ru", "О'Коннор", "О’Коннор"),
    ],
)
def test_an_apostrophe_is_corrected(language: str, wrong: str, right: str) -> None:
    assert suggestion(language, "Word", wrong, "apostrophe") == right


@pytest.mark.parametrize("text", ["Мая сямя’", "Мая ’сямя", "Яго 'сямя"])
def test_an_apostrophe_beside_a_word_that_lacks_one_is_left_to_a_person(text: str) -> None:
    assert "apostrophe" in ids("be", "Word", text)
    assert suggestion("be", "Word", text, "apostrophe") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("be", "Кот-д’Івуар, Жанна д’Арк і⍽О’Генры"),
        ("be", "Прэм’ер, кур’ер, Х’юстан, В’етнам, сям’ёю"),
        ("be", "абед, абяднелы, памяць, святы, цвёрды"),
        ("be", "мільён, бульён, калье"),
        ("be", "дзеля ветнаму"),
        ("ru", "Кот-д’Ивуар и⍽О’Коннор"),
        ("ru", "объект, съезд, семья"),
    ],
)
def test_right_words_have_their_apostrophe_or_none(language: str, text: str) -> None:
    assert "apostrophe" not in ids(language, text, text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Ен тут", "Ён тут"),
        ("Партнеры", "Партнёры"),
        ("Мікрараены", "Мікрараёны"),
        ("прыем", "прыём"),
        ("штодзенны", "штодзённы"),
        ("Рэгіены", "Рэгіёны"),
        ("жыццевы", "жыццёвы"),
        ("знаемства", "знаёмства"),
        ("ЗЯЛЕНЫ СВЕТ", "ЗЯЛЁНЫ СВЕТ"),
    ],
)
def test_yo_is_not_left_out(wrong: str, right: str) -> None:
    assert suggestion("be", "Word", wrong, "be-yo") == right


@pytest.mark.parametrize(
    "text", ["Вельмі прыемна", "усе людзі", "лес", "інжынер", "мы знаем", "Інтэрв’ю з⍽кіраўнікамі"]
)
def test_words_that_have_ye_are_let_be(text: str) -> None:
    assert "be-yo" not in ids("be", "Word", text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Сьнег", "Снег"),
        ("Пытаньне", "Пытанне"),
        ("вясельле", "вяселле"),
        ("Дзьверы", "Дзверы"),
        ("Плян", None),
        ("Эўропа", None),
        ("сыстэмы", None),
    ],
)
def test_the_classical_orthography_is_told_apart(wrong: str, right: str | None) -> None:
    assert "be-tarask" in ids("be", "Word", wrong)
    assert suggestion("be", "Word", wrong, "be-tarask") == right


@pytest.mark.parametrize(
    "word",
    [
        "ледзьве",
        "калісьці",
        "дзесьці",
        "штосьці",
        "пісьмо",
        "просьба",
        "возьме",
        "бабусьцы",
        "шэдэўр",
        "траплянне",
    ],
)
def test_official_words_with_a_soft_sign_are_let_be(word: str) -> None:
    assert "be-tarask" not in ids("be", "Word", word)

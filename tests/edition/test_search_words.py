"""What makes two spellings the same word."""

from __future__ import annotations

import unicodedata

import pytest

from constanta.edition.stemming.keyboard import retype
from constanta.edition.stemming.languages import stem
from constanta.edition.stemming.latin import make_key, read_latin
from constanta.edition.stemming.words import MAX_WORD, compose, find_initial, fold, split_words


@pytest.mark.parametrize("apostrophe", "'’ʼ‘`´′")
def test_every_apostrophe_is_the_same(apostrophe: str) -> None:
    assert split_words(f"сям{apostrophe}я") == ["сямя"]


def test_an_apostrophe_at_the_edge_of_a_word_is_a_quotation_mark() -> None:
    assert split_words("‘слова’ 'word'") == ["слова", "word"]


def test_letters_with_combining_marks_are_the_same_as_composed_ones() -> None:
    assert split_words(compose(unicodedata.normalize("NFD", "ёй і ўзор"))) == ["ей", "і", "узор"]


def test_stress_marks_and_soft_hyphens_are_not_seen() -> None:
    assert split_words("за́мак пра\u00adва сло\u200bва") == ["замак", "права", "слова"]


def test_underscores_and_hyphens_part_words() -> None:
    assert split_words("мигрант_ки Беларусь-ЕС") == ["мигрант", "ки", "беларусь", "ес"]


def test_latin_letters_inside_a_cyrillic_word_are_what_they_look_like() -> None:
    assert fold("мiгрaнт") == "мігрант"
    assert fold("мигрант") == "мигрант"
    assert fold("covid") == "covid"


def test_an_endless_word_counts_as_far_as_the_longest_real_one() -> None:
    assert len(fold("я" * 100_000)) == MAX_WORD


def test_a_word_of_a_language_without_a_stemmer_stays_as_it_is() -> None:
    assert stem("uk", "річками") == "річками"


def test_latin_words_in_cyrillic_texts_are_stemmed_as_english() -> None:
    assert stem("be", "refugees") == stem("ru", "Refugee") == stem("en", "refugee")


FORMS = {
    "be": (
        "беларускі беларускага беларускай беларускія беларускіх беларускімі",
        "арганізацыя арганізацыі арганізацый арганізацыю арганізацыямі",
        "грамадзянін грамадзяне грамадзян грамадзянам",
        "магчымасць магчымасці магчымасцю магчымасцяў",
        "прытулак прытулку прытулкам",
        "дапамога дапамогі дапамозе дапамогай",
        "дарога дарозе дарог",
        "справа спраў справамі",
        "дэфектолаг дэфектолага дэфектолагі",
        "рэжым рэжыму рэжымам",
        "затрымаць затрымаў затрымала затрымаюць",
        "змагацца змагаецца змагаўся змагаліся",
        "ноч ноччу ночы",
    ),
    "ru": (
        "Беларусь Беларуси Белоруссия Белоруссией белорусы беларусов",
        "белорусский беларусского белорусских",
        "белорусский белорусского белорусские белорусскими",
        "организация организации организаций организацию",
        "гражданин граждане граждан гражданам",
        "задержан задержанный задержанные задержана",
        "подпись подписи подписью",
        "Беларусь Беларуси Беларусью",
        "европеец европейца европейцы",
        "музей музея музеи музеев",
        "стремиться стремится стремился стремились",
        "визит визита визите визиты",
    ),
    "en": (
        "organise organize organisation organizations",
        "child children",
        "crisis crises",
        "analysis analyses analysed",
        "wife wives",
        "labour labor",
        "policy policies",
    ),
}


@pytest.mark.parametrize(("lang", "forms"), [(lang, forms) for lang in FORMS for forms in FORMS[lang]])
def test_forms_of_one_word_have_one_stem(lang: str, forms: str) -> None:
    assert len({stem(lang, form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("be", "права", "праўда"),
        ("be", "суддзя", "суд"),
        ("be", "закон", "законны"),
        ("be", "адвакат", "адвакатка"),
        ("ru", "материал", "мать"),
        ("ru", "закон", "законный"),
        ("ru", "судья", "судно"),
        ("en", "organ", "organisation"),
        ("en", "author", "authority"),
        ("en", "new", "news"),
        ("en", "hour", "hor"),
    ],
)
def test_different_words_have_different_stems(lang: str, one: str, other: str) -> None:
    assert stem(lang, one) != stem(lang, other)


@pytest.mark.parametrize(
    ("typed", "lang", "meant"),
    [
        (",t;fyws", "be", "бежанцы"),
        ("czv]z", "be", "сям'я"),
        ("olptkmybrb", "be", "ўдзельнікі"),
        ("gjvjom", "ru", "помощь"),
        ("j,]tpl", "ru", "объезд"),
        ("куагпуу", "en", "refugee"),
        ("мігрант", "be", "мігрант"),
    ],
)
def test_keys_give_the_letters_of_another_layout(typed: str, lang: str, meant: str) -> None:
    assert retype(typed, lang) == meant


@pytest.mark.parametrize(
    ("latin", "lang", "meant"),
    [
        ("čałaviek", "be", "чалавек"),
        ("ludzi", "be", "людзі"),
        ("siamja", "be", "сямя"),
        ("zialony", "be", "зялоны"),
        ("chleb", "be", "хлеб"),
        ("bezhantsy", "be", "бежанцы"),
        ("shchyt", "ru", "щыт"),
        ("rossiya", "ru", "россия"),
        ("stroy", "ru", "строй"),
    ],
)
def test_latin_letters_are_read_as_cyrillic(latin: str, lang: str, meant: str) -> None:
    assert fold(meant) in map(fold, read_latin(latin, lang))


def test_english_is_not_read_as_cyrillic() -> None:
    assert read_latin("most", "en") == ()


@pytest.mark.parametrize(
    ("one", "other"), [("бежанк", "безанк"), ("чалавек", "цалавек"), ("хата", "гата"), ("шум", "сум")]
)
def test_a_key_joins_what_plain_latin_letters_leave_open(one: str, other: str) -> None:
    assert make_key(one) == make_key(other)


@pytest.mark.parametrize("lang", ["be", "ru", "en"])
def test_a_stem_begins_as_its_words_do_so_that_only_those_are_compared(lang: str) -> None:
    letters = "абвгдежзийклмнопрстуфхцчшщыэюяёіў" if lang != "en" else "abcdefghijklmnopqrstuvwxyzé"
    consonants, vowels = ("вкнст", "аеоіы") if lang != "en" else ("bnrst", "aeiou")
    words = [
        f"{case}{middle}{end}"
        for letter in letters
        for case in (letter, letter.upper())
        for middle in (*consonants, *vowels)
        for end in ("", "аванне" if lang != "en" else "ations", "ых" if lang != "en" else "ised")
    ]
    words += [
        "мiгрант",
        "Cуд",
        "Eўропа",
        "Беларусь",
        "дети",
        "дзеці",
        "ищут",
        "women",
        "Śviet",
        "žyćcio",
        "взгляд",
    ]
    stems = {word: stem(lang, word) for word in words}
    assert [
        word for word, found in stems.items() if found and find_initial(word[0]) != find_initial(found[0])
    ] == []

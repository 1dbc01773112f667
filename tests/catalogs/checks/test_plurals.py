"""Plural entries have all forms, and the counted noun stands in the case that each number asks for."""

from __future__ import annotations

import pytest

from tests.catalogs.checks.cases import ids

RIGHT = {
    "be": [
        "дзень дні дзён",
        "год гады гадоў",
        "чалавек чалавекі чалавек",
        "краіна краіны краін",
        "палітвязень палітвязні палітвязняў",
        "бежанец бежанцы бежанцаў",
        "грамадзянін грамадзяне грамадзян",
        "парушэнне парушэнні парушэнняў",
        "слова словы слоў",
        "дзіця дзеці дзяцей",
        "вобласць вобласці абласцей",
        "інтэрв’ю інтэрв’ю інтэрв’ю",
        "суткі суткі сутак",
        "падазраваны падазраваныя падазраваных",
        "байт байты байт",
        "музей музеі музеяў",
        "гадзіну гадзіны гадзін",
        "крымінальная_справа крымінальныя_справы крымінальных_спраў",
        "парушэнне_правоў парушэнні_правоў парушэнняў_правоў",
    ],
    "ru": [
        "день дня дней",
        "год года лет",
        "человек человека человек",
        "страна страны стран",
        "политзаключённый политзаключённых политзаключённых",
        "беженец беженца беженцев",
        "гражданин гражданина граждан",
        "нарушение нарушения нарушений",
        "ребёнок ребёнка детей",
        "область области областей",
        "интервью интервью интервью",
        "время времени времён",
        "музей музея музеев",
        "судья судьи судей",
        "раз раза раз",
        "минуту минуты минут",
        "уголовное_дело уголовных_дела уголовных_дел",
        "новая_жалоба новые_жалобы новых_жалоб",
        "животное животных животных",
        "сутки суток суток",
    ],
}

WRONG = {
    "be": [
        "месяц месяца месяцаў",
        "стол стала сталоў",
        "дзень дня дзён",
        "адказ адказу адказаў",
        "парушэнне парушэння парушэнняў",
        "музей музея музеяў",
        "краіна краін краіны",
        "краіны краіна краін",
        "публікацый публікацыі публікацыя",
        "месяцаў месяцы месяц",
        "прычына прычына прычына",
        "прычына прычыны прычыны",
        "прычына прычын прычын",
        "месяц месяцы месяц",
        "падазраваны падазраваных падазраваных",
        "новы_артыкул новых_артыкула новых_артыкулаў",
    ],
    "ru": [
        "месяц месяцы месяцев",
        "файл файлы файлов",
        "день дни дней",
        "учитель учители учителей",
        "случай случаи случаев",
        "гражданин граждане граждан",
        "сестра сёстры сестёр",
        "страна стран страны",
        "страна страны страны",
        "стран страны страна",
        "месяцев месяца месяц",
        "причина причина причина",
        "месяц месяца месяц",
        "новый_отчёт новые_отчёты новых_отчётов",
    ],
}


def entry(language: str, forms: str, template: str = "%(n)s {}") -> set[str]:
    texts = [template.format(form.replace("_", " ")) for form in forms.split()]
    return ids(language, "%(n)s thing", *texts, plural="%(n)s things", flags=("python-format",))


@pytest.mark.parametrize(
    ("language", "forms"), [(lang, forms) for lang, all_ in RIGHT.items() for forms in all_]
)
def test_right_forms_are_let_be(language: str, forms: str) -> None:
    assert "plural-form" not in entry(language, forms)


@pytest.mark.parametrize(
    ("language", "forms"), [(lang, forms) for lang, all_ in WRONG.items() for forms in all_]
)
def test_a_noun_in_the_wrong_case_is_found(language: str, forms: str) -> None:
    assert entry(language, forms) == {"plural-form"}


@pytest.mark.parametrize(
    ("language", "template", "forms"),
    [
        ("be", "на працягу %(n)s {}", "дня дзён дзён"),
        ("be", "у %(n)s {}", "краіне краінах краінах"),
        ("be", "Файлаў: %(n)s{}", ". . ."),
        ("be", "%(n)s {}", "карыстальніку карыстальнікам карыстальнікам"),
        ("be", "%(n)s {}", "хв. хв. хв."),
        ("be", "%(n)s {}", "МБ МБ МБ"),
        ("be", "Праект %(p)s мае %(n)s {}", "радок радкі радкоў"),
        ("ru", "из %(n)s {}", "страны стран стран"),
        ("ru", "%(n)s {}", "выбран выбраны выбрано"),
        ("ru", "%(n)s {}", "осталась остались осталось"),
        ("ru", "%(n)s {}", "отсутствует отсутствуют отсутствуют"),
    ],
)
def test_other_cases_and_other_words_are_let_be(language: str, template: str, forms: str) -> None:
    assert "plural-form" not in entry(language, forms, template)


def test_the_counted_placeholder_is_found_among_others() -> None:
    assert "plural-form" in entry("be", "радок радка радкоў", "Праект %(p)s зараз мае %(n)s {}")


def test_all_forms_must_be_there() -> None:
    assert ids(
        "be", "%(n)s day", "%(n)s дзень", "%(n)s дні", plural="%(n)s days", flags=("python-format",)
    ) == {"plural-count"}
    assert entry("ru", "день дня") == {"plural-count"}
    assert ids("be", "a", "адзін", "два", "", plural="b") == {"plural-count"}
    assert "plural-count" in ids("pl", "a", "jeden", "dwa", plural="b")
    assert "plural-count" not in ids("de", "a", "eins", "zwei", plural="b")


def test_an_unknown_language_has_no_number_of_forms() -> None:
    assert "plural-count" not in ids("xx", "a", "one", "two", plural="b")

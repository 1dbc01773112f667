"""Placeholders, addresses, states, terms and style; which findings block, and what a comment can switch off."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constanta.catalogs.checks import rules
from constanta.catalogs.checks.entries import blocks, check_message, check_source, count_suppressions
from constanta.catalogs.checks.text import read_text
from constanta.catalogs.findings import Severity
from constanta.catalogs.po import Message, Source
from tests.catalogs.checks.cases import findings, ids, suggestion

PYTHON, BRACE = ("python-format",), ("python-brace-format",)


@pytest.mark.parametrize(
    ("flags", "source", "translation"),
    [
        (PYTHON, "Page %(n)s", "Старонка"),
        (PYTHON, "Page %(n)s", "Старонка %(н)s"),
        (PYTHON, "%(n)d files", "Файлаў: %(n)"),
        (PYTHON, "50%% done", "Гатова 50⍽%"),
        (PYTHON, "Hello, %s", "Вітаем, %d"),
        (PYTHON, "%s of %d", "%d з %s"),
        (BRACE, "Page {n}", "Старонка {н}"),
        (BRACE, "{count} files", "Файлаў: {count"),
        (BRACE, "{n}", "{n.__class__}"),
        (BRACE, "Use {{ and }}", "Пішыце { і⍽}"),
    ],
)
def test_a_placeholder_that_differs_blocks(flags: tuple[str, ...], source: str, translation: str) -> None:
    assert {f.check for f in findings("be", source, translation, flags=flags) if blocks(f)} >= {"placeholder"}


def test_without_a_flag_a_placeholder_that_differs_is_only_asked_about() -> None:
    found = [f for f in findings("be", "Page %(n)s", "Старонка") if f.check == "placeholder"]
    assert [f.severity for f in found] == [Severity.WARNING]


def test_a_percent_sign_breaks_a_page_that_fills_in_placeholders_even_without_a_flag() -> None:
    assert ids("be", "half of people", "палова⍽— %", references=("templates/a.html",)) >= {"placeholder"}
    assert "placeholder" not in ids("be", "half of people", "палова⍽— %", references=("constanta/a.py",))


def test_a_form_of_one_number_alone_may_leave_the_number_out() -> None:
    assert "placeholder" not in ids(
        "de", "%(n)s day", "Ein Tag", "%(n)s Tage", plural="%(n)s days", flags=PYTHON
    )
    found = ids(
        "be", "%(n)s day", "Адзін дзень", "%(n)s дні", "%(n)s дзён", plural="%(n)s days", flags=PYTHON
    )
    assert found == {"placeholder"}


def test_no_comment_switches_off_that_an_address_is_that_of_the_source() -> None:
    found = findings(
        "be", "Write to name@example.org", "Пішыце на⍽name@evil.example", comments=("nocheck: url",)
    )
    assert [(f.check, blocks(f)) for f in found] == [("nocheck", False), ("url", True)]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Write to help@example.org", "Пішыце на help@example.com"),
        ("See https://example.org/en.", "Глядзіце https://example.org/be."),
        ("See www.example.org", "Глядзіце сайт"),
        ("See the site", "Глядзіце www.example.org"),
    ],
)
def test_an_address_that_differs_is_found(source: str, translation: str) -> None:
    assert "url" in ids("be", source, translation)


def test_a_wrong_address_is_corrected() -> None:
    assert suggestion("be", "To help@example.org", "На help@example.com", "url") == "На help@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "Telegram",
        "2023–2024",
        "Human Constanta",
        "PDF",
        "E-mail: info@example.org",
        "CC BY-SA 4.0",
        "YouTube",
        "IPv6",
    ],
)
def test_a_name_may_stay_as_it_is(text: str) -> None:
    assert ids("be", text, text) == set()


@pytest.mark.parametrize(
    "text", ["Newsletter", "Read the report", "Page %(n)s", "No one is illegal", "Search on Telegram"]
)
def test_a_source_for_a_translation_is_found(text: str) -> None:
    assert "untranslated" in ids("be", text, text)


def test_languages_of_one_script_share_words() -> None:
    assert "untranslated" not in ids("de", "Newsletter", "Newsletter")
    assert [f.severity for f in findings("de", "Read the whole report", "Read the whole report")] == [
        Severity.WARNING
    ]
    rassylka = Message(Source("Рассылка"), ("Рассылка",))
    assert check_message(rassylka, "be", source_language="ru") == []
    assert {f.check for f in check_message(rassylka, "en", source_language="be")} == {"untranslated"}


def test_a_source_for_a_translation_blocks_unless_a_comment_says_that_it_is_right() -> None:
    copied = findings("be", "Search", "Search")
    assert [(f.check, blocks(f)) for f in copied] == [("untranslated", True)]
    assert findings("be", "Search", "Search", comments=("nocheck: untranslated",)) == []


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("text", ["&nbsp;", " &#160; ", "&#8203;", "&nbsp;\u00a0"])
def test_a_translation_of_which_nothing_is_seen_blocks(text: str, *, markdown: bool) -> None:
    found = findings("be", "Plain words", text, markdown=markdown)
    assert "untranslated" in {f.check for f in found if blocks(f)}
    assert "untranslated" not in ids("be", "Plain words", "&mdash;", markdown=markdown)
    assert "untranslated" not in ids("be", text, text, markdown=markdown)


def test_states_are_said_and_do_not_block() -> None:
    missing = findings("be", "Help", "")
    fuzzy = findings("be", "Help", "Дапамога", flags=("fuzzy",))
    assert [(f.check, f.severity) for f in missing + fuzzy] == [
        ("untranslated", Severity.INFO),
        ("fuzzy", Severity.WARNING),
    ]
    assert not any(map(blocks, missing + fuzzy))


def test_an_obsolete_message_has_no_findings() -> None:
    assert check_message(Message(Source("Help"), ("Help",), obsolete=True), "be") == []


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Directions", "Накірункі працы"),
        ("be", "Directions", "накірункаў"),
        ("be", "Asylum", "Права на ўбежышча"),
        ("be", "Ice hockey", "Чэмпіянат па хакею"),
        ("be", "Human rights defenders", "Праваахоўнікі"),
        ("be", "Subscribe", "Подпіс"),
        ("be", "Confirm the subscription", "Пацвердзіць подпіс"),
        ("be", "Subscribing to the newsletter", "Подпіс на рассылку"),
        ("be", "Your consent", "Подпіска на рассылку"),
        ("be", "22 tries", "22 спроб"),
        ("be", "The death penalty", "Смертнае пакаранне"),
        ("be", "“Nasha Niva” and the UN", "«Наша Ніва» і⍽ООН"),
        ("ru", "Hate speech", "Языку ненависти⍽— нет. Язык  ненависти"),
        ("ru", "Human rights organization", "Правоохранительная организация"),
        ("ru", "The European Court", "Европейский Суд по Правам Человека"),
        ("ru", "Irregular migration", "О⍽нелегальной миграции"),
    ],
)
def test_a_word_that_the_term_base_forbids_is_found(language: str, source: str, translation: str) -> None:
    assert "glossary" in ids(language, source, translation)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Directions", "Кірункі працы"),
        ("be", "Latvian authorities", "Латвійскія ўлады"),
        ("be", "22 attempts", "22 спробы"),
        ("be", "One out of 22 tries", "Адна з⍽22 спроб"),
        ("be", "Signatures are being collected.", "Ідзе збор подпісаў."),
        ("be", "Signature", "Подпіс"),
        ("be", "Subscribe and leave your signature", "Падпішыцеся і⍽пакіньце подпіс"),
        ("be", "A death row cell", "Камера смертнікаў"),
        ("be", "Law-enforcement and human rights defenders", "Праваахоўнікі і⍽праваабаронцы"),
        ("ru", "Law enforcement and human rights defenders", "Правоохранительные органы и⍽правозащитники"),
        ("ru", "Police and human rights organisations", "Правоохранительные органы и⍽правозащитники"),
        ("ru", "Police", "Правоохранительные органы"),
        ("ru", "Crimes against humanity", "Преступления против человечности"),
    ],
)
def test_other_words_are_let_be(language: str, source: str, translation: str) -> None:
    assert "glossary" not in ids(language, source, translation)


def test_the_advice_names_the_preferred_term_without_the_notes_of_the_term_base() -> None:
    (finding,) = findings("be", "An asylum seeker", "Прасіцель прытулку")
    assert str(finding.text) == (
        "The term base has “шукальнік прытулку, асоба, якая шукае прытулак”, not “Прасіцель”."
    )


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Migrants", "Нелегалы"),
        ("be", "Migrants", "Нелегальныя эмігранты"),
        ("be", "To young migrants", "Незаконным маладым мігрантам"),
        ("be", "The word “illegals”", "Слова нелегалы"),
        ("be", "Foreign women", "Незаконная мігрантка"),
        ("ru", "Foreign citizens", "Незаконные иностранные граждане"),
        ("ru", "A migrant woman", "О⍽незаконной мигрантке"),
        ("ru", "People", "«Нелегальные» люди"),
        ("en", "x", "Help for illegal immigrants"),
        ("en", "x", "Illegals at the border"),
    ],
)
def test_nobody_is_called_illegal(language: str, source: str, translation: str) -> None:
    assert "style-illegal" in ids(language, source, translation)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Illegal detention of people", "Незаконнае ўтрыманне людзей"),
        ("be", "Illegal expulsions of migrants", "Незаконныя выдварэнні мігрантаў"),
        ("be", "Illegally detained people", "Незаконна затрыманыя людзі"),
        ("be", "No one is illegal", "Нелегальных людзей не бывае"),
        ("be", "The word “illegals”", "Слова «нелегалы»"),
        ("be", "“Illegal” migrants", "«Нелегальныя» мігранты"),
        ("be", "Illegal citizenship rules", "Незаконныя правілы грамадзянства"),
        ("ru", "By illegal expulsion of migrants", "Незаконной высылкой мигрантов"),
        ("ru", "Without an illegal licence", "Без незаконной лицензии"),
        ("ru", "Illegal child labour", "Незаконный детский труд"),
        ("ru", "Not legalised documents", "Нелегализованные документы людей"),
        ("en", "x", "Illegal detention of people"),
    ],
)
def test_acts_can_be_illegal_and_words_can_be_discussed(language: str, source: str, translation: str) -> None:
    assert "style-illegal" not in ids(language, source, translation)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "“extremist” lists", "экстрэмісцкія спісы"),
        ("be", "“extremism” and “terrorism”", "«экстрэмізм» і⍽тэрарызм"),
        ("ru", "“Anti-extremism” law", "Антиэкстремистский закон"),
        ("ru", "‘Terrorists’", "Террористы"),
    ],
)
def test_a_label_of_the_authorities_keeps_its_quotation_marks(
    language: str, source: str, translation: str
) -> None:
    assert "scare-quotes" in ids(language, source, translation)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("extremism in football", "экстрэмізм у⍽футболе"),
        ("Review “On ‘extremism’”", "Агляд «Пра „экстрэмізм“»"),
        ("“<b>extremism</b>”", "«<b>экстрэмізм</b>»"),
        ("“anti-terrorist” acts", "«антытэрарыстычныя» дзеянні"),
    ],
)
def test_quoted_labels_are_let_be(source: str, translation: str) -> None:
    assert "scare-quotes" not in ids("be", source, translation)


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Foreign Citizens and Persons", "Замежныя Грамадзяне і⍽Асобы"),
        ("be", "Refugees and Migrants in Belarus", "Бежанцы і⍽Мігранты ў⍽Цэнтральнай Беларусі"),
        ("ru", "Human Rights Week in Minsk", "Неделя Прав Человека в⍽Минске"),
    ],
)
def test_capitals_of_an_english_title_are_found(language: str, source: str, translation: str) -> None:
    assert ids(language, source, translation) == {"title-case"}


@pytest.mark.parametrize(
    ("translation", "right", "span"),
    [
        (
            "Справаздача Па Правах Чалавека Для Ўсіх Людзей",
            "Справаздача па правах чалавека для ўсіх людзей",
            (12, 46),
        ),
        ("Правы Чалавека І⍽Грамадзян у⍽свеце", "Правы чалавека і⍽грамадзян у⍽свеце", (6, 26)),
        ("Правы Чалавека, С.⍽Грамадзян у⍽Свеце", "Правы чалавека, С.⍽Грамадзян у⍽свеце", (6, 36)),
    ],
)
def test_the_correction_of_a_title_has_whole_words(
    translation: str, right: str, span: tuple[int, int]
) -> None:
    assert suggestion("be", "A report", translation, "title-case") == right
    found = [f.span for f in findings("be", "A report", translation) if f.check == "title-case"]
    assert found == [span]


@pytest.mark.parametrize(
    ("language", "source", "translation"),
    [
        ("be", "Border of Poland, Lithuania and Latvia", "Мяжа Польшчы, Літвы і⍽Латвіі"),
        (
            "be",
            "The Case of Ales Bialiatski and Valiantsin Stefanovic",
            "Справа Алеся Бяляцкага і⍽Валянціна Стэфановіча",
        ),
        ("be", "United Nations", "Арганізацыя Аб’яднаных Нацый"),
        ("be", "“New Times” and “Our Home”", "Выданне «Новы Час» і⍽арганізацыя «Наш Дом Беларусь»"),
        ("be", "Help. Rights. Freedom", "Дапамога. Правы. Свабода"),
        ("ru", "Council of Europe", "Парламентская ассамблея Совета Европы"),
        ("ru", "HELP FOR EVERYBODY HERE", "ПОМОЩЬ ДЛЯ КАЖДОГО ЗДЕСЬ"),
    ],
)
def test_names_have_their_capitals(language: str, source: str, translation: str) -> None:
    assert "title-case" not in ids(language, source, translation)


def test_a_comment_switches_a_check_off_and_is_counted() -> None:
    assert ids("be", "Word", "Слова “так”", comments=("nocheck: quotes",)) == set()
    assert ids("be", "Word.", "Слова “так”", comments=("nocheck: quotes, dash",)) == {"end-punct"}
    messages = [
        Message(Source("a"), ("а",), comments=("nocheck: quotes, dash",)),
        Message(Source("b"), ("б",), comments=("nocheck: quotes",)),
        Message(Source("c"), ("в",), comments=("nocheck: quotes",), obsolete=True),
    ]
    assert count_suppressions(messages) == {"quotes": 2, "dash": 1}


def test_a_comment_that_cannot_switch_anything_off_is_found() -> None:
    assert [str(f.text) for f in findings("be", "Help", "Дапамога", comments=("nocheck: html, qoutes",))] == [
        "The check “html” cannot be switched off.",
        "There is no check “qoutes” to switch off.",
    ]


def test_a_finding_names_the_place_in_the_raw_text() -> None:
    (finding,) = findings("be", "In <b>Minsk</b>", "Яна ўжо у⍽<b>Мінску</b>")
    assert finding.span is not None
    assert "Яна ўжо у⍽<b>Мінску</b>"[slice(*finding.span)] == "у"
    assert (finding.suggestion, finding.form, finding.line) == ("ў", 0, 2)


def test_other_languages_have_the_checks_that_know_no_language() -> None:
    text = 'Гэта "-" 5% і 12.5'
    assert not ids("pl", text, text) & {
        "quotes",
        "dash",
        "nbsp-num",
        "nbsp-word",
        "number-format",
        "alphabet",
    }
    assert ids("pl", "<b>5</b> a", "6 ą") >= {"html", "numbers"}
    assert ids("pt-BR", "5 a", "6 ã") == {"numbers"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“extremism”, 2023–2024", set()),
        ("22 tries — animation about asylum seekers’ rights", set()),
        ('"transit refugees"', {"quotes"}),
        ("hatred and hatred", {"repeat"}),
        ("18 000 people in 2022-2024...", {"number-format", "dash", "ellipsis"}),
        ("Human Rights in Eastern Europe", {"title-case"}),
    ],
)
def test_a_source_text_is_checked_in_its_own_language(text: str, found: set[str]) -> None:
    assert {f.check for f in check_source(Source(text))} == found


ODD = st.text(
    st.sampled_from("аўіи’'\"«»„“—–-.,:;!?()[]{}%<>&#;/=@*_`\\ \n\u00a0\u200b\u0301\u0306123xй😀٣ǆ"),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(
    source=ODD,
    text=ODD | st.text(max_size=8),
    language=st.sampled_from(["be", "ru", "en", "pl", "fa", "xx"]),
    markdown=st.booleans(),
)
@example(source="", text="&#" + "9" * 5000 + ";", language="be", markdown=False)
@example(source="", text='<b title="&#' + "0" * 5000 + '60">', language="be", markdown=False)
@example(source="", text="9" * 5000 + " тыс.", language="be", markdown=False)
@example(source="", text="1," + "000," * 2000, language="be", markdown=False)
def test_no_text_breaks_the_checks(source: str, text: str, language: str, *, markdown: bool) -> None:
    for flags in ((), PYTHON, BRACE):
        for finding in findings(language, source, text, flags=flags, markdown=markdown):
            assert str(finding.text)
            start, end = finding.span or (0, 0)
            assert 0 <= start <= end <= len(text)


def test_a_text_of_spaces_is_no_translation() -> None:
    assert ids("be", "Help", " \n") == {"untranslated"}


def test_only_so_many_right_words_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(word: str) -> rules.Judgement | None:
        return (0, 1, "") if word == "Wrong" else None

    def places(text: str) -> list[int]:
        form = rules.Form(Message(Source("a")), 0, read_text(text), read_text("a"), "be")
        return [place for place, _ in rules.judge_words(form, judge)]

    monkeypatch.setattr(rules, "WORDS_TO_REMEMBER", 3)
    assert places("one two three four Wrong five Wrong") == [19, 30]
    assert places("six seven") == []
    assert places("one Wrong") == [4]
    assert rules._RIGHT.pop(judge) <= {"one", "six", "seven"}

"""The checks `date` and `number-format`.

Source: CLDR (formats of Belarusian and Russian); `docs/orthography.md`, sections 15 and 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.rules import CYRILLIC_PAIR, SITE, Form, Hit, Rule
from constanta.catalogs.checks.text import CYRILLIC, NBSP, NEAR
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_SPACE = f"[ {NBSP}]"

# --- date ----------------------------------------------------------------------------------------------------------

# Stem, ending of the genitive, endings of the other cases.
_DECLENSIONS = {
    "be": (
        ("студзен", "я", "ь|ю|ем|і"),
        ("лют", "ага", "ы|аму|ым"),
        ("сакавік", "а", "|у|ом"),
        ("красавік", "а", "|у|ом"),
        ("ма", "я", "й|і"),  # маю, маем are verbs
        ("чэрвен", "я", "ь|ю|ем|і"),
        ("ліпен", "я", "ь|ю|ем|і"),
        ("жні", "ўня", "вень|ўню|ўнем|ўні"),
        ("верас", "ня", "ень|ню|нем|ні"),
        ("кастрычнік", "а", "|у|ам"),
        ("лістапад", "а", "|у|ам|зе"),
        ("снеж", "ня", "ань|ню|нем|ні"),
    ),
    "ru": (
        ("январ", "я", "ь|ю|ём|ем|е"),
        ("феврал", "я", "ь|ю|ём|ем|е"),
        ("март", "а", "|у|ом|е"),
        ("апрел", "я", "ь|ю|ем|е"),
        ("ма", "я", "й|ю|ем|е"),
        ("июн", "я", "ь|ю|ем|е"),
        ("июл", "я", "ь|ю|ем|е"),
        ("август", "а", "|у|ом|е"),
        ("сентябр", "я", "ь|ю|ём|ем|е"),
        ("октябр", "я", "ь|ю|ём|ем|е"),
        ("ноябр", "я", "ь|ю|ём|ем|е"),
        ("декабр", "я", "ь|ю|ём|ем|е"),
    ),
}
_GENITIVES = {
    language: {
        f"{stem}{ending}": f"{stem}{genitive}"
        for stem, genitive, others in months
        for ending in (genitive, *others.split("|"))
    }
    for language, months in _DECLENSIONS.items()
}
"""For each language, the genitive of a month by any of its cases."""

_DAY_FIRST = re.compile(
    rf"(?P<day>\d(?<![\w.,/:-].)\d?)(?P<ending>-[{CYRILLIC}]{{1,3}})?(?P<space>{_SPACE})"
    rf"(?P<month>[{CYRILLIC}]{{3,}})(?![\w-])(?P<year>{_SPACE}\d{{4}})?"
)
_YEAR_AFTER_DAY = re.compile(rf"\d,{_SPACE}?\d{{4}}")
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>[{CYRILLIC}]{{3,}}){_SPACE}(?P<day>[0-3]?\d),{_SPACE}?(?P<year>\d{{4}})(?!\d)"
)
# Holidays are written with a capital where no year follows.
_HOLIDAYS = frozenset(
    {"8 марта", "1 мая", "9 мая", "7 ноября", "8 сакавіка", "7 лістапада", "17 верасня", "25 сакавіка"}
)
# What is named after a day is written with a capital: streets, squares, stops.
_STREET = re.compile(
    rf"(?<!\w)(?:вуліц\w*|плошч\w*|завул\w+|праспек\w+|бульвар\w*|парк|сквер|станцы\w+|прыпын\w+|набярэжн\w+|улиц\w*|площад\w+|переул\w+|проспек\w+"
    rf"|станци\w+|останов\w+|набережн\w+|(?:вул|пл|зав|пр|прасп|ул|пер|просп)\.){_SPACE}+(?:(?:імя|имени|ім\.|им\.){_SPACE}+)?[«„]?$",
    re.IGNORECASE,
)


def _find_dates(form: Form) -> Iterator[Hit]:
    genitives, masked = _GENITIVES[form.language], form.masked
    if _YEAR_AFTER_DAY.search(masked):
        for match in _MONTH_FIRST.finditer(masked):
            month = genitives.get(match["month"].lower())
            if month:
                right = f"{match['day']}\u00a0{month} {match['year']}"
                text = sentence("In a date the day stands first: “%(right)s”.", right=right)
                yield Hit(text, ((*match.span(), right),))
    for match in _DAY_FIRST.finditer(masked):
        month = genitives.get(match["month"].lower())
        if month is None or (match["month"].isupper() and masked.isupper()):
            continue
        right = _right_date(match, month, masked[max(0, match.start() - NEAR) : match.start()])
        if right != match.group():
            text = sentence(
                "A date is “%(right)s”: the day without an ending, the month in the genitive and in small letters.",
                right=right,
            )
            yield Hit(text, ((*match.span(), right),))


def _right_date(match: re.Match[str], month: str, before: str) -> str:
    day = match["day"]
    if match["month"][0].isupper() and not match["year"] and _STREET.search(before):
        month = month.capitalize()
    if f"{day} {month}" in _HOLIDAYS and not match["year"] and not match["ending"]:
        month = match["month"]
    return f"{day}{match['space']}{month}{match['year'] or ''}"


# --- number-format -------------------------------------------------------------------------------------------------

_PHONE = re.compile(r"\+\d[\d\s\u00a0()–-]{6,}\d|(?<!\d)8[ \u00a0]?\(0\d{1,3}\)[\d \u00a0–-]{5,}\d")
_CODE_BEFORE = re.compile(
    rf"(?:[№#§]|(?<!\w)(?:[Aa]rticle|[Сс]т(?:ать\w*)?|[Аа]рт(?:ыкул\w*)?|[Пп]\.?п?|[Пп]ункт\w*|[Гг]л(?:ав\w*)?|[Рр]аздз?ел\w*|[Чч]астк?\w*"
    rf"|[Вв]ерсі\w*|[Вв]ерси\w*|v|ver|индекс\w*|індэкс\w*|код\w*|УНП|УНН|ИНН|ОГРН|БИК|ID|тэл|тел|[Рр]ахун\w*|[Сс]ч[её]т\w*|[A-Za-z][\w/-]*)\.?:?)"
    rf"[ {NBSP}]*(?:\d[\d.]*(?:,| і| и| ды| або| или){_SPACE})*$"
)
_CODE_AFTER = re.compile(rf"{_SPACE}(?:КаАП|КоАП|КК|УК|КПК|УПК|ПВК|GHz|ГГц|\w+-кодэкс)")
_ADDRESS_AFTER = re.compile(rf",{_SPACE}(?:г\.|[А-ЯЁІЎA-Z])")
_WRONG = re.compile(
    rf"(?<![\w.,/:-])(?<!\d[{NBSP}])(?:"
    rf"(?P<mark>\d{{1,3}}(?:(?P<sign>[.,])\d{{3}})(?:(?P=sign)\d{{3}})*)(?![\w]|[.,]\d)"
    rf"|(?P<space>\d{{1,3}}(?:[{NBSP}]\d{{3}})*(?: \d{{3}})(?:[ {NBSP}]\d{{3}})*)(?!\d|-\d)"
    rf"|(?P<long>\d{{5,9}})(?![\w./-])"
    rf"|(?P<point>\d+\.\d{{1,2}}|\d+\.\d{{4,}})(?![\w]|[.:/-]\d)"
    r")"
)
_LONGEST_NUMBER = 30
_WORTH_LOOKING = re.compile(r"\d(?:[., ]\d|\d{4})")
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")
_TIME = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_ENGLISH = re.compile(rf"(?<![\w.,/:–-])\d{{1,3}}(?:[ {NBSP}]\d{{3}})+(?![\d.,])")


def _find_numbers(form: Form) -> Iterator[Hit]:
    if form.language == "en":
        yield from _find_english_numbers(form)
        return
    if not _WORTH_LOOKING.search(form.masked):
        return
    for match in _WRONG.finditer(_PHONE.sub(_blank, form.masked)):
        right = _right_number(match, form)
        if right is not None:
            text = sentence(
                "Digits are grouped with no-break spaces, and a comma stands before decimals: “%(right)s”.",
                right=right,
            )
            yield Hit(text, ((*match.span(), right),))


def _find_english_numbers(form: Form) -> Iterator[Hit]:
    for match in _ENGLISH.finditer(_PHONE.sub(_blank, form.masked)):
        right = re.sub(r"\s", ",", match.group())
        text = sentence("English groups digits with commas: “%(right)s”.", right=right)
        yield Hit(text, ((*match.span(), right),))


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match.group())


def _right_number(match: re.Match[str], form: Form) -> str | None:
    """Return how the number should be written; None where it is right, or no number but a code."""
    masked, found = match.string, match.group()
    if _CODE_BEFORE.search(masked[max(0, match.start() - NEAR) : match.start()]) or _CODE_AFTER.match(
        masked, match.end()
    ):
        return None
    if match["point"]:
        return None if _is_date_or_time(found, form) else found.replace(".", ",")
    if match["mark"] and _has_three_decimals(match, form):
        return found.replace(".", ",") if match["sign"] == "." else None
    if match["long"] and len(found) == 6 and _ADDRESS_AFTER.match(masked, match.end()):
        return None  # a postal code
    digits = re.sub(r"\D", "", found)
    return f"{int(digits):,}".replace(",", "\u00a0") if len(digits) <= _LONGEST_NUMBER else None


def _has_three_decimals(match: re.Match[str], form: Form) -> bool:
    """Return whether what looks grouped is a number with three decimals."""
    english = match["mark"].replace(",", ".")
    return match["mark"].startswith("0") or (
        english.count(".") == 1 and form.source_language == "en" and english in form.source.masked.split()
    )


def _is_date_or_time(found: str, form: Form) -> bool:
    """Return whether two numbers with a point are a day and a month, or hours and minutes, rather than decimals."""
    if found in form.source.masked and not _DAY_AND_MONTH.fullmatch(found):
        return False
    return bool(_DAY_AND_MONTH.fullmatch(found) or _TIME.fullmatch(found))


_ASCII_DIGITS = frozenset("0123456789")

RULES = (
    Rule("date", Severity.ERROR, _find_dates, CYRILLIC_PAIR, _ASCII_DIGITS),
    Rule("number-format", Severity.ERROR, _find_numbers, SITE, _ASCII_DIGITS),
)

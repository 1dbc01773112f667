"""The checks `ellipsis`, `nbsp-word`, `nbsp-num` and `repeat`.

Source: printing practice; `docs/orthography.md`, sections 8 to 10 and 18.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator

from constanta.catalogs.checks.abbreviations import ends_in_abbreviation
from constanta.catalogs.checks.rules import CYRILLIC_PAIR, SITE, Form, Hit, Rule
from constanta.catalogs.checks.text import CYRILLIC, MARK, NBSP, NEAR
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_NO_BREAK = "\u00a0"

# --- nbsp-word -----------------------------------------------------------------------------------------------------

_ONE_LETTER = {
    "be": re.compile(r"([аіуўзАІУЎЗ])(?<![\w'’ʼ-].) (?=[^\s.,;:!?»)])"),
    "ru": re.compile(r"([авикосуАВИКОСУ])(?<![\w'’ʼ-].) (?=[^\s.,;:!?»)])"),
}
_NAME_OF_A_LETTER = re.compile(
    r"(?:літар|букв|пункт|тып|тип|катэгор|категор|клас|груп|вітамін|витамин|гепатыт|гепатит|план|дадат|приложен)"
    rf"\w*[ {NBSP}][«„]?$",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(rf"(?:^[\W_]*$|[.!?…:;—–«„“\"(\n])[ {NBSP}]*$")


def _find_one_letter_words(form: Form) -> Iterator[Hit]:
    masked = form.masked
    for match in _ONE_LETTER[form.language].finditer(masked):
        before = masked[max(0, match.start() - NEAR) : match.start()]
        if _NAME_OF_A_LETTER.search(before):
            continue
        if match[1].isupper() and not _SENTENCE_START.search(before) and not masked.isupper():
            continue  # a capital within a sentence is a label
        text = sentence("A no-break space stands after the one-letter word “%(word)s”.", word=match[1])
        yield Hit(text, ((match.end() - 1, match.end(), _NO_BREAK),))


# --- nbsp-num ------------------------------------------------------------------------------------------------------

_UNIT = re.compile(
    rf"[\d{MARK}](?P<space> ?)(?P<unit>%|[$€]|(?:гг?|ст|гадз|хв|ч|мин|руб)\.|(?:тыс|млн|млрд)\.?"
    r"|(?:км|кг|м|МБ|КБ|ГБ|мин)(?!\.\w))(?!\w)"
)
_SIGN = re.compile(rf"[№§](?P<space> |(?=[\d{MARK}]))(?=\S)")
_INITIAL = re.compile(rf"[А-ЯЁІЎ](?<!\w.)\.(?P<space> ?)(?=[А-ЯЁІЎ][{CYRILLIC}])")
_ENGLISH_PERCENT = re.compile(rf"(?<=\d)[ {NBSP}]+(?=%(?!\w))")
_STRICT = frozenset({"%", "г.", "гг."})


def _find_numbers(form: Form) -> Iterator[Hit]:
    masked = form.masked
    if form.language == "en":
        for match in _ENGLISH_PERCENT.finditer(masked):
            yield Hit(_NO_SPACE_BEFORE_PERCENT, ((*match.span(), ""),), Severity.WARNING)
        return
    if not _DIGITS.isdisjoint(form.chars):
        for match in _UNIT.finditer(masked):
            text = sentence("A no-break space stands between a number and “%(unit)s”.", unit=match["unit"])
            severity = None if match["unit"] in _STRICT else Severity.WARNING
            yield Hit(text, ((*match.span("space"), _NO_BREAK),), severity)
    if not _SIGNS.isdisjoint(form.chars):
        for match in _SIGN.finditer(masked):
            text = sentence("A no-break space stands after “%(sign)s”.", sign=match.group()[0])
            yield Hit(text, ((*match.span("space"), _NO_BREAK),))
    if "." in form.chars:
        for match in _INITIAL.finditer(masked):
            if _NAME_OF_A_LETTER.search(masked[max(0, match.start() - NEAR) : match.start()]):
                continue
            text = sentence("A no-break space stands between an initial and a surname.")
            yield Hit(text, ((*match.span("space"), _NO_BREAK),), Severity.WARNING)


_NO_SPACE_BEFORE_PERCENT = sentence("English has no space before the percent sign.")
_SIGNS = frozenset("№§")
_DIGITS = frozenset(f"0123456789{MARK}")

# --- ellipsis ------------------------------------------------------------------------------------------------------

_DOTS = re.compile(
    r"(?<![/\\])(?:\.{2,}…?|\.(?: \.){2,}|…\.+|\.…)(?![/\\\w])|(?<![\w/\\])\.{3}(?=\w)|(?<=\w)\.{2,3}(?=[^\W\d_])"
)


def _find_dots(form: Form) -> Iterator[Hit]:
    masked = form.masked
    if ".." not in masked and ". ." not in masked and "…." not in masked and ".…" not in masked:
        return
    for match in _DOTS.finditer(masked):
        after_mark = masked[match.start() - 1 : match.start()] in {"?", "!"}
        if after_mark and match.group() == "..":
            continue
        right = ".." if after_mark else "…"
        if match.group() == ".." and ends_in_abbreviation(masked[: match.start() + 1]):
            right = "."
        yield Hit(sentence("An ellipsis is one character: …"), ((*match.span(), right),))


# --- repeat --------------------------------------------------------------------------------------------------------

_TWICE = re.compile(r"(?<![\w-])([^\W\d_]+)\s+\1(?![\w-])", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\w-])([a-z]{4,}) and \1(?![\w-])", re.IGNORECASE)
_RIGHT_IN_ENGLISH = frozenset(
    {
        "had",
        "that",
        "more",
        "again",
        "over",
        "through",
        "less",
        "better",
        "worse",
        "years",
        "hours",
        "days",
        "round",
        "many",
    }
)


def _find_repeated(form: Form) -> Iterator[Hit]:
    small = list(map(str.lower, form.words))
    twice = any(map(operator.eq, small, small[1:]))
    joined = form.language == "en" and any(map(operator.eq, small, small[2:]))
    for pattern in (_TWICE,) * twice + (_JOINED,) * joined:
        for match in pattern.finditer(form.masked):
            if _is_right(match, form):
                continue
            text = sentence("“%(word)s” stands twice.", word=match[1])
            yield Hit(text, ((*match.span(), match[1]),))


def _is_right(match: re.Match[str], form: Form) -> bool:
    if form.language == "en" and match[1].lower() in _RIGHT_IN_ENGLISH:
        return True
    # A name in Latin letters that the source has as well.
    return match[1].isascii() and match[1][0].isupper() and match.group() in form.source.masked


RULES = (
    Rule("nbsp-word", Severity.WARNING, _find_one_letter_words, CYRILLIC_PAIR),
    Rule("nbsp-num", Severity.ERROR, _find_numbers, SITE, _DIGITS | _SIGNS | {"."}),
    Rule("ellipsis", Severity.WARNING, _find_dots, SITE, frozenset(".")),
    Rule("repeat", Severity.WARNING, _find_repeated, SITE),
)

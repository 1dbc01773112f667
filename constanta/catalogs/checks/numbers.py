"""The check `numbers`: the numbers of the translation are those of the source.

Source: `docs/orthography.md`, section 16. Decimal and grouping signs are those of CLDR.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError

from constanta.catalogs.checks.numerals import MULTIPLES, NUMERALS
from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

Numbers = Counter[str]
"""How often each number stands in a text; a number is written with a decimal point and nothing else."""

_DIGITS = re.compile(r"\d+")
_DATE = re.compile(r"(?<![\d.])(?:(\d{1,2})[./]\d{1,2}[./](\d{4})|(\d{4})-\d{2}-(\d{2}))(?![\d.]\d)")
_FULL_HOUR = re.compile(r"(?<![\d.,:])(\d{1,2})[:.]00(?![\d:]|[.,]\d|\s*%)")
_AFTERNOON = re.compile(r"(?<![\d.,])(\d{1,2})((?::\d{2})?)\s*p\.?m\b", re.IGNORECASE)
_LETTERS_LIKE_DIGITS = re.compile(r"(?<![\w.,])[03](?=[а-яёіў]{2})|(?<=[а-яёіўА-ЯЁІЎ])[03](?=[а-яёіў])")
_UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN_WORD = re.compile(r"(?<!\w)[IVXІХ]+(?!\w)")
_LATIN = str.maketrans("ІХ", "IX")
_UP_TO = 10
_MULTIPLIED = re.compile("thousand|million|billion|тыс|млн|млрд|міль|милли")


@cache
def _reader(language: str, *, spaces: bool) -> re.Pattern[str]:
    """Return what a number looks like; `spaces` says whether an ordinary space may group its digits."""
    try:
        symbols = Locale.parse(language).number_symbols["latn"]
        decimal, group = symbols["decimal"], symbols["group"]
    except (UnknownLocaleError, ValueError):
        decimal, group = ".", ","
    groups = re.escape(group + "\u00a0\u202f\u2009’" + (" " if spaces else ""))
    return re.compile(
        rf"(?P<whole>\d{{1,3}}(?:[{groups}]\d{{3}})+(?!\d)|\d+)(?:{re.escape(decimal)}(?P<part>\d+))?"
    )


def _count(text: str, language: str, style: str, *, spaces: bool) -> Numbers:
    """Return the numbers of a text that is written in `language`, with the signs of the language `style`."""
    numbers: Numbers = Counter()
    multiples = MULTIPLES.get(language)
    for match in _reader(style, spaces=spaces).finditer(text):
        number = "".join(_DIGITS.findall(match["whole"])).lstrip("0") or "0"
        if match["part"]:
            number += f".{match['part']}"
        multiple = multiples.match(text, match.end()) if multiples else None
        if multiple:
            number = f"{(Decimal(number) * 1000 ** (multiple.lastindex or 0)).normalize():f}"
        numbers[number] += 1
    return numbers


def _readings(text: str, language: str, *, months: bool) -> Iterator[Numbers]:
    """Yield the ways to read the numbers of a text, the usual one first; without `months`, dates in digits lose theirs."""
    text = _FULL_HOUR.sub(r"\1", _LETTERS_LIKE_DIGITS.sub("", text))
    if not months:
        text = _DATE.sub(r"\1\4 \2\3", text)
    texts = [text]
    if language == "en" and _AFTERNOON.search(text):
        texts.append(_AFTERNOON.sub(lambda match: f"{int(match[1]) % 12 + 12}{match[2]}", text))
    for variant in texts:
        yield _count(variant, language, language, spaces=True)
        yield _count(variant, language, language, spaces=False)
        # A number in the wrong format is the business of `number-format`.
        yield _count(variant, language, "en", spaces=True)


def _find(form: Form) -> Iterator[Hit]:
    text, source = form.masked, form.source.masked
    digits = _DIGITS.findall(text)
    if digits == _DIGITS.findall(source) and not (
        digits and (_MULTIPLIED.search(source) or _MULTIPLIED.search(text))
    ):
        return
    months = bool(_DATE.search(text)) == bool(_DATE.search(source))
    wanted = list(_readings(source, form.source_language, months=months))
    found = list(_readings(text, form.language, months=months))
    if any(reading in wanted for reading in found):
        return
    if form.message.source.msgid_plural is not None and form.index == 0:
        wanted += _readings(form.message.source.msgid, form.source_language, months=months)
    for one in wanted:
        for other in found:
            if _explained(one - other, form.language, text) and _explained(
                other - one, form.source_language, source
            ):
                return
    yield Hit(_difference(wanted[0], found[0]))


def _explained(numbers: Mapping[str, int], language: str, text: str) -> bool:
    """Return whether each number, of those that are not in digits, stands in `text` in another form."""
    return all(_stands_otherwise(number, language, text) for number in numbers)


def _stands_otherwise(number: str, language: str, text: str) -> bool:
    if not number.isdecimal() or len(number) > 2:
        return False
    value = int(number)
    if any(_roman_value(word.translate(_LATIN)) == value for word in _ROMAN_WORD.findall(text)):
        return True
    if value > _UP_TO:
        return False
    words = NUMERALS.get(language)
    return words is None or bool(words[value].search(text))


def _roman_value(word: str) -> int:
    """Return the value of a Roman numeral below 40; 0 where it is none."""
    tens = len(word) - len(word.lstrip("X"))
    rest = word[tens:]
    if tens > 3 or rest not in _UNITS:
        return 0
    return 10 * tens + _UNITS.index(rest)


def _difference(wanted: Numbers, found: Numbers) -> Sentence:
    missing = ", ".join(sorted((wanted - found).elements()))
    extra = ", ".join(sorted((found - wanted).elements()))
    if missing and extra:
        return sentence(
            "The source says %(missing)s, the translation %(extra)s; check every digit.",
            missing=missing,
            extra=extra,
        )
    if missing:
        return sentence(
            "Of the numbers in the source, the translation lacks %(missing)s; check every digit.",
            missing=missing,
        )
    return sentence(
        "Of the numbers in the translation, the source lacks %(extra)s; check every digit.", extra=extra
    )


RULES = (Rule("numbers", Severity.ERROR, _find),)

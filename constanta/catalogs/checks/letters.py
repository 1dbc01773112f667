"""The checks `homoglyph` and `alphabet`: letters of another alphabet that look right, or nearly.

Source: `docs/orthography.md`, sections 1 and 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.data import names
from constanta.catalogs.checks.rules import CYRILLIC_PAIR, Form, Hit, Rule
from constanta.catalogs.checks.scripts import script_of
from constanta.catalogs.checks.text import MARK, NBSP, NEAR
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_CYR = "\u0400-\u052f"
_LATIN = "A-Za-z\u00c0-\u024f"
# Only the letters: the accents of that block stand alone, and one of them is typed for an apostrophe.
_GREEK = "\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u03f5\u03f7-\u03ff"
_OTHER = f"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f{_GREEK}"

# --- homoglyph -----------------------------------------------------------------------------------------------------

_MIXED = re.compile(
    rf"[{_CYR}](?=[{_OTHER}])|[{_OTHER}](?=[{_CYR}])|[{_LATIN}](?=[{_GREEK}])|[{_GREEK}](?=[{_LATIN}])"
    rf"|(?<=[{_CYR}]['’ʼ])[{_OTHER}](?![^\W\d_])"
)
_PART = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_OPEN = '«„“"‘([ '
_LONE_SMALL = re.compile(
    rf"(?<![\w'’.-])[aceopxyiοα](?=[ {NBSP}][{_OPEN}]*[\w{MARK}])(?<!\d x)(?<!\d[{NBSP}]x)"
)
_LONE_CAPITAL = re.compile(
    rf"(?:^|[.!?…:—–«„“\"(\n][ {NBSP}]*)(?P<letter>[ABCEHKMOPTXYIΑΒΕΗΙΚΜΝΟΡΤΥΧ])(?=\.?[ {NBSP}][{_OPEN}]*[{_CYR}\d{MARK}])"
)
# Latin letters that count, before what is counted so: no word of one letter stands there by chance.
_NUMERAL = re.compile(
    rf"[IX][ {NBSP}](?:квартал|паўгод|полугод|стагоддз|столет|век|тысяч[ае](?:лет|год)|чвэрц|четверт|катэгор|категор|ступен|степен|сусветн|мирово"
    rf"|кангрэс|конгресс|з[’']езд|съезд|раздзел|раздел|груп|курс|месц|мест[оа](?![{_CYR}])|пункт|клас|том(?![{_CYR}])|тур(?![{_CYR}])|этап|сесі|сесси|форум)"
)
_LOOKALIKE = re.compile(r"(?<![\w'’./@-])(?![IXCM]+(?!\w))[ABCEHKMOPTXYI]{2,5}(?![\w/@-]|\.\w)")
_DIGIT = re.compile(
    rf"[03](?<![\w.,–-].)(?=[а-яёіў])(?!(?:гг?|ст|тыс|млн|млрд|руб|км|см|мм|кг|мг|мл|м|гадз|хв|ч|мин|сек|с|шт|га|яга|му|ці|х|й"
    rf"|я|е|ю|ы|і|ая|ое|ой|ых|ым|го|ми|мі|яя|ья|ье|ий|ые|ех|ём)(?![а-яёіў]))|[03](?<=[{_CYR}].)(?=[а-яёіў])"
)

_CYRILLIC = re.compile(f"[{_CYR}]")
_GREEK_LETTERS = frozenset(map(chr, range(0x370, 0x400)))
_OTHER_LETTERS = _GREEK_LETTERS | frozenset(filter(str.isalpha, map(chr, range(0x250))))

_TO_CYRILLIC = str.maketrans("aceopxyABCEHKMOPTXYαορΑΒΕΗΚΜΝΟΡΤΥΧ", "асеорхуАВСЕНКМОРТХУаорАВЕНКМНОРТУХ")
_TO_LATIN = str.maketrans("асеорхуіАВСЕНІКМОРТХУ", "aceopxyiABCEHIKMOPTXY")
_I = str.maketrans("iIΙ", "іІІ")


def _find_homoglyphs(form: Form) -> Iterator[Hit]:
    masked, chars = form.masked, form.chars
    cyrillic, other = bool(_CYRILLIC.search(masked)), not _OTHER_LETTERS.isdisjoint(chars)
    if (cyrillic and other) or not _GREEK_LETTERS.isdisjoint(chars):
        yield from _find_mixed(form)
    if not cyrillic or script_of(form.language) != "Cyrl":
        return
    if other:
        for match in _LONE_SMALL.finditer(masked):
            if _beside_cyrillic(masked, match.start()):
                yield _lone(form, match.start())
        for match in _LONE_CAPITAL.finditer(masked):
            if not _is_right_capital(form, match.start("letter")):
                yield _lone(form, match.start("letter"))
        yield from _find_lookalikes(form)
    if "0" in chars or "3" in chars:
        yield from _find_digits(form)


def _find_mixed(form: Form) -> Iterator[Hit]:
    position = 0
    while match := _MIXED.search(form.masked, position):
        word = next(w for w in _PART.finditer(form.masked, position) if w.end() > match.start())
        position = word.end()
        text = sentence("“%(word)s” has letters of two alphabets; type it again in one.", word=word.group())
        yield Hit(text, ((*word.span(), _in_one_alphabet(word.group(), form.language)),))


def _in_one_alphabet(word: str, language: str) -> str | None:
    cyrillic = len(re.findall(f"[{_CYR}]", word))
    latin = cyrillic * 2 < sum(map(str.isalpha, word)) or script_of(language) != "Cyrl"
    changed = word.translate(_TO_LATIN) if latin else _to_cyrillic(word, language)
    return None if _MIXED.search(changed) else changed


def _to_cyrillic(text: str, language: str) -> str:
    return text.translate(_TO_CYRILLIC).translate(_I if language in {"be", "uk"} else {})


def _beside_cyrillic(masked: str, place: int) -> bool:
    around = masked[max(0, place - NEAR) : place].rstrip()[-1:] + masked[place + 1 :].lstrip(_OPEN + NBSP)[:1]
    return bool(re.search(f"[{_CYR}]", around))


def _is_right_capital(form: Form, place: int) -> bool:
    """Return whether a Latin letter alone is a Roman numeral, or stands alone in the source (X, the network)."""
    letter = form.masked[place]
    if _NUMERAL.match(form.masked, place) or (letter == "I" and form.language == "ru"):
        return True
    # The English words “A” and “I” are no reason for the Latin letter in a translation.
    word = rf"(?!\w|['’]|[ {NBSP}]\w)" if letter in "AI" else r"(?!\w)"
    return bool(re.search(rf"(?<!\w){letter}{word}", form.source.masked))


def _lone(form: Form, place: int) -> Hit:
    letter = form.masked[place]
    changed = _to_cyrillic(letter, form.language)
    text = sentence("“%(letter)s” is not the letter of this alphabet; type the word again.", letter=letter)
    return Hit(text, ((place, place + 1, None if changed == letter else changed),))


def _find_lookalikes(form: Form) -> Iterator[Hit]:
    """Hit an abbreviation in Latin letters that look Cyrillic, which the source does not have."""
    for match in _LOOKALIKE.finditer(form.masked):
        word = match.group()
        if word in form.source.masked or word in names("same", form.language):
            continue
        text = sentence("“%(word)s” is typed in Latin letters; type it again in Cyrillic.", word=word)
        yield Hit(text, ((*match.span(), _to_cyrillic(word, form.language)),), Severity.WARNING)


def _find_digits(form: Form) -> Iterator[Hit]:
    for match in _DIGIT.finditer(form.masked):
        letter = "з" if match.group() == "3" else "о"
        if not re.search(r"[^.!?…\s«(„“]", form.masked[max(0, match.start() - 2) : match.start()]):
            letter = letter.upper()
        text = sentence(
            "A digit %(digit)s stands for the letter %(letter)s.", digit=match.group(), letter=letter
        )
        yield Hit(text, ((*match.span(), letter),))


# --- alphabet ------------------------------------------------------------------------------------------------------

_ALPHABETS = {"be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
_FOREIGN = {
    language: frozenset(map(chr, range(0x400, 0x530))) - set(letters) - set(letters.upper())
    for language, letters in _ALPHABETS.items()
}
_FOREIGN_LETTER = {
    language: re.compile(f"[{''.join(sorted(letters))}]") for language, letters in _FOREIGN.items()
}
_WORDS = {
    language: re.compile(rf"[^\W\d_'’]*{letter.pattern}\w*") for language, letter in _FOREIGN_LETTER.items()
}
_QUOTED = re.compile(r"[«„“\"]([^«»„“”\"]+)[»“”\"]")
_CORRECTIONS = {
    "be": (("ъ(?=[еёюяі])", "’"), ("щ", "шч"), ("Щ", "Шч"), (r"^и$", "і"), (r"^И$", "І")),
    "ru": (("і", "и"), ("І", "И"), ("ў", "у"), ("Ў", "У")),
}


def _find_foreign(form: Form) -> Iterator[Hit]:
    language = form.language
    foreign = _FOREIGN[language]
    if not _FOREIGN_LETTER[language].search(form.masked):
        return
    quoted = [m.span(1) for m in _QUOTED.finditer(form.masked) if m[1].strip() in names("quoted", language)]
    for match in _WORDS[language].finditer(form.masked):
        word = match.group()
        if any(start <= match.start() < end for start, end in quoted):
            continue
        letters = " ".join(sorted(foreign.intersection(word)))
        text = sentence(
            "“%(word)s” has letters that the language does not have (%(letters)s).",
            word=word,
            letters=letters,
        )
        yield Hit(text, ((*match.span(), _corrected(word, language)),))


def _corrected(word: str, language: str) -> str | None:
    changed = word
    for pattern, letters in _CORRECTIONS[language]:
        changed = re.sub(pattern, letters, changed)
    return changed if _FOREIGN[language].isdisjoint(changed) else None


RULES = (
    Rule("homoglyph", Severity.ERROR, _find_homoglyphs),
    Rule("alphabet", Severity.ERROR, _find_foreign, CYRILLIC_PAIR),
)

"""The check `apostrophe`: which character it is, and where it stands.

Source: the rules of Belarusian orthography of 2008, § 18; `docs/orthography.md`, section 5. In Russian no word has an
apostrophe but foreign names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.rules import (
    CYRILLIC_PAIR,
    Form,
    Hit,
    Judgement,
    Rule,
    judge_words,
)
from constanta.catalogs.checks.text import CYRILLIC
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

APOSTROPHE = "’"
_WRONG = "'ʼ`´‘′ʹ΄"
_INSIDE = re.compile(rf"(?<=[{CYRILLIC}])[{_WRONG}{APOSTROPHE}]+(?=[{CYRILLIC}])")
_NAME = re.compile(rf"(?<![\w'’])[А-ЯЁІЎдлм][{_WRONG}{APOSTROPHE}]+[А-ЯЁІЎ]")
_HARD = "бвгджзкмнпрстфхцчш"
_IOTATED = "еёюяі"
# Colloquial verbs with the prefix з- before а, э keep the apostrophe in GrammarDB.
_PREFIX_Z = re.compile(r"з[’'ʼ`´‘′](?:арганіз|арыент|арыгінал|эканом)", re.IGNORECASE)
_SOFT_SIGN = re.compile(rf"(?<=[бвгджкмпртфхчш])ь(?=[{_IOTATED}])")
_MISSING = re.compile(
    r"^(?:не|най|экс|віцэ|супер|міні|пра?а?)?(?:"
    r"(?:аб|суб)(?=ект|екц)|аб(?=ём|ема[мў]?$|ему$|емн|яднан|яўл|яв[аыуе]$|явай$|явіц|явіл|явіў|язджа|езд(?!ух)|ехал|ехац)"
    r"|[зс](?=езд|яв[аыуе]$|явах$|яўля|явіў|явіл|явіц|яднан|ехал|ехац)|(?:пад|над|ад|прад|перад)(?=[еёюя])"
    r"|(?:раз|уз|ўз|бяз|без)(?=яднан|ядноў|ясн[еія]|ятран|езд|ездж|язджа|ядзерн)"
    r"|сям(?=я$|ёй$|ёю$)|інтэрв(?=ю)|(?:кар|бар|кур|ар|інтэр|экстэр)(?=ер)|прэм(?=ер)|камп(?=ют)|ін(?=екцы)|кан(?=юнкт)"
    r"|мыш(?=як)|п(?=ян(?:ы|ая|ага|ыя|ых|ым|ства)$)|в(?=етнам(?!у$))|лук(?=ян)|х(?=юстан|юман)|рэйк(?=явік)"
    r"|дыстрыб(?=ют)|ф(?=ючарс)|вар(?=яц|ят)|бур(?=ян)|д(?=ябал))"
)
_NEEDED = sentence("An apostrophe (’) stands here: between a consonant and е, ё, ю, я, і (§ 18).")
_MARKS = frozenset(_WRONG + APOSTROPHE)


def _find(form: Form) -> Iterator[Hit]:
    if not _MARKS.isdisjoint(form.chars):
        for match in _INSIDE.finditer(form.masked):
            hit = _check_be(form.masked, match) if form.language == "be" else _check_ru(form.masked, match)
            if hit:
                yield hit
    if form.language == "be":
        yield from _find_missing(form)


def _check_be(masked: str, match: re.Match[str]) -> Hit | None:
    before, after = masked[match.start() - 1].lower(), masked[match.end()].lower()
    right = APOSTROPHE
    if not ((before in _HARD and after in _IOTATED) or _is_exception(masked, match.start())):
        right = ""
    if match.group() == right:
        return None
    text = (
        sentence("The apostrophe of Belarusian is ’ (U+2019).")
        if right
        else sentence("No apostrophe stands here; it stands between a consonant and е, ё, ю, я, і (§ 18).")
    )
    return Hit(text, ((*match.span(), right),))


def _is_exception(masked: str, place: int) -> bool:
    return any(
        m.start() <= place < m.end() for pattern in (_NAME, _PREFIX_Z) for m in pattern.finditer(masked)
    )


def _check_ru(masked: str, match: re.Match[str]) -> Hit | None:
    if _is_exception(masked, match.start()):
        if match.group() == APOSTROPHE:
            return None
        return Hit(sentence("The apostrophe of a name is ’ (U+2019)."), ((*match.span(), APOSTROPHE),))
    before, after = masked[match.start() - 1].lower(), masked[match.end()].lower()
    right = "ъ" if before in _HARD and after in "еёюя" else ""
    text: Sentence = (
        sentence("Russian has ъ here, no apostrophe.")
        if right
        else sentence("Russian has no apostrophe here.")
    )
    return Hit(text, ((*match.span(), right),))


def _judge_word(word: str) -> Judgement | None:
    small = word.lower()
    soft = _SOFT_SIGN.search(small) if "ь" in small else None
    if soft:
        return *soft.span(), APOSTROPHE
    bare = small.strip(_WRONG + APOSTROPHE)
    missing = _MISSING.match(bare)
    if missing is None:
        return None
    place = small.index(bare) + missing.end()
    # A mark on one side only is the apostrophe in a wrong place, or one of two quotation marks.
    return place, place, APOSTROPHE if (small[0] in _MARKS) == (small[-1] in _MARKS) else ""


def _find_missing(form: Form) -> Iterator[Hit]:
    for start, (first, last, apostrophe) in judge_words(form, _judge_word):
        yield Hit(_NEEDED, ((start + first, start + last, apostrophe or None),))


RULES = (Rule("apostrophe", Severity.ERROR, _find, CYRILLIC_PAIR),)

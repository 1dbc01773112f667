"""The check `title-case`: capitals of an English title that were carried over.

Source: `docs/orthography.md`, sections 21 and 26.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from constanta.catalogs.checks.data import names
from constanta.catalogs.checks.rules import SITE, WORDS_TO_REMEMBER, Form, Hit, Rule
from constanta.catalogs.checks.text import CYRILLIC, NBSP, Edit
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_LONG = 4
_LONG_WORD = re.compile(r"(?<=\W)[^\W\d_]{4,}")
# Words that sound alike in many languages and are no names.
_INTERNATIONAL = re.compile(
    "ц[ыи][яіиюей]|[іи]зм|[аяеэ]нт|[ыіи]ст|альн|арн|[іи]чн|[ыі]ўн|ивн|ог[іи]|крыз|криз|анал[іи]з|пра?о?ект|ц[эе]нтр|р[эе]порт|статус"
    "|дайдж|музе|клуб|форум|фонд|прэс|пресс|тэма|тема|тэм|пал[іи]т|пол[іи]т|эксперт|фест|кам[іи]т|ком[іи]т|парл|м[іи]н[іи]ст"
    "|ун[іи]вер|прагр|прогр|платф|мед[ыи]|лаб[ао]|гуман|стат|кантр|контр|адм[іи]н|с[іи]ст|дакум|докум|арган|орган"
)
_LETTERS = {"en": "A-Za-z", "be": CYRILLIC, "ru": CYRILLIC}
_WORDS = {
    language: re.compile(rf"[{letters}]+(?:[’'-][{letters}]+)*") for language, letters in _LETTERS.items()
}
_CAPITALS = {
    language: re.compile(rf"[A-ZА-ЯЁІЎ](?<=[ {NBSP}].)[{letters}]{{3}}")
    for language, letters in _LETTERS.items()
}
_QUOTATION = re.compile(r"[«„“\"][^«»„“”\"]*[»“”\"]")
_WORDS_OF_ONE_LETTER = frozenset("АІУЎЗВИКОС")
_SENTENCE_START = ".!?…:;—–|/\n"
_TRANSPARENT = f' {NBSP}«„“”"([*•'


def _find(form: Form) -> Iterator[Hit]:
    masked, language = form.masked, form.language
    if len(_CAPITALS[language].findall(masked)) < 2 or masked.isupper():
        return
    quotations = [match.span() for match in _QUOTATION.finditer(masked)]
    total, wrong, edits = 0, 0, list[Edit]()
    for match in _WORDS[language].finditer(masked):
        word = match.group()
        if any(start < match.start() < end for start, end in quotations):
            continue
        before = masked[: match.start()].rstrip(_TRANSPARENT)
        if not before or before[-1] in _SENTENCE_START:
            continue
        is_long = len(word) >= _LONG
        total += is_long
        if _has_capital(word, masked[match.end() : match.end() + 1]) and not _is_name(word, form):
            wrong += is_long
            edits.append((*match.span(), word[0].lower() + word[1:]))
    if wrong >= 2 and 2 * wrong >= total:
        text = sentence("These capitals come from an English title; only the first word and names have them.")
        yield Hit(text, tuple(edits), Severity.INFO if language == "en" else None)


def _has_capital(word: str, after: str) -> bool:
    """Return whether a word begins with a capital that could be small; one letter before a full stop is an initial."""
    if len(word) == 1:
        return word in _WORDS_OF_ONE_LETTER and after != "."
    return word[0].isupper() and word[1].islower()


def _is_name(word: str, form: Form) -> bool:
    """Return whether a word is a known name, or sounds like a word that has a capital in the source."""
    if form.language == form.source_language:
        return False
    if _is_known(word, form.language):
        return True
    if _INTERNATIONAL.search(word.lower()) and _is_title(form.source.masked):
        return False
    own = _sound(word)
    return any(
        _alike(own, _sound(other))
        for other in re.findall(r"[^\W\d_a-zа-яёіў][^\W\d_]{2,}", form.source.masked)
    )


def _is_title(source: str) -> bool:
    """Return whether a source is in Title Case, where a capital is no sign of a name."""
    words = _LONG_WORD.findall(source)
    capitals = sum(1 for word in words if word[0].isupper())
    return 2 * capitals > len(words)


@cache
def _beginnings(language: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, names("name", language))) or "(?!)")


@lru_cache(maxsize=WORDS_TO_REMEMBER)
def _is_known(word: str, language: str) -> bool:
    return bool(_beginnings(language).match(word.lower()))


_SOUNDS = {
    **dict.fromkeys("аaоoуuыэ", "a"),
    **dict.fromkeys("еёиіюяйіeijy", "i"),
    **dict.fromkeys("ўьъ’'", ""),
    **dict.fromkeys("вvw", "v"),
    **dict.fromkeys("гхhg", "h"),
    **dict.fromkeys("кkqc", "k"),
    **dict.fromkeys("сзшщжчszxł", "s"),
    "ц": "ts",
    **dict(zip("бпдтмнлрф", "bpdtmnlrf", strict=True)),
}
_VOWELS = "ai"
_ENOUGH = 3


@lru_cache(maxsize=WORDS_TO_REMEMBER)
def _sound(word: str) -> str:
    """Return the consonants that a word begins with, and its first vowel where it begins with one, in rough classes."""
    small = re.sub("[cs]h|cz|ch|zh", "s", re.sub("kh", "h", re.sub("ph", "f", word.lower())))
    sounds = "".join(_SOUNDS.get(letter, letter) for letter in small)
    consonants = "".join(sound for sound in sounds[1:] if sound not in _VOWELS)
    return re.sub(r"(.)\1+", r"\1", sounds[:1] + consonants)[:_ENOUGH]


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter >= 2 and one[:shorter] == other[:shorter]


RULES = (Rule("title-case", Severity.WARNING, _find, SITE),)

"""The checks `be-u-word` and `be-u-inner`: у and ў.

Source: the rules of Belarusian orthography of 2008, § 15; `docs/orthography.md`, sections 3 and 4. The words that keep
their у were compared with GrammarDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.data import names
from constanta.catalogs.checks.rules import (
    BELARUSIAN,
    Form,
    Hit,
    Judgement,
    Rule,
    judge_words,
)
from constanta.catalogs.checks.text import MARK, NEAR
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

VOWELS = "аеёіоуыэюя"
_CONSONANTS = "бвгджзйклмнпрстўфхцчшь"

# --- at the beginning of a word ------------------------------------------------------------------------------------

_INITIAL = re.compile(r"[уўУЎ](?<![\w'’ʼ].)(?![\d_])[\w'’ʼ]*")
# у after a vowel, a capital or a Latin letter; ў after anything but a vowel; Ў; ў where the stress may be.
_BETWEEN = '«»„“”"\\[\\] \t\r\n\u00a0\u202f\u2010\u2011-'
_WORTH_LOOKING = re.compile(
    rf"[уўЎ](?:(?<=[{VOWELS}A-Za-zА-ЯЁІЎ][{_BETWEEN}]у)|(?<=[{_BETWEEN}][{_BETWEEN}]у)|(?<=Ў)"
    rf"|(?<=ў)(?<!\wў)(?:(?<![{VOWELS}][{_BETWEEN}]ў)|(?=рн|ні|ль|зу|нт|ха|нц|мб|[хй])))"
)
_TRANSPARENT = ' \t\r\n\u00a0\u202f«»„“”"[]'
_HYPHENS = "-\u2010\u2011"
_PUNCTUATION = ".,;:!?…—–―()|•/\\"
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_BEFORE = re.compile(rf"(?:[^\s{MARK}]*\w)?[^\w{MARK}]*\Z")
_STRESSED_U = re.compile(
    r"урн(?:[аыеу]|ай|аю|аў|ам|амі|ах)?|уні[яіюй]|унія(?:й|ю|м|мі|х)|ультра\w*|узус\w*|унт(?:ы|аў|ам|амі|ах)?|уханн\w*|унікум\w*"
    r"|унцы[яіюй]\w*|умбр\w*|унтэр\w*|ух|уй|у-у+"
)
_ENDS_IN_VOWEL_BY_NAME = frozenset("АБВГДЕЁЖЗІКОПТУХЦЧШЫЭЮЯ")
_ENDS_IN_CONSONANT_BY_NAME = frozenset("ЙЛМНРСФЎ")


def _find_initial(form: Form) -> Iterator[Hit]:
    masked = form.masked
    if not _WORTH_LOOKING.search(masked) and not masked.isupper():
        return
    capitals = _is_in_capitals(masked)
    for match in _INITIAL.finditer(masked):
        word, start = match.group(), match.start()
        wanted = _wanted_letter(masked, match, capitals=capitals)
        if wanted is None or wanted == word[0]:
            continue
        near = _BEFORE.search(masked[max(0, start - NEAR) : start])
        before = re.sub(r"\s+", " ", near.group().lstrip()) if near else ""
        found, right = before + word, before + wanted + word[1:]
        text = (
            sentence(
                "“%(found)s” should be “%(right)s”: ў stands after a vowel (§ 15).", found=found, right=right
            )
            if wanted in "ўЎ"
            else sentence(
                "“%(found)s” should be “%(right)s”: у stands at the beginning, after a consonant or a punctuation mark, "
                "and as a capital (§ 15).",
                found=found,
                right=right,
            )
        )
        yield Hit(text, ((start, start + 1, wanted),))


def _is_in_capitals(text: str) -> bool:
    return text.isupper() and len(text.split()) > 1


def _wanted_letter(masked: str, match: re.Match[str], *, capitals: bool) -> str | None:
    """Return the letter that the word must begin with; None where nobody can tell."""
    word, start = match.group(), match.start()
    if word[0] in "УЎ" and not capitals:
        return "У"
    if (
        len(word) == 1
        and masked[start - 1 : start] in {"«", "„", "“", '"'}
        and masked[match.end() : match.end() + 1] in {"»", "“", "”", '"'}
    ):
        return None
    small, capital = ("У", "Ў") if capitals else ("у", "ў")
    if capitals and word[0] == "У" and any(word.startswith(name.upper()) for name in names("name-u", "be")):
        return small
    if _STRESSED_U.fullmatch(("у" + word[1:]).lower()):
        return small
    after_vowel = _follows_vowel(masked[max(0, start - NEAR) : start], capitals=capitals)
    return None if after_vowel is None else capital if after_vowel else small


def _follows_vowel(before: str, *, capitals: bool) -> bool | None:
    """Return whether what stands before a word ends in a vowel; punctuation is none, None means nobody can tell."""
    bare = before.rstrip(_HYPHENS)
    if len(before) - len(bare) > 1 or (bare != before and bare[-1:].isspace()):
        return False  # a dash that is typed as a hyphen
    bare = bare.rstrip(_TRANSPARENT)
    last = bare[-1:]
    if not last or last in _PUNCTUATION:
        return None if last in {"/", "\\"} else False
    if last in {"'", "’", "‘"}:
        return None
    word = _LAST_WORD.search(bare)
    if last == MARK or word is None:
        return None
    return _ends_in_vowel(word.group(), bare, capitals=capitals)


def _ends_in_vowel(word: str, text: str, *, capitals: bool) -> bool | None:
    last = word[-1]
    if last.isascii():
        return True if text.endswith(names("final-vowel", "be")) else None
    if len(word) > 1 and last.isupper() and not (capitals and re.search(f"[{VOWELS}]", word.lower())):
        return _abbreviation_ends_in_vowel(word)
    if last.lower() in VOWELS:
        return True
    return False if last.lower() in _CONSONANTS else None


def _abbreviation_ends_in_vowel(word: str) -> bool | None:
    """An abbreviation is read by the names of its letters, unless a vowel before the last one makes a word of it."""
    last = word[-1]
    if word in names("read-as-word", "be"):
        return last.lower() in VOWELS
    if last in _ENDS_IN_CONSONANT_BY_NAME:
        return False
    if last not in _ENDS_IN_VOWEL_BY_NAME:
        return None
    return None if last.lower() not in VOWELS and word[-2].lower() in VOWELS else True


# --- inside a word -------------------------------------------------------------------------------------------------

_SUSPICIOUS = re.compile(
    rf"[{VOWELS}]у[{_CONSONANTS}]|[{_CONSONANTS}’']ў|\wў[аоуы]|[іыеу]ў[мс]|^(?:траўр|соўс|страўс|штраўс|анчоўс)",
    re.IGNORECASE,
)
_LATIN_ENDING = re.compile(r"[аеіоуыэя]у[мс](?:[аеуы]|ам|амі|ах|аў|ом|ав\w+|н\w+|іс[тц]\w*|аўск\w+)?$")
_KEEPS_U = re.compile(
    r"вакуум|трыум[фв]|прэзідыум|кансіліум|опіум|медыум|радыус|страус|соус|анчоус|нуклеус|штраус|тэзаурус|харыус|канаус|клаус"
    r"|траур|клоун|клаунад|шоум[еэа]н|(?:лак|нак|нок|бак|трэшко|абля|умля|рэ|^р)а?у[тц]|(?:цэйх|блак|пак|брудэр)гауз"
    r"|ха?у[сз]|раунд|саунд|андэграунд|бэкграунд|фаун|^саун(?:[аыеу]|ай|аю|аў|ам|амі|ах)?$|гагауз|сау(?:д[аоы]|д$)|саудаўск"
    r"|дэміург|дуумвір|каузал|дыур|урэт|уры[яіюй]|алеу[тц]|арнаут|нактоуз|целеут|шлагбаум|баум|заур|наур|тыяур|гяур|багауд"
    r"|^аул|раул|саул|баул|^паул[ьюяі]|есаул|сеул|барнаул|іуд|даурск|марыупал|фауст|кауцк|фрыуль|ташауз|дыярыуш|чауш|бліунг"
    r"|індывідуум|універсіт"
)
_RIGHT_SHORT = re.compile(
    r"(?:^|на)паў|[маброу]ўар|[аі]ўэ|зноўа|здраўадд|галоўур|саўап|^(?:зеў|дзеў|ліў|плыў)[мс]"
)
_NEVER_SHORT = re.compile(
    r"[іыеу]ў[мс](?:[аеуы]|ам|амі|ах|аў|ом|н\w+)?$|^(?:траўр|соўс|страўс|штраўс|анчоўс|тэзаўрус|клаўнад|шоўмен)"
)
_WRONG_SHORT = re.compile(rf"(?<=[{_CONSONANTS}’'])ў|(?<=[^\W\d_])ў(?=[аоуы])|(?<=[іыеуао])ў(?=[мср])")
_WRONG_LONG = re.compile(rf"(?<=[{VOWELS}])у(?=[{_CONSONANTS}])", re.IGNORECASE)


def _find_inner(form: Form) -> Iterator[Hit]:
    capitals = _is_in_capitals(form.masked)
    for start, (first, last, right) in judge_words(form, _judge_inner):
        found = form.masked[start + first : start + last]
        if found.isupper() and not capitals:
            continue  # an abbreviation
        text = sentence("“%(found)s” should be “%(right)s” (§ 15).", found=found, right=right)
        yield Hit(text, ((start + first, start + last, right),))


def _judge_inner(word: str) -> Judgement | None:
    small = word.lower()
    if not ("у" in small or "ў" in small) or not _SUSPICIOUS.search(word):
        return None
    right = _corrected(word)
    return None if right == word else (0, len(word), right)


def _corrected(word: str) -> str:
    small = word.lower()
    if "ў" in small and not _RIGHT_SHORT.search(small):
        short = re.search(rf"[{_CONSONANTS}’']ў|\wў[аоуы]", small)
        if short or _NEVER_SHORT.search(small):
            return _WRONG_SHORT.sub(_long, word)
    if _LATIN_ENDING.search(small) or _KEEPS_U.search(small):
        return word
    return _WRONG_LONG.sub(_short, word)


def _long(match: re.Match[str]) -> str:
    before_vowel = match.string[match.end() : match.end() + 1] in "аоуы"
    return "в" if before_vowel and match.string[match.start() - 1] in VOWELS else "у"


def _short(match: re.Match[str]) -> str:
    return "Ў" if match.group().isupper() else "ў"


RULES = (
    Rule("be-u-word", Severity.ERROR, _find_initial, BELARUSIAN),
    Rule("be-u-inner", Severity.ERROR, _find_inner, BELARUSIAN),
)

"""Stems of Russian words, by the declensions and conjugations of the grammar.

Two alternations are levelled: о and е that come and go before the last consonant (беженец, беженцы; список, списки), and
-ин, which stands in the singular only (гражданин, граждане). So are the two ways to write of Belarus: texts of the site have
беларус, many readers type белорус.
"""

from __future__ import annotations

import re

from constanta.edition.stemming.suffixes import make_endings, strip_endings

_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"

_ENDINGS = make_endings(
    "аеоуыэюяи",
    # Nouns: the cases; then adjectives; then nouns in -ия, -ие and -ье; then verbs.
    outer="""
    а я о е ы и у ю ь й ом ам ем ям ой ей ею ою ов ев ами ями ьми ах ях
    ая яя ое ее ого его ому ему ую юю ые ие ым им ый ий ых их ыми ими
    ия ии ию ией ием иев иею иям иями иях ью ья ье ьи ьев ьям ьями ьях ьем
    ать ять ить ыть уть еть оть ает ают яет яют ует уют еет еют аем яем уем ат ят ут ют ет ит
    овать евать ай яй уй айте яйте уйте ьте аю яю ую
    """,
    inner="ов ев ам ом ем ям ым им ал ял ил ыл ел ул овал евал ит ат ят ут ют ет ей ой ай яй ий ый",
    cautious="ат ят ут ют ет ит",
)

_REFLEXIVE = re.compile(r"..(?:[тлмшйьхе]ся|л[аои]сь|[юя]сь|нусь|шись)$")
"""Verbs in -ся and -сь; many nouns end in -сь (подпись, Беларусь)."""

_FORMS = {
    "беларус": "белоруссия белоруссии белоруссию белоруссией",
    "ден": "день дня дню днем дне дни дней дням днями днях",
    "денг": "денег",
    "иск": "ищу ищет ищут ищем",
    "лед": "лед льда льду льдом льде льды",
    "писм": "писем",
    "судь": "судья судьи судье судью судьей судей судьям судьями судьях",
}
_IRREGULAR = {form: base for base, forms in _FORMS.items() for form in forms.split()}

_BEFORE_FLEETING = frozenset(_CONSONANTS + "ь")
_VOWELS = frozenset("аеоиуыюя")


def stem(word: str) -> str:
    """Return the stem of a folded Russian word; words of three letters and fewer keep their endings."""
    if len(word) <= 3 or word in _IRREGULAR:
        return _IRREGULAR.get(word, word)
    if word.startswith("белорус"):
        word = f"беларус{word.removeprefix('белорус')}"
    base, _ = strip_endings(_without_reflexive(word), _ENDINGS)
    return _level(base)


def _without_reflexive(word: str) -> str:
    return word[:-2] if word.endswith(("ся", "сь")) and _REFLEXIVE.search(word) else word


def _level(base: str) -> str:
    """Return one shape for what a stem looks like before different endings."""
    if base.endswith(("анин", "янин")) and len(base) > 5:
        base = base[:-2]
    if len(base) > 3 and base[-1] in "аеояюу":
        base = base[:-1]
    if base.endswith(("анн", "енн", "янн")):
        base = base[:-1]  # the short forms of participles have one н: задержанный, задержан
    if len(base) > 4 and base[-1] in "кцн":
        base = _without_fleeting(base)
    return base.replace("ь", "").replace("ъ", "")


def _without_fleeting(base: str) -> str:
    """Return a stem without the vowel that comes and goes before its last consonant."""
    before, vowel, last = base[:-2], base[-2], base[-1]
    if vowel in "оеа" and before[-1] in _BEFORE_FLEETING:
        return before + last
    if vowel == "е" and last != "н" and before[-1] in _VOWELS:
        return f"{before}й{last}"
    return base

"""Stems of Belarusian words, by the declensions, conjugations and alternations of the grammar.

Forms of one word differ in more than endings, so the stem is brought to one shape:

- akanne: о and а, е and я alternate with the stress (год, гады; мяжа, межы);
- the last consonant alternates before some endings: г, к, х with з, ц, с (дапамога, дапамозе), т, д with ц, дз
  (адвакат, адвакаце), в with ў (мова, моў);
- е and а come and go before the last consonant (бежанец, бежанцы; рынак, рынку);
- a last consonant doubles before -ю (Беларусь, Беларуссю), and -ін stands in the singular only (грамадзянін, грамадзяне).

The soft sign is dropped, so that the spelling of 1918 (сьвет) finds that of 2008 (свет).
"""

from __future__ import annotations

import re

from constanta.edition.stemming.suffixes import make_endings, strip_endings

_VOWELS = "аеоуыэюяі"
_CONSONANTS = "бвгджзйклмнпрстфхцчш"
_SOFTENING = frozenset("еіюяь")

_ENDINGS = make_endings(
    _VOWELS,
    # Nouns: the cases; then adjectives; then nouns in -ыя and -ія, which look like adjectives; then verbs.
    outer="""
    а я о е э ы і у ю ь й ом ам ем ям эм ой ай ей яй эй ою аю ею яю эю ау оу яу еу эу амі ямі ьмі ах ях эх
    ая яя ое ае яе ее ога ага яга ому аму яму ую юю ыя ія ым ім ый ій ых іх ымі імі
    ые іе ыі іі ыю ію ыяй ыяю ыям ыямі ыях ыяу ыем іяй іяю іям іямі іях іяу іем
    аць яць іць ыць уць юць эць ець аюць яюць уюць еюць аеш яеш уеш аем яем уем аеце яеце уеце уе юе іу ыу уу
    аваць явау авау аючы яючы уючы ючы аушы яушы іушы ыушы уушы авау аваушы
    айце яйце уй юй уйце юйце ьце йце
    """,
    inner="авал явал ау оу еу яу ав ов ев яв ал ял іл ыл ел ул ам ом ем ям ым ім",
    cautious="ял ел ул",
)

_FORMS = {
    "дзен": "дзень дня дню днем дні дзен дням днямі днях",
    "дзіц": "дзіця дзіцяці дзіцем дзеці дзяцей дзецям дзецьмі дзецях",
}
_IRREGULAR = {form: base for base, forms in _FORMS.items() for form in forms.split()}

_NOUNS_IN_GA = re.compile(r"(?:дапам|перам|(?:без)?дар|трыв|падл)ог|(?:.+ол|(?:у|па|пера|зня|раз|ад)?в)аг")
"""What stands before -а in nouns whose -ога and -ага are not the genitive of an adjective."""

_BARE_STEM_IN_U = re.compile(rf".{{,2}}[{_VOWELS}]у|[{_CONSONANTS}]+[{_VOWELS}]у")
"""A short stem whose ў is no ending: моў, спраў."""

_LAST = {"г": "з", "ц": "к", "х": "с"}
_BEFORE_FLEETING = frozenset(_CONSONANTS + "ь")
_AFTER_FLEETING = frozenset("кцнл")
"""As last letters of a stem; before them дз is д."""

_SHORT_U = re.compile(rf"в(?=[{_CONSONANTS}])")


def stem(word: str) -> str:
    """Return the stem of a folded Belarusian word; words of three letters and fewer keep their endings."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    base, ending = _strip(_without_reflexive(word)) if len(word) > 3 else (word, "")
    return _level(base, ending)


def _without_reflexive(word: str) -> str:
    """Return a verb without -ся or -цца, with the ending that it then has."""
    if word.endswith(("ецца", "эцца")):
        return word[:-3]
    if word.endswith("цца"):
        return f"{word[:-3]}ць"
    return word[:-2] if word.endswith("ся") and len(word) > 5 else word


def _strip(word: str) -> tuple[str, str]:
    if word.endswith("г", 0, -1) and _NOUNS_IN_GA.fullmatch(word[:-1]):
        return word[:-1], word[-1]
    if word.endswith("у") and _BARE_STEM_IN_U.fullmatch(word):
        return word, ""
    return strip_endings(word, _ENDINGS)


def _level(base: str, ending: str) -> str:
    """Return one shape for what a stem looks like before different endings."""
    soft = ending[:1] in _SOFTENING
    if len(base) > 3 and base[-1] == base[-2] and (soft or base[-1] in "жчш"):
        base = base[:-1]
    if base.endswith("ддз") and not base.endswith("суддз"):
        base = f"{base[:-3]}дз"
    if base.endswith(("анін", "янін")):
        base = base[:-2]
    if len(base) > 3 and base[-1] in "аеоэ":
        base = base[:-1]
    if soft:
        base = _harden(base)
    if base.endswith("у") and base[-2:-1] in _ENDINGS.vowels:
        base = f"{base[:-1]}в"
    if base[-1:] in _AFTER_FLEETING:
        if len(base) > 4 and base[-2] in "аео" and base[-3] in _BEFORE_FLEETING:
            base = base[:-2] + base[-1]
        if base.endswith("дз", 0, -1):
            base = f"{base[:-3]}д{base[-1]}"
    if "в" in base:
        base = _SHORT_U.sub("у", base)
    base = base[:-1] + _LAST.get(base[-1:], base[-1:])
    return base.replace("о", "а").replace("я", "е").replace("ь", "")


def _harden(base: str) -> str:
    """Return a stem with т or д as its last consonant, where that is ц or дз before soft endings."""
    if base.endswith("ц") and not base.endswith("дц"):
        return f"{base[:-1]}т"
    return f"{base[:-2]}д" if base.endswith("дз") else base

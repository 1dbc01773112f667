"""The three forms of a counted noun: which endings can stand in which.

Belarusian counts with the nominative singular, the nominative plural and the genitive plural (1 дзень, 2 дні, 5 дзён),
Russian with the nominative singular, the genitive singular and the genitive plural (1 день, 2 дня, 5 дней). Without a
dictionary the cases are told by what their endings can never be. The patterns were held against all nouns of GrammarDB and
of OpenCorpora: of the right forms they refuse only rare words that do not decline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INDECLINABLE = re.compile(
    r"[уюэ]$"
    r"|^(?:алібі|алиби|графіці|граффити|жалюзі|жалюзи|жури|журы|жюри|папарацы|папарацци|пенальці|пенальти|рэферы|рефери"
    r"|сафары|сафари|таксі|такси|хобі|хобби)$"
    r"|^(?:арг|орг|інфарм|інтэрнэт-|интернет-|тэле|теле|радыё|радио|кіна|кино|фота|фото|відэа|видео|экспрэс-|экспресс-)?"
    r"(?:аташэ|аташе|атэлье|ателье|аўдыя|аудио|аўта|авто|бра|буржуа|бюро|відэа|видео|дасье|досье|дэпо|депо|дэма|демо|кафе"
    r"|кіно|кино|камюніке|коммюнике|купе|лота|лото|лога|лого|метро|паліто|пальто|прома|промо|радыё|радио|рэзюме|резюме"
    r"|фота|фото|шасэ|шоссе|эсперанта|эсперанто)$"
)
_SAME_IN_GENITIVE_PLURAL = re.compile(
    r"^(?:абазін|абазин|авар|асяцін|осетин|балкар|башкір|башкир|ботинок|бурят|валенок|волос|глаз|грузін|грузин|карел|лезгін"
    r"|лезгин|партызан|партизан|погон|раз|румын|салдат|солдат|сапог|туркмен|турок|уйгур|цыган|чалавек|человек|чулок)$"
    r"|(?:ампер|байт|біт|бит|ват|ватт|вольт|герц|грам|грамм|ом|рентген|мікрон|микрон|дэцыбел|децибел)$"
)
_PLURAL_ONLY = re.compile(
    r"^(?:акуляры|очки|вароты|ворота|выбары|выборы|грошы|деньги|дзверы|дровы|дрова|дэбаты|дебаты|заробкі|канікулы|каникулы"
    r"|нажніцы|ножницы|паводзіны|перамовы|переговоры|роды|сані|сани|санкі|санки|суткі|сутки|шахматы)$"
)
_MASCULINE_IN_SOFT_SIGN = re.compile(
    r"(?<!оби)(?<!доброде)(?<!кани)(?<!не)(?<!ме)[аяеиы]тель$|(?<!ут)(?<!\bт)(?<!з)варь$|(?:[лнст]|ек|ух)арь$|ырь$"
    r"|^(?:автомобиль|ансамбль|апрель|бинокль|вексель|вождь|гвоздь|госпиталь|гость|декабрь|дождь|зверь|зять|июль|июнь|кабель"
    r"|картель|князь|контроль|конь|корабль|король|лагерь|медведь|модуль|ноль|нуль|ноябрь|огонь|октябрь|отель|пароль|патруль"
    r"|портфель|профиль|рубль|руль|сентябрь|спектакль|стиль|тесть|уголь|февраль|фестиваль|якорь)$"
)
_OBLIQUE_PLURAL = re.compile(r"(?:ам|ям|амі|ямі|ами|ями|ах|ях|мі|ми)$")
_GENITIVE_PLURAL = re.compile(r"(?:[аяоё]ў|[оеё]в|[еэ]й)$")
_INHABITANT = re.compile(r"[ая]н[іи]н$")
_VOWEL = re.compile(r"[аеёиіоуыэюя]$")
_ADJECTIVES = {
    "be": (re.compile(r"(?:[ыі]|ая|яя|ае|яе|ое)$"), re.compile(r"[ыі][яхе]$"), re.compile(r"[ыі]х$")),
    "ru": (
        re.compile(r"(?:[ыи]й|ой|ая|яя|ое|ее)(?:ся)?$"),
        re.compile(r"[ыи][хе](?:ся)?$"),
        re.compile(r"[ыи]х(?:ся)?$"),
    ),
}


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted word in small letters, in the three forms of an entry."""

    one: str
    few: str
    many: str

    @property
    def same(self) -> bool:
        """Whether the three forms are one."""
        return self.one == self.few == self.many

    def is_adjective(self, language: str) -> bool:
        """Return whether the word declines as an adjective."""
        forms = (self.one, self.few, self.many)
        return all(ending.search(form) for ending, form in zip(_ADJECTIVES[language], forms, strict=True))


def is_wrong(noun: Noun, language: str, *, governed: bool) -> bool:
    """Return whether a form stands where it cannot stand; `governed` says that a word before the number may ask for a case."""
    if noun.same:
        return not _INDECLINABLE.search(noun.one)
    if noun.one == noun.many and not _SAME_IN_GENITIVE_PLURAL.search(noun.one):
        return True
    if _PLURAL_ONLY.search(noun.one):
        return False
    if noun.one == noun.few:
        return True
    if noun.few == noun.many and (governed or _OBLIQUE_PLURAL.search(noun.few)):
        return False  # another case: на працягу 2 дзён, у 2 краінах
    if noun.is_adjective(language):
        return language == "be" and not noun.few.endswith("я")
    return _is_swapped(noun) or (
        _wrong_few_be(noun) if language == "be" else _wrong_few_ru(noun.one, noun.few)
    )


def _is_swapped(noun: Noun) -> bool:
    """Return whether the singular has an ending of the plural, or the genitive plural one of the singular."""
    if re.search(r"[ыиі]$", noun.one) or _VOWEL.search(noun.many):
        return True
    if _GENITIVE_PLURAL.search(noun.one) and not _GENITIVE_PLURAL.search(noun.many):
        return True
    return bool(_INHABITANT.search(noun.many)) and noun.many.startswith(noun.one)


def _wrong_few_be(noun: Noun) -> bool:
    """The nominative plural ends in -ы, -і, or in -е after a consonant (грамадзяне); in -ыя, -ія only adjectives do."""
    return not re.search(r"[ыі]$|[^аеёіоуыэюя]е$", noun.few)


def _wrong_few_ru(one: str, few: str) -> bool:
    """The genitive singular ends as the declension of the nominative says, with the same stem after a vowel."""
    if one.endswith("ь"):
        plural = few.endswith("и") and (_MASCULINE_IN_SOFT_SIGN.search(one) or few == one[:-3] + "ни")
        return bool(plural) or not re.search(r"[яи]$", few)
    if one.endswith(("а", "я", "у", "ю")):
        return not (few in {one[:-1] + "ы", one[:-1] + "и"} or few.endswith("мени"))
    if one.endswith(("о", "е", "ё")):
        return few not in {one[:-1] + "а", one[:-1] + "я"}
    return not few.endswith("я" if one.endswith("й") else "а")

"""The checks `plural-count` and `plural-form`.

Belarusian counts with the nominative singular, the nominative plural and the genitive plural (1 дзень, 2 дні, 5 дзён),
Russian with the nominative singular, the genitive singular and the genitive plural (1 день, 2 дня, 5 дней). Without a
dictionary the cases are told by what their endings can never be; the patterns hold for the nouns of GrammarDB and of
OpenCorpora, but for the exceptions that are named.

Source: `docs/orthography.md`, section 14.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from constanta.catalogs.checks.plural_rules import count_forms
from constanta.catalogs.checks.text import MARK
from constanta.errors import Sentence, sentence

_COUNTED = re.compile(rf"{MARK}(?:\s+(?P<words>[^\W\d_](?:[^\W\d_]|[ \u00a0\u202f'’_-])*))")
_SHORT = re.compile(r"[A-ZА-ЯЁІЎ]{2,}|.{1,2}")
_ENDS_IN_VOWEL = re.compile(r"[аеёиіоуыэюя]$")

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
# Where a word stands before the number, or the forms are in another case, the second form is as the third.
_OBLIQUE = re.compile(r"(?:ам|ям|амі|ямі|ами|ями|ах|ях|мі|ми)$")
_ANY_WORD = re.compile(r"[^\W\d_]{2}")
_MASCULINE_IN_SOFT_SIGN = re.compile(
    r"(?<!оби)(?<!доброде)(?<!кани)(?<!не)(?<!ме)[аяеиы]тель$|(?<!ут)(?<!\bт)(?<!з)варь$|(?:[лнст]|ек|ух)арь$|ырь$"
    r"|^(?:автомобиль|ансамбль|апрель|бинокль|вексель|вождь|гвоздь|госпиталь|гость|декабрь|дождь|зверь|зять|июль|июнь|кабель"
    r"|картель|князь|контроль|конь|корабль|король|лагерь|медведь|модуль|ноль|нуль|ноябрь|огонь|октябрь|отель|пароль|патруль"
    r"|портфель|профиль|рубль|руль|сентябрь|спектакль|стиль|тесть|уголь|февраль|фестиваль|якорь)$"
)
_PREDICATE = re.compile(
    r"(?:цца|тся|лся|лась|лось|лись|ўся|лася|лося|ліся)$"
    r"|^(?:абран|адпраўлен|апублікаван|асуджан|вызвален|выбран|выдален|выканан|дададзен|добавлен|завершён|загружан|загружен"
    r"|задержан|затрыман|захаван|змен[её]н|знойдзен|изменен|изменён|найден|опубликован|освобождён|осуждён|отправлен"
    r"|падпісан|перакладзен|переведён|подписан|прачытан|прочитан|создан|сохранён|сохранен|створан|удал[её]н)[аоы]?$"
)
_GENITIVE_PLURAL = re.compile(
    r"^(?:абазін|абазин|авар|асяцін|осетин|балкар|башкір|башкир|ботинок|бурят|валенок|волос|глаз|грузін|грузин|карел|лезгін"
    r"|лезгин|партызан|партизан|погон|раз|румын|салдат|солдат|сапог|туркмен|турок|уйгур|цыган|чалавек|человек|чулок)$"
    r"|(?:ампер|байт|біт|бит|ват|ватт|вольт|герц|грам|грамм|ом|рентген|мікрон|микрон|дэцыбел|децибел)$"
)
_PLURAL_ONLY = re.compile(
    r"^(?:акуляры|очки|вароты|ворота|выбары|выборы|грошы|деньги|дзверы|дровы|дрова|дэбаты|дебаты|заробкі|канікулы|каникулы"
    r"|нажніцы|ножницы|паводзіны|перамовы|переговоры|роды|сані|сани|санкі|санки|суткі|сутки|шахматы)$"
)
_GOVERNS = re.compile(
    r"(?:^|\s)(?:з|са|са|у|ў|ва|на|аб|да|ад|для|каля|больш|менш|звыш|сярод|паміж|пры|без|праз|за|па|к|ко|к|из|изо|в|во|о|об"
    r"|обо|от|до|около|через|более|менее|больше|меньше|свыше|среди|между|при|с|со|по|про|пра|акрамя|кроме|под|пад|над)"
    r"[\s\u00a0]+$",
    re.IGNORECASE,
)
_MASCULINE_IN_SOFT_SIGN = re.compile(
    r"(?<!оби)(?<!доброде)(?<!кани)(?<!не)(?<!ме)[аяеиы]тель$|(?<!ут)(?<!\bт)(?<!з)варь$|(?:[лнст]|ек|ух)арь$|ырь$"
    r"|^(?:автомобиль|ансамбль|апрель|бинокль|вексель|вождь|гвоздь|госпиталь|гость|декабрь|дождь|зверь|зять|июль|июнь|кабель"
    r"|картель|князь|контроль|конь|корабль|король|лагерь|медведь|модуль|ноль|нуль|ноябрь|огонь|октябрь|отель|пароль|патруль"
    r"|портфель|профиль|рубль|руль|сентябрь|спектакль|стиль|тесть|уголь|февраль|фестиваль|якорь)$"
)
_VERB = re.compile(r"(?:ся|сь|цца|ць|ть)$")
_SHORT_PARTICIPLE = re.compile(r"(?:[ауя]в|[чжшлнсз]|дз|бр|щ)[аеё]н[аоы]?$")
_GENITIVE_PLURAL = re.compile(r"(?:[аяоё]ў|[оеё]в|[еэ]й)$")
_INHABITANT = re.compile(r"[ая]н[іи]н$")
_RU_ADJECTIVE = re.compile(r"(?:[ыи]й|ой|ая|яя|ое|ее)(?:ся)?$")
_RU_ADJECTIVE_PLURAL = re.compile(r"[ыи](?:х|е)(?:ся)?$")
_BE_ADJECTIVE = re.compile(r"(?:[ыі]|ая|яя|ае|яе|ое)$")


@dataclass(frozen=True, slots=True)
class Noun:
    """The word that is counted, in the three forms of an entry."""

    one: str
    few: str
    many: str


def count_problem(forms: Sequence[str], language: str) -> Sentence | None:
    """Return what is wrong with the number of forms of a plural entry that has any text."""
    expected = count_forms(language)
    if expected and len(forms) != expected:
        return sentence(
            "The entry has %(found)s forms, the language needs %(expected)s.",
            found=len(forms),
            expected=expected,
        )
    empty = [index for index, form in enumerate(forms) if not form.strip()]
    if empty:
        return sentence("The form msgstr[%(form)s] is empty; write all forms.", form=empty[0])
    return None


def form_problem(masked: Sequence[str], language: str) -> Sentence | None:
    """Return what is wrong with the cases of the counted noun in three masked forms; None where nobody can tell."""
    if len(masked) != 3:
        return None
    places = [list(_COUNTED.finditer(form)) for form in masked]
    if len({len(found) for found in places}) != 1:
        return None
    for matches in zip(*places, strict=True):
        noun = _find_noun([match["words"].split() for match in matches], language)
        if noun is None or (len(places[0]) > 1 and noun.one == noun.few == noun.many):
            continue  # another placeholder is the counted one
        governed = bool(_ANY_WORD.search(masked[0][: matches[0].start()]))
        if _equal_forms(noun) or _wrong_case(noun, language, governed=governed):
            return _advice(noun, language)
        return None
    return None


def _advice(noun: Noun, language: str) -> Sentence:
    forms = f"{noun.one} / {noun.few} / {noun.many}"
    if language == "be":
        return sentence(
            "“%(forms)s”: Belarusian counts 1 дзень (nominative), 2 дні (nominative plural), 5 дзён (genitive plural).",
            forms=forms,
        )
    return sentence(
        "“%(forms)s”: Russian counts 1 день (nominative), 2 дня (genitive singular), 5 дней (genitive plural).",
        forms=forms,
    )


def _find_noun(phrases: Sequence[Sequence[str]], language: str) -> Noun | None:
    """Return the first word of the phrases that is no adjective, or the last adjective where there is nothing else."""
    noun = None
    for one, few, many in zip(*phrases, strict=False):
        if any(_SHORT.fullmatch(word) for word in (one, few, many)):
            return None
        if all(_PREDICATE.search(word) for word in (one, few, many)):
            return None
        noun = Noun(one.lower(), few.lower(), many.lower())
        if not _is_adjective(noun, language):
            return noun
    return noun


def _is_adjective(noun: Noun, language: str) -> bool:
    if language == "be":
        return bool(
            _BE_ADJECTIVE.search(noun.one)
            and re.search(r"[ыі]я$|[ыі]х$", noun.few)
            and re.search(r"[ыі]х$", noun.many)
        )
    plural = _RU_ADJECTIVE_PLURAL.search(noun.few) and _RU_ADJECTIVE_PLURAL.search(noun.many)
    return bool(_RU_ADJECTIVE.search(noun.one) and plural)


def _equal_forms(noun: Noun) -> bool:
    """Return whether forms are equal that cannot be."""
    one, few, many = noun.one, noun.few, noun.many
    if one == few == many:
        return not _INDECLINABLE.search(one)
    if one == many:
        return not _SAME_IN_GENITIVE_PLURAL.search(one)
    return one == few and not _PLURAL_ONLY.search(one)


def _wrong_case(noun: Noun, language: str, *, governed: bool) -> bool:
    """Return whether an ending stands where it cannot stand."""
    one, few, many = noun.one, noun.few, noun.many
    if one == few == many or _PLURAL_ONLY.search(one):
        return False
    if few == many and (governed or _OBLIQUE.search(few)):
        return False
    if _is_adjective(noun, language):
        return language == "ru" and not re.search(r"[ыи]х(?:ся)?$", many)
    if re.search(r"[ыиі]$", one) or _ENDS_IN_VOWEL.search(many):
        return True
    swapped = _GENITIVE_PLURAL.search(one) and not _GENITIVE_PLURAL.search(many)
    if swapped or (_INHABITANT.search(many) and many.startswith(one)):
        return True
    return _wrong_few_be(few, many) if language == "be" else _wrong_few_ru(one, few)


def _wrong_few_be(few: str, many: str) -> bool:
    """The nominative plural ends in -ы, -і, or in -е after a consonant (грамадзяне); in -ыя, -ія only adjectives do."""
    if re.search(r"[ыі]я$", few):
        return not re.search(r"[ыі]х$", many)
    return not re.search(r"[ыі]$|[^аеёіоуыэюя]е$", few)


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

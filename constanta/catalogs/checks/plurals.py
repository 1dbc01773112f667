"""The checks `plural-count` and `plural-form`.

Source: `docs/orthography.md`, section 14; how nouns are counted is told in `nouns`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from constanta.catalogs.checks.nouns import Noun, is_wrong
from constanta.catalogs.checks.plural_rules import count_forms
from constanta.catalogs.checks.text import MARK
from constanta.errors import Sentence, sentence

_COUNTED = re.compile(rf"{MARK}\s+(?P<words>[^\W\d_](?:[^\W\d_]|[ \u00a0\u202f'’_-])*)")
_ANY_WORD = re.compile(r"[^\W\d_]{2}")
_SHORT = re.compile(r"[A-ZА-ЯЁІЎ]{2,}|.{1,2}")
_VERB = re.compile(r"(?:[еёиуюая]т|ць|[аяуы]е)$")
_PREDICATE = re.compile(
    r"(?:цца|тся|лся|лась|лось|лись|ўся|лася|лося|ліся)$"
    r"|^(?:абран|адпраўлен|апублікаван|асуджан|вызвален|выбран|выдален|выканан|дададзен|добавлен|завершён|загружан|загружен"
    r"|задержан|затрыман|захаван|змен[её]н|знойдзен|изменен|изменён|найден|опубликован|освобождён|осуждён|отправлен"
    r"|падпісан|перакладзен|переведён|подписан|прачытан|прочитан|создан|сохранён|сохранен|створан|удал[её]н)[аоы]?$"
)


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
    places = [list(_COUNTED.finditer(form)) for form in masked]
    if len(masked) != 3 or len({len(found) for found in places}) != 1:
        return None
    for matches in zip(*places, strict=True):
        noun = _find_noun([match["words"].split() for match in matches], language)
        if noun is None or (len(places[0]) > 1 and noun.same):
            continue  # another placeholder is the counted one
        governed = bool(_ANY_WORD.search(masked[0][: matches[0].start()]))
        return _advice(noun, language) if is_wrong(noun, language, governed=governed) else None
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
        if any(map(_SHORT.fullmatch, (one, few, many))) or _is_predicate(one, few, many):
            return None
        noun = Noun(one.lower(), few.lower(), many.lower())
        if not noun.is_adjective(language):
            return noun
    return noun


def _is_predicate(one: str, few: str, many: str) -> bool:
    """Return whether a verb or a participle follows the number rather than a noun."""
    forms = (one, few, many)
    return all(map(_PREDICATE.search, forms)) or (one != many and all(map(_VERB.search, forms)))

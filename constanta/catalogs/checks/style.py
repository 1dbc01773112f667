"""The checks `scare-quotes` and `style-illegal`: how the organisation writes of people and of labels.

Source: `docs/orthography.md`, sections 21 and 22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from constanta.catalogs.checks.rules import SITE, Form, Hit, Rule
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

# --- scare-quotes --------------------------------------------------------------------------------------------------

_LABEL = r"(?:(?:ant[iy]|contra|counter)-?)?(?:extremis|terroris|terror)|(?:ант[иы]|контр)?-?(?:экстр[эе]м[иі]|т[эе]р+[ао]р)"
_QUOTED_LABEL = re.compile(rf"[«„“‘\"'‚‹]\s?(?:{_LABEL})", re.IGNORECASE)
_MARKS = frozenset("«„“‘\"'‚‹")
_LABELS = re.compile(r"xtremis|terror|кстр[эе]м|т[эе]р+[ао]р", re.IGNORECASE)


def _find_labels(form: Form) -> Iterator[Hit]:
    if _MARKS.isdisjoint(form.source.chars) or not _LABELS.search(form.source.masked):
        return
    wanted = len(_QUOTED_LABEL.findall(form.source.masked))
    found = len(_QUOTED_LABEL.findall(form.masked))
    if found < wanted:
        text = sentence(
            "The source has a label of the authorities in quotation marks; the translation keeps them."
        )
        yield Hit(text, _unquoted_labels(form.masked))


_UNQUOTED_LABEL = re.compile(rf"(?<![\w«„“‘\"'‚‹])(?:{_LABEL})\w*", re.IGNORECASE)


def _unquoted_labels(masked: str) -> tuple[tuple[int, int, None], ...]:
    match = _UNQUOTED_LABEL.search(masked)
    return ((*match.span(), None),) if match else ()


# --- style-illegal -------------------------------------------------------------------------------------------------

_PEOPLE = {
    "be": r"(?:[эі]м?)?мігрант\w*|бежан(?:ец|ц|к|ак)\w*|уцякач\w*|людз\w+|чалавек\w*|асоб(?:[аыу]|ай|аю|е|ам|амі|ах)?|замежні[кцч]\w*"
    r"|іншазем(?:ец|ц|к)\w*|чужазем(?:ец|ц)\w*|грамадзян(?:ін\w*|к\w*|ак|[еаы]|ам|амі|ах)?|шукальні[кц]\w*|работні[кц]\w*|працаўні[кц]\w*"
    r"|дзец(?:і|ям|ях)|дзецьмі|дзяц(?:ей|ём)|дзіц[яё]\w*|жанчын\w*|мужчын\w*|дзяўчын\w*|хлопц\w*|перасялен(?:ец|ц|к)\w*"
    r"|пасажыр\w*|студэнт\w*|турыст\w*|прыезджы\w*|суседз\w*|сем[’'ʼ]?і|сям[’'ʼ]\w+",
    "ru": r"(?:[эи]м?)?мигрант\w*|бежен(?:ец|ц|к|ок|_)\w*|люд(?:ей|и|ям|ьми|ях)|человек(?:а|у|ом|е)?|лиц(?:[ао]|у|ом|ам|ами|ах)?"
    r"|иностран(?:ец|ц|к|ок)\w*|чужезем\w*|граждан(?:ин\w*|к\w*|ок|[еа]|ам|ами|ах)?|искател\w*|работник\w*|работниц\w*|трудящ\w*"
    r"|дет(?:и|ей|ям|ьми|ях)|реб[её]н(?:ок|к)\w*|женщин\w*|мужчин\w*|девуш\w*|парн\w+|переселен(?:ец|ц|к)\w*|пассажир\w*|студент\w*"
    r"|турист\w*|приезж\w*|сосед\w*|семь\w+",
}
# Endings of adjectives; two adjectives before one noun have endings of one group.
_ENDINGS = (
    "ыя|ія|ые|ие",
    "ых|іх|их",
    "ым|ім|им",
    "ымі|імі|ыми|ими",
    "ага|яга|ога|ого|его",
    "аму|яму|ому|ему",
    "ая|яя",
    "ую|юю",
    "ы|і|ый|ий",
    "ом|ем",
)
_OTHER_ENDINGS = "ай|яй|аю|яю|ой|ей|ою|ею|ае|яе|ое|ее"
_DENIED = re.compile(
    r"не бывае|не бывает|не бываць|не бывать|няма|не існуе|не существует|ніхто не|никто не", re.IGNORECASE
)
_DISCUSSED = re.compile(
    r"[«„“‘\"'](?:so-called )?(?:illegal|нелегал)|(?:no|nobody|no human|no person|nobody|never)(?: \w+){0,3} illegal"
    r"|н[иі]кто не (?:бывает )?нелегал|ніхто не нелегал|не быва",
    re.IGNORECASE,
)
_ILLEGAL_EN = re.compile(
    r"\billegals?(?=\s+(?:im)?migrants?\b|\s+(?:aliens?|refugees?|people|persons?|foreigners?|workers?|children)\b)"
    r"|\billegals\b|\b(?:an?|the|these|those|many|\d+) illegal(?=[.,;:!?”’\"]|$)",
    re.IGNORECASE,
)
_WORTH_LOOKING = {
    "be": re.compile(r"нелегал|незаконн", re.IGNORECASE),
    "ru": re.compile(r"нелегал|незаконн", re.IGNORECASE),
    "en": re.compile(r"illegal", re.IGNORECASE),
}


@cache
def _compile_illegal(language: str) -> re.Pattern[str]:
    """Return what finds the words in a language; few catalogs have any, and it takes long to compile."""
    if language == "en":
        return _ILLEGAL_EN
    people = _PEOPLE[language]
    agreeing = "|".join(rf"(?:{e})(?:[»“”\"]?\s+[^\W\d_]+(?:{e}))?" for e in _ENDINGS)
    return re.compile(
        rf"(?<!\w)(?:нелегал(?:к\w*|ак|ок|[аеуыі]|аў|ов|ам|ами?|амі|ах|ом)?(?!\w)"
        rf"|(?:нелегальн|незаконн)(?:{agreeing}|{_OTHER_ENDINGS})[»“”\"]?\s+[«„“\"]?(?:{people})(?!\w))",
        re.IGNORECASE,
    )


_QUOTATION = re.compile(r"[«„“\"][^«»„“”\"]*[»“”\"]")


def _find_illegal(form: Form) -> Iterator[Hit]:
    masked = form.masked
    if not _WORTH_LOOKING[form.language].search(masked):
        return
    discussed = _DISCUSSED.search(form.source.masked)
    for match in _compile_illegal(form.language).finditer(masked):
        if discussed and (_is_quoted(masked, match) or _DENIED.search(masked) or form.language == "en"):
            continue
        yield Hit(_ADVICE[form.language], ((*match.span(), None),))


def _is_quoted(masked: str, match: re.Match[str]) -> bool:
    """Return whether at least the beginning of a match stands in quotation marks."""
    return any(
        quotation.start() < match.start() < quotation.end() for quotation in _QUOTATION.finditer(masked)
    )


_ADVICE = {
    "be": sentence(
        "Nobody is illegal. Write “чалавек без дакументаў”, “чалавек, які перасёк мяжу па-за пунктамі пропуску”, "
        "“нерэгулярная міграцыя”."
    ),
    "ru": sentence(
        "Nobody is illegal. Write “человек без документов”, “человек, пересёкший границу вне пунктов пропуска”, "
        "“нерегулярная миграция”."
    ),
    "en": sentence("Nobody is illegal. Write “undocumented person”, “irregular migration”."),
}

RULES = (
    Rule("scare-quotes", Severity.ERROR, _find_labels, SITE),
    Rule("style-illegal", Severity.ERROR, _find_illegal, SITE),
)

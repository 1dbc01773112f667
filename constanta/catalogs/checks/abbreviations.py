"""Abbreviations that bring their own full stop."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(
    r"(?<![\w’'])(?:"
    # Belarusian and Russian
    r"гг?|ст|стст|вв?|тыс|млн|млрд|руб|коп|гадз|хв|сек|мин|ч|с|стар|р|рр|вул|пр|прасп|пл|кв|каб|п|пп|арт|гл|абз|рэд|ред|рыс|рис"
    r"|табл|інш|др|г\.[ \u00a0\u202f]?д|т\.[ \u00a0\u202f]?[дпі]|т\.[ \u00a0\u202f]?ч|т\.[ \u00a0\u202f]?зв|т\.[ \u00a0\u202f]?н|т\.[ \u00a0\u202f]?е|н\.[ \u00a0\u202f]?э"
    r"|студз|лют|сак|крас|чэрв|ліп|жн|вер|кастр|ліст|снеж|янв|февр?|апр|авг|сент?|окт|нояб?|дек|пан|аўт|сер|чацв|пят|суб"
    r"|тэл|тел|моб|ім|им|напр|гр|акад|праф|проф|канд|док|[А-ЯЁІЎ]"
    # English
    r"|etc|Inc|Ltd|Co|Corp|Jr|Sr|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vol|ed|eds|vs|approx|[ap]\.m|e\.g|i\.e|cf|al|pp?|U\.S|U\.K|U\.N|E\.U"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    # Several capitals: N.R.M. (One alone may end a sentence: vitamin C.)
    r"|[A-Z](?:\.[A-Z])+"
    r")\.[»“”\"’')\]\s]*$"
)


_LONGEST = 24


def ends_in_abbreviation(text: str) -> bool:
    """Return whether the full stop at the end of a text can belong to an abbreviation."""
    return bool(_ABBREVIATION.search(text[-_LONGEST:]))

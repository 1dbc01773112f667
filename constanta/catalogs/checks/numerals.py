"""Numbers up to ten as words, in any case and as the first part of a compound word (`трохдзённы`, `five-year`).

They are for the check `numbers`, which lets such a number change into a word and back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Each pattern stands for whole words; `~` stands for the rest of a compound word.
_EN = {
    0: "zero",
    1: "one|once|first|single",
    2: "two|twice|second|both|couple|pair|double|two~",
    3: "three|thrice|third|triple|three~",
    4: "four|fourth|four~",
    5: "five|fifth|five~",
    6: "six|sixth|six~",
    7: "seven|seventh|seven~",
    8: "eight|eighth|eight~",
    9: "nine|ninth|nine~",
    10: "ten|tenth|ten~",
}
_BE = {
    0: "нул(?:ь|я|ю|ём|і)|нулявы~",
    1: "адз[іі]н|адн(?:аго|аму|ым|а|ой|ою|у|о|ы|ых|ымі)|перш~|адна(?!к)~|раз",
    2: "дв(?:а|ух|ум|ума)|дзв(?:е|юх|юм|юма)|дво(?:е|іх)|абодв(?:а|ух|ум|ума)|абедзв(?:е|юх|юм|юма)|друг~|пар(?:а|ы|у|ай)"
    "|двух~|дву~|двой~|двойч[ыі]",
    3: "тр(?:ы|ох|ом|ыма)|тро(?:е|іх)|трэц~|трох~|трой~|тройч[ыі]|тры~",
    4: "чатыр(?:ы|ох|ом|ма)|чацв[её]р~|чатырох~",
    5: "пяц(?:ь|і|цю)|пят(?!ні[цч])~|пяц[ёе]р~|пяці~",
    6: "шэсц(?:ь|ю)|шасц(?:і|ю)|шост~|шасц[ёе]р~|шасці~",
    7: "сем|сям(?:і|ю)|с[её]м(?:ы|ага|аму|ым|ая|ай|ую|ае|ыя|ых|ымі)|сям[ёе]р~|сямі~",
    8: "вос(?:ем|ьмю)|васьм(?:і|ю)|восьм~|васьм[ёе]р~|васьмі~",
    9: "дзевяц(?:ь|цю)|дзевяці|дзявят~|дзявяц~|дзевяці~",
    10: "дзесяц(?:ь|цю)|дзесяці|дзясят~|дзесят~|дзясятк~|дзесяці~",
}
_RU = {
    0: "нол(?:ь|я|ю|ём|е)|нул(?:ь|я|ю|ём|е)|нулев~",
    1: "один|одн(?:ого|ому|им|ом|а|ой|у|о|и|их|ими)|перв~|одно~|раз",
    2: "дв(?:а|е|ух|ум|умя)|дво(?:е|их)|об(?:а|оих|оим|оими|е|еих|еим|еими)|втор(?!ни[кч])~|пар(?:а|ы|у|ой)|двух~|двой~|дважды|дву~",
    3: "тр(?:и|[её]х|[её]м|емя)|тро(?:е|их)|трет~|тр[её]х~|трой~|трижды|три~",
    4: "четыр(?:е|[её]х|[её]м|ьмя)|четверо|четверых|четв[её]рт~|четыр[её]х~|четырежды",
    5: "пят(?:ь|и|ью)|пят(?!ни[цч])~|пятер~|пяти~",
    6: "шест(?:ь|и|ью)|шест~|шестер~|шести~",
    7: "сем(?:ь|и|ью)|седьм~|семер~|семи~",
    8: "вос(?:емь|ьми|емью|ьмью)|восьм~|восьми~",
    9: "девят(?:ь|и|ью)|девят~|девяти~",
    10: "десят(?:ь|и|ью)|десят~|десяти~",
}


def _compile(words: Mapping[int, str]) -> dict[int, re.Pattern[str]]:
    patterns = {number: pattern.replace("~", r"[\w-]+") for number, pattern in words.items()}
    return {n: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for n, pattern in patterns.items()}


NUMERALS: Mapping[str, Mapping[int, re.Pattern[str]]] = {
    "en": _compile(_EN),
    "be": _compile(_BE),
    "ru": _compile(_RU),
}
"""For each language, what the numbers from 0 to 10 look like in words."""

MULTIPLES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\s*(?:(thousand)|(million|mln|m)|(billion|bn))(?!\w)", re.IGNORECASE),
    "be": re.compile(r"\s*(?:(тыс\w*)|(млн|мільён\w*)|(млрд|мільярд\w*))(?!\w)", re.IGNORECASE),
    "ru": re.compile(r"\s*(?:(тыс\w*)|(млн|миллион\w*)|(млрд|миллиард\w*))(?!\w)", re.IGNORECASE),
}
"""For each language, the words that multiply the number before them by a thousand, a million, a milliard."""

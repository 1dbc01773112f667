"""The checks `be-yo` and `be-tarask`: letters left out, and the other orthography.

Source: `docs/orthography.md`, sections 17 and 24. No word of GrammarDB, which has the official orthography of 2008, is hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from constanta.catalogs.checks.rules import (
    BELARUSIAN,
    Form,
    Hit,
    Judgement,
    Rule,
    judge_words,
)
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

# --- be-yo ---------------------------------------------------------------------------------------------------------

_HARD_ADJECTIVE = "(?:ы|ая|ага|аму|ым|ай|ую|ае|ыя|ых|ымі|а)$"
_SOFT_ADJECTIVE = "(?:і|ая|ага|аму|ім|ай|ую|ае|ія|іх|імі|а)$"
_NOUN = "(?:$|[аеуы]$|ам$|амі$|ах$|аў$)"

_AGENT = "Ер(?:$|[аеуыкс]|ам$|амі$|ах$|аў$)"

# The capital Е is the letter that must be ё; each word is one that does not exist with е.
_STEMS = (
    "^Ен$",
    "^сЕння",
    "^(?:на)?заўсЕды$",
    "^сЕле(?:та$|тн)",
    f"^(?:не|па)?далЕк(?:{_SOFT_ADJECTIVE}|асц)",
    "^(?:непа|з|зда|спака?)?далЕку?$",
    f"^(?:што|злаба|паўся|двух|трох|чатырох|пяці|сямі|дзесяці|шмат|адна)дзЕнн(?:{_HARD_ADJECTIVE}|асц)",
    "^(?:праца)?дзЕн$",
    f"(?:(?<!э)міль|біль|трыль|медаль|баталь|павіль|кань|шампінь|кампань)Ен(?:н|{_NOUN})",
    f"^(?:мікра|між)?раЕн(?:н{_HARD_ADJECTIVE}|{_NOUN})",
    f"^(?:рэгі|стады|аўкцы|шпі|чэмпі|пансі|рацы|легі)Ен(?:н|к|{_NOUN})",
    f"(?:партн|акц|рэжыс|валанц|суфл|шахц|манц|бакс|жангл|кантрал|гуверн|парламенц|рэпарц|фантаз){_AGENT}",
    f"(?:вахц|каскадз|транспарц|экспарц|імпарц|марадз|хранік|дактрын){_AGENT}",
    f"^аб[’']?Ем(?:н{_HARD_ADJECTIVE}|іст|{_NOUN})",
    f"^(?:пад|уз|ўз)[’']Ем(?:н|{_NOUN})",
    f"^(?:радыё)?прыЕм(?:нік|шчык|ыш|ачн|к|{_NOUN})",
    f"^наЕмн(?:ік|{_HARD_ADJECTIVE})",
    f"^(?:праца|матэрыяла|энерга)?Емк(?:асц|{_SOFT_ADJECTIVE})",
    f"^(?:не|па|а)?знаЕм(?:ств|ец$|цы$|іц|іл|{_HARD_ADJECTIVE})",
    "^(?:сур|кур)[’']Езн",
    "^(?:ідыЕ[тц]|патрыЕт|перыЕдык|антыбіЕтык|туберкулЕз|скрупулЕзн|грандыЕзн)",
    "^(?:пра|не|да|пажы|безжы|ажы)?(?:жы|бы|разві|адкры|закры|раскры|пакры|укры|ўкры|пачу|забы|набы|прыбы|адбы|чу)ццЕ(?:$|м$|в)",
    f"^(?:не)?(?:зял|шал)Ен{_HARD_ADJECTIVE}",
    f"^(?:паў|не)?цЕмн(?:{_HARD_ADJECTIVE}|асц)",
    f"^(?:не|ня)?цвЕрд(?:{_HARD_ADJECTIVE}|асц)",
    f"^(?:не|ня)?лЕгк(?:{_SOFT_ADJECTIVE}|асц)",
    f"^цЕпл{_HARD_ADJECTIVE}",
    f"^(?:не|ня)?вясЕл{_HARD_ADJECTIVE}",
    "^(?:пасЕл|маЕнт|унЕс|ўнЕс)(?:ак$|к[аіу]$|каў$|кам)",
    "^сЕстр(?:ы|ам|ах|амі)$",
    "^цЕт(?:к[аіу]$|ак$|кам)",
    "^(?:самал|вертал|прыл|узл|ўзл)Ет(?:$|[ауы]$|аў$|ам$|амі$|ах$|ны|чык)",
    "^(?:пры|за|да|пера|пад|ад|аб|на|у|ў|пра|з|суад)(?:нЕс|вЕз)(?:ся)?$",
    "^(?:пры|да|у|ў|з|пера)вЕў(?:ся)?$",
    "^магілЕ[ўв]",
    "(?:верасн|вучн|крамл)Еўск",
    f"^(?:што|двух|трох)?(?:тыдн|паўдн|гандл)Ев{_HARD_ADJECTIVE}",
    "^(?:кулям|мінам|гранатам)Ет",
    "^чарцЕж",
    "^кіЕск",
    f"^чацвЕрт{_HARD_ADJECTIVE}",
    f"^сЕм{_HARD_ADJECTIVE}",
    "^маЕмас[нц]",
    "^(?:імЕны|плямЕны|жывЕлы?|мЕртвы|лЕтчы[кц])",
)
_YO = re.compile("|".join(_STEMS).replace("Е", "е"))


@cache
def _yo_places() -> tuple[re.Pattern[str], ...]:
    """Return what finds the letter in each of the words; few catalogs need it, and it takes long to compile."""
    return tuple(re.compile(stem.replace("Е", "(?P<yo>е)")) for stem in _STEMS if stem.count("Е") == 1)


def _judge_yo(word: str) -> Judgement | None:
    small = word.lower()
    if "е" not in small or not _YO.search(small):
        return None
    match = next(found for found in (place.search(small) for place in _yo_places()) if found)
    place = match.start("yo")
    return place, place + 1, "Ё" if word[place].isupper() else "ё"


def _find_yo(form: Form) -> Iterator[Hit]:
    for start, (first, last, letter) in judge_words(form, _judge_yo):
        text = sentence(
            "This word is written with ё, which is a letter of its own in Belarusian and never left out."
        )
        yield Hit(text, ((start + first, start + last, letter),))


# --- be-tarask -----------------------------------------------------------------------------------------------------

# Official words with such clusters: ледзьве, imperatives (абвесьце, абвесься), бабусьцы, супрацьцынготны, калісьці.
_SOFTENED = re.compile(
    r"(?<!супрац)(?:(?<=н)ь(?=н)|(?<=л)ь(?=л)|(?<=ц)ь(?=ц(?!е(?:ся)?$|ы$))|(?<=с)ь(?=[снвпл]|ц(?!е(?:ся)?$|ы$))(?!ся$)"
    r"|(?<=з)ь(?=[знвл]|дз))",
    re.IGNORECASE,
)
_WITH_PARTICLE = re.compile(
    r"^(?:ад)?(?:як\w*|хто|што|каго|чаго|каму|чаму|кім|чым|чый|чы\w{1,3}|калі|дзе|куды|скуль|куль|наштоя?|колькі|навошта|такі?)сьці$"
    r"|ледзьве|^(?:восьнік|квасьнеўск|учадзьва|медзьз)"
)
_CLASSICAL = re.compile(
    r"^эўр[оа]|[уў]нівэрс|сыстэм|парлямэнт|дакумэнт|прэзыдэнт|рэзыдэнт|музэ[йяюі]|газэт|сытуац|сымбал|псых|сэрвэр|лібэр|канфэр"
    r"|рэфэрэн|амэрык|апэрац|дысэрт|фэдэр|пэрспэктыв|пэрсан|кансэрв|сэнат|сэзон|сэктар|сэмінар|пэнсі|вэрсі|лёгік|філёз|каталёг"
    r"|(?:ды|ман|ідэ|тэхн|сацы|бі|эк|псіх|археа|ге)[аяо]лёг|(?:^|[аэ])пазыцы[яіюй]"
    r"|^(?:лягер|клюб|лёндан|лятві|бэльгі|блёк|сэсі|фізычн|мэтад|мэдыц|сэкрэт|сынтэ|сэры[яюй]|лягатып)"
    r"|^(?:аэра)?плян(?:$|[аеуы]$|ам$|аў$|амі$|ах$|ав|іро|іру)"
)


def _judge_classical(word: str) -> Judgement | None:
    small = word.lower()
    if "ь" in small and _SOFTENED.search(small) and not _WITH_PARTICLE.search(small):
        return 0, len(word), "" if _CLASSICAL.search(small) else _SOFTENED.sub("", word)
    return (0, len(word), "") if _CLASSICAL.search(small) else None


def _find_classical(form: Form) -> Iterator[Hit]:
    for start, (first, last, official) in judge_words(form, _judge_classical):
        text = sentence(
            "This word is in the classical orthography; the site follows the official one of 2008."
        )
        yield Hit(text, ((start + first, start + last, official or None),))


RULES = (
    Rule("be-yo", Severity.WARNING, _find_yo, BELARUSIAN),
    Rule("be-tarask", Severity.WARNING, _find_classical, BELARUSIAN),
)

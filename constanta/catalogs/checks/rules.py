"""What a check is: a rule that looks at one form of one translation and says what it hits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from constanta.catalogs.checks.text import WORD, Edit, Text
from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.po import Message
from constanta.errors import Sentence

BELARUSIAN = frozenset({"be"})
CYRILLIC_PAIR = frozenset({"be", "ru"})
SITE = frozenset({"be", "ru", "en"})


Judgement = tuple[int, int, str]
"""What is wrong in a word: from where to where, and what should stand there."""

WORDS_TO_REMEMBER = 1 << 14
"""How many words a check remembers its judgement of: a few megabytes."""


@dataclass(slots=True)
class Form:
    """One form of a translation, with the source that it translates.

    Attributes:
        message: The whole entry.
        index: Which form, from 0.
        text: The form.
        source: The `msgid` of the form; for plural entries the `msgid_plural`.
        language: The primary language of the catalog (`be`, `pt`).
        source_language: The language of `source`.
        markdown: Whether both are inline Markdown rather than a message of the interface.
        interpolated: Whether the page fills in placeholders even where no flag says so, as Jinja does.
        suppressed: The ids of the checks that the translator has switched off here.
        masked: The masked text of the form.
        chars: Its characters, but for Cyrillic letters and spaces.
    """

    message: Message
    index: int
    text: Text
    source: Text
    language: str
    source_language: str = "en"
    markdown: bool = False
    interpolated: bool = False
    suppressed: frozenset[str] = frozenset()
    masked: str = field(init=False)
    chars: frozenset[str] = field(init=False)
    _words: list[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.masked = self.text.masked
        self.chars = self.text.chars

    @property
    def words(self) -> list[str]:
        """The words of the masked text, in their order."""
        if self._words is None:
            self._words = WORD.findall(self.masked)
        return self._words


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule says about one place of a form.

    Attributes:
        text: What is wrong and what to do.
        edits: Where in the masked text; empty means the whole form.
        severity: Where it is not the rule's own, but a lower one.
        raw: Whether `edits` are places in the raw text rather than in the masked one.
    """

    text: Sentence
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of one form.

    Attributes:
        check: Its id in `docs/orthography.md`.
        severity: Of a hit that names no other.
        find: What looks for hits.
        languages: The languages that it is for; None means all.
        needs: Characters without any of which in the masked text there is nothing to find; empty: it always runs.
    """

    check: str
    severity: Severity
    find: Callable[[Form], Iterable[Hit]]
    languages: frozenset[str] | None = None
    needs: frozenset[str] = frozenset()


def judge_words(form: Form, judge: Callable[[str], Judgement | None]) -> Iterator[tuple[int, Judgement]]:
    """Yield the place of each word that `judge` has something to say about, and what it says.

    `judge` sees a word alone, so it is remembered which words are right: a catalog has few different ones.
    """
    right = _RIGHT[judge]
    if right.issuperset(form.words):
        return
    new = set(form.words) - right
    wrong = {word: judgement for word in new if (judgement := judge(word))}
    if len(right) > WORDS_TO_REMEMBER:
        right.clear()
    right |= new - wrong.keys()
    if not wrong:
        return
    for match in WORD.finditer(form.masked):
        if judgement := wrong.get(match.group()):
            yield match.start(), judgement


_RIGHT: defaultdict[Callable[[str], Judgement | None], set[str]] = defaultdict(set)
"""The words of which each that judges has nothing to say."""


def apply_rules(rules: Sequence[Rule], forms: Sequence[Form]) -> list[list[Finding]]:
    """Return what the rules find in each of the forms, in the order of the rules.

    One rule goes through all the forms before the next does: its code and its patterns stay at hand for the processor.
    """
    findings: list[list[Finding]] = [[] for _ in forms]
    for rule in rules:
        check, needs, find = rule.check, rule.needs, rule.find
        for form, found in zip(forms, findings, strict=True):
            if (needs and needs.isdisjoint(form.chars)) or check in form.suppressed:
                continue
            for hit in find(form):
                found.append(_finding(rule, form, hit))
    return findings


def _finding(rule: Rule, form: Form, hit: Hit) -> Finding:
    span, suggestion = None, None
    if hit.edits:
        span, suggestion = form.text.correct(hit.edits, raw=hit.raw)
    return Finding(
        check=rule.check,
        severity=hit.severity or rule.severity,
        text=hit.text,
        line=form.message.msgstr_line or form.message.line,
        key=form.message.key,
        form=form.index,
        span=span,
        suggestion=suggestion,
    )

"""What the tests of the checks share: a short way to ask which checks complain."""

from __future__ import annotations

from constanta.catalogs.checks.entries import check_message
from constanta.catalogs.findings import Finding
from constanta.catalogs.po import Message, Source

NBSP = "\u00a0"


def findings(
    language: str,
    source: str,
    *translation: str,
    plural: str | None = None,
    flags: tuple[str, ...] = (),
    comments: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    markdown: bool = False,
) -> list[Finding]:
    """Return what the checks find in one entry; ⍽ stands for a no-break space."""
    message = Message(
        Source(source, None, plural),
        tuple(form.replace("⍽", NBSP) for form in translation),
        flags=flags,
        comments=comments,
        references=references,
        line=1,
        msgstr_line=2,
    )
    return check_message(message, language, markdown=markdown)


def ids(language: str, source: str, *translation: str, **entry: object) -> set[str]:
    """Return the ids of the checks that find something in one entry."""
    return {finding.check for finding in findings(language, source, *translation, **entry)}  # type: ignore[arg-type]


def suggestion(language: str, source: str, translation: str, check: str) -> str | None:
    """Return a translation with the suggestions of one check written into it; None where there is none."""
    text = translation.replace("⍽", NBSP)
    found = [f for f in findings(language, source, translation) if f.check == check]
    for finding in sorted(found, key=lambda f: f.span or (0, 0), reverse=True):
        if finding.span is None or finding.suggestion is None:
            return None
        text = text[: finding.span[0]] + finding.suggestion + text[finding.span[1] :]
    return text.replace(NBSP, "⍽") if found else None

"""Findings as text: the place, the sentence, and the caret under what is meant."""

from __future__ import annotations

from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.report import format_annotation, format_finding
from constanta.errors import sentence
from tests.catalogs.parts import current

TEXT = sentence("“%(found)s” is wrong: 100 %% of it, here.", found="улічылі")


def lines(msgstr: str, span: tuple[int, int] | None, suggestion: str | None = None) -> list[str]:
    message = current("Source", msgstr)
    finding = Finding("x", Severity.ERROR, TEXT, key=message.key, span=span, suggestion=suggestion)
    return list(format_finding(finding, "be.po:3", {message.key: message}, str))


def test_a_caret_stands_under_the_place() -> None:
    assert lines("Суды улічылі", (5, 12), "ўлічылі") == [
        "be.po:3: error [x] “улічылі” is wrong: 100 % of it, here.",
        "    Суды улічылі",
        "         ^^^^^^^",
        "    → ўлічылі",
    ]


def test_what_is_not_seen_is_made_visible_and_keeps_the_caret_in_place() -> None:
    assert lines("у\u00a0дом\nе\u200b 日本", (9, 10))[1:] == ["    у⍽дом↵е� 日本", f"    {' ' * 9}^^"]
    assert lines("а\x1b\u2028\ufffe\ue000б", (1, 5))[1:] == ["    а����б", "     ^^^^"]
    assert lines("日本 дом", (3, 6))[2] == f"    {' ' * 5}^^^"


def test_a_long_text_is_cut_around_the_place() -> None:
    text = "а" * 300 + "ББ" + "в" * 300
    shown = lines(text, (300, 302))
    assert shown[1] == f"    …{'а' * 40}ББ{'в' * 40}…"
    assert shown[2] == f"    {' ' * 41}^^"


def test_a_place_without_width_still_has_a_caret() -> None:
    assert lines("Суды", (4, 4))[2] == "        ^"


def test_a_finding_about_the_whole_form_has_no_caret() -> None:
    assert lines("Суды", None) == ["be.po:3: error [x] “улічылі” is wrong: 100 % of it, here.", "    Суды"]


def test_a_finding_about_the_file_is_one_line() -> None:
    finding = Finding("po-syntax", Severity.ERROR, TEXT)
    assert len(list(format_finding(finding, "be.po:1", {}, str))) == 1


def test_an_annotation_is_escaped_as_github_asks() -> None:
    finding = Finding("x", Severity.WARNING, TEXT, line=7)
    assert format_annotation(finding, "a,b:c.po", str) == (
        "::warning file=a%2Cb%3Ac.po,line=7,title=x::“улічылі” is wrong: 100 %25 of it, here."
    )

from __future__ import annotations

import pytest

from constanta.content.markdown import inline_marks, render_body, split_body
from constanta.content.renditions import Text


def test_every_block_with_text_is_one_segment() -> None:
    body = """## Heading

A paragraph
on two lines.

- one *item*
- two

  with a second paragraph

> quoted

| a | b |
|---|---|
| c | d |
"""
    assert [(segment.role, segment.text) for segment in split_body(body)] == [
        ("heading 2", "Heading"),
        ("paragraph", "A paragraph on two lines."),
        ("list item", "one *item*"),
        ("list item", "two"),
        ("list item", "with a second paragraph"),
        ("quotation", "quoted"),
        ("table", "a"),
        ("table", "b"),
        ("table", "c"),
        ("table", "d"),
    ]


def test_a_segment_knows_its_line() -> None:
    assert [segment.line for segment in split_body("one\n\ntwo\n\n- three")] == [0, 2, 4]


def test_breaking_lines_anew_does_not_change_a_segment_but_a_hard_break_does() -> None:
    assert split_body("a b c")[0].text == split_body("a\nb\n  c")[0].text
    assert split_body("a\\\nb")[0].text == "a\\\nb"


def render(body: str, **translations: Text) -> list[tuple[str, str | None]]:
    return [
        (run.html, run.lang) for run in render_body(body, lambda text: translations.get(text, Text(text)))
    ]


def test_a_translation_fills_its_block() -> None:
    assert render("# one\n\ntwo", one=Text("адзін"), two=Text("два")) == [
        ("<h1>адзін</h1>\n<p>два</p>\n", None)
    ]


def test_text_in_another_language_is_marked_and_stands_in_a_run_of_its_own() -> None:
    runs = render(
        "one\n\ntwo\n\nthree", one=Text("адзін"), two=Text("two", "en", "missing"), three=Text("тры")
    )
    assert runs == [
        ("<p>адзін</p>\n", None),
        ('<p lang="en">two</p>\n', "en"),
        ("<p>тры</p>\n", None),
    ]


def test_runs_differ_by_reason_too() -> None:
    runs = render_body(
        "one\n\ntwo", lambda text: Text(text, "en", "missing" if text == "one" else "outdated")
    )
    assert [run.reason for run in runs] == ["missing", "outdated"]


def test_an_item_of_a_tight_list_is_marked_by_itself() -> None:
    assert render("- one\n- two", one=Text("адзін"), two=Text("two", "en", "missing")) == [
        ('<ul>\n<li>адзін</li>\n<li><span lang="en">two</span></li>\n</ul>\n', "en")
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "# heading",
        "- item",
        "> quote",
        "    code",
        "| a |\n|---|",
        "---",
        "one\n\ntwo",
        "<p>html</p>",
        "<script>x</script>",
    ],
)
def test_a_translation_cannot_add_structure(hostile: str) -> None:
    ((html, _),) = render("one", one=Text(hostile))
    assert html.startswith("<p>")
    assert html.count("<") == 2


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:x"])
def test_an_address_that_runs_code_is_no_link(address: str) -> None:
    ((html, _),) = render(f"[text]({address})")
    assert "<a" not in html


def test_an_image_is_shown_as_text_because_it_would_tell_another_host_who_reads() -> None:
    ((html, _),) = render("![alt](https://other.example/a.png)")
    assert "<img" not in html


def test_a_link_to_another_site_takes_no_referrer_along() -> None:
    ((html, _),) = render("[out](https://other.example/) [in](/be/)")
    assert html.count('rel="external noreferrer"') == 1


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("[a](/x)", "[б](/y)"),
        ("a", "[б](/x)"),
        ("*a*", "б"),
        ("`a`", "`б`"),
        ("a", "https://x.example".join("<>")),
    ],
)
def test_marks_tell_a_changed_link_or_emphasis(source: str, translation: str) -> None:
    assert inline_marks(source) != inline_marks(translation)


def test_marks_do_not_depend_on_the_words_or_their_order() -> None:
    assert inline_marks("*a* [b](/x)") == inline_marks("[б](/x) *а*")


def test_the_alignment_of_cells_is_a_class_which_the_policy_of_a_page_allows() -> None:
    ((html, _),) = render("| a | b | c | d |\n|---|:---|:---:|---:|\n| e | f | g | h |", h=Text("г", "be"))
    assert "style" not in html
    assert '<th>a</th>\n<th>b</th>\n<th class="center">c</th>\n<th class="right">d</th>' in html
    assert '<td>e</td>\n<td>f</td>\n<td class="center">g</td>\n<td class="right" lang="be">г</td>' in html

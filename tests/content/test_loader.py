from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from constanta.content.loader import load_document, load_documents
from constanta.content.records import Kind, parse_partial_date
from constanta.errors import ContentError
from tests.conftest import Project


def test_every_key_of_the_front_matter_is_read(project: Project) -> None:
    path = project.write(
        "content/publications/report.md",
        """---
title: "Report: a title"
summary: What it
  says.
lang: be
kind: publication
slug: the-report
date: 2021-12/2022-01
order: 2022-01-15
position: 3
topics: [people, places]
areas: [work]
original: https://example.org/report
archived: true
withdrawn: false
---
Text of the report.
""",
    )
    document = load_document(path)
    assert document.kind is Kind.PUBLICATION
    assert (document.slug, document.lang, document.title) == ("the-report", "be", "Report: a title")
    assert document.summary == "What it says."
    assert document.date == parse_partial_date("2021-12/2022-01")
    assert document.order == document.ordered_by == dt.date(2022, 1, 15)
    assert (document.position, document.topics, document.areas) == (3, ("people", "places"), ("work",))
    assert document.original == "https://example.org/report"
    assert document.archived
    assert not document.withdrawn
    assert (document.body, document.body_line) == ("Text of the report.\n", 17)


def test_what_is_not_given_is_left_out_and_the_source_language_is_english(project: Project) -> None:
    document = load_document(project.document("publications/plain"))
    assert (document.lang, document.slug, document.date, document.original) == ("en", "plain", None, None)
    assert document.ordered_by == dt.date.min


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        ("titel: Wrong", 3, "“titel” is not a known key"),
        ("title: [a, list]", 3, "stands twice"),
        ("summary: {a: b}", 3, "“summary” must be a text"),
        ("lang: xx", 3, "“lang” must be a language tag"),
        ("lang: no-such-tag!", 3, "“lang” must be a language tag"),
        ("kind: project", 3, "cannot be “project”"),
        ("slug: Big Slug", 3, "cannot be a slug"),
        (f"slug: {'a' * 101}", 3, "slug is longer than 100 characters"),
        ("? [a]", 3, "of the form “key: value”"),
        ('slug: "2025"', 3, "uses this address itself"),
        ("date: 2025-02-30", 3, "“date” must be a date that exists"),
        ("date: soon", 3, "“date” must be a date that exists"),
        ("date: [2025]", 3, "“date” must be a text"),
        ("order: 2025-W12-4", 3, "“order” must be a day that exists"),
        ("order: 20250320", 3, "“order” must be a day that exists"),
        ('date: "٢٠٢٥"', 3, "“date” must be a date that exists"),
        ("position: -1", 3, "“position” must be a whole number from 1"),
        ("position: 0", 3, "“position” must be a whole number from 1"),
        ("order: 2025-02", 3, "“order” must be a day that exists"),
        ("position: first", 3, "“position” must be a whole number"),
        ("topics: people", 3, "“topics” must be a list"),
        ("topics: [{a: b}]", 3, "“topics” must be a list"),
        ("areas: work", 3, "“areas” must be a list"),
        ("original: javascript:alert(1)", 3, "“original” must be an address"),
        ("original: http://example.org/", 3, "“original” must be an address that begins with https://"),
        ("original: example.org", 3, "“original” must be an address"),
        ("archived: yes please", 3, "“archived” must be true or false"),
        ("withdrawn: 1", 3, "“withdrawn” must be true or false"),
    ],
)
def test_a_bad_field_is_named_with_its_file_and_line(
    project: Project, front: str, line: int, words: str
) -> None:
    path = project.write("content/publications/bad.md", f"---\ntitle: Good\n{front}\n---\n")
    with pytest.raises(ContentError) as raised:
        load_document(path)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (path, line)
    assert words in str(problem.text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "must begin with a line “---”"),
        ("# Only Markdown\n", 1, "must begin with a line “---”"),
        ("---\ntitle: No end\n", 1, "does not end"),
        ("---\n---\n", 1, "“title” is missing"),
        ("---\ntitle: \u00a0\u200b\n---\n", 2, "“title” is missing"),
        ("---\ntitle: Law: a review\n---\n", 2, 'in quotation marks, such as title: "Law: a review".'),
        ("---\nsummary: a\n  b: c\ntitle: d\n---\n", 3, "not valid YAML: mapping values are not allowed"),
        ("---\ntitle: Law\n date: 2025\n---\n", 3, "not valid YAML: mapping values are not allowed"),
        ("---\ntitle: &\n---\n", 2, "not valid YAML"),
        ('---\nsummary: a\ntitle: "open\n---\n', 3, "not valid YAML"),
        ("---\n- a\n- b\n---\n", 2, "of the form “key: value”"),
    ],
)
def test_front_matter_that_cannot_be_read_is_named_with_its_line(
    project: Project, text: str, line: int, words: str
) -> None:
    path = project.write("content/publications/bad.md", text)
    with pytest.raises(ContentError) as raised:
        load_document(path)
    assert raised.value.problems[0].line == line
    assert words in str(raised.value)


def test_front_matter_that_nests_without_end_is_refused_before_it_is_read(project: Project) -> None:
    path = project.write("content/publications/deep.md", "---\ntitle: " + "[" * 100_000 + "\n---\n")
    with pytest.raises(ContentError, match="longer than"):
        load_document(path)


def test_bytes_that_are_not_utf8_are_named_with_their_line(project: Project) -> None:
    path = project.document("publications/bad")
    path.write_bytes("---\ntitle: Good\nsummary: Справаздача\n---\n".encode("cp1251"))
    with pytest.raises(ContentError) as raised:
        load_document(path)
    assert (raised.value.problems[0].line, "not UTF-8" in str(raised.value)) == (3, True)


@pytest.mark.parametrize(
    ("title", "words"), [("[a, list]", "“title” must be a text"), ("", "“title” is missing")]
)
def test_one_mistake_is_told_once(project: Project, title: str, words: str) -> None:
    with pytest.raises(ContentError) as raised:
        load_document(project.document("publications/bad", title=title))
    (problem,) = raised.value.problems
    assert words in str(problem.text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: \x07\n---\n", 2),
        ('---\ntitle: "\\b"\n---\n', 2),
        ("---\ntitle: Good\n---\n\nBad \x00 body.\n", 5),
    ],
)
def test_a_control_character_is_named_with_its_line_because_no_feed_can_hold_it(
    project: Project, text: str, line: int
) -> None:
    path = project.write("content/publications/bad.md", text)
    with pytest.raises(ContentError, match="control characters are not allowed") as raised:
        load_document(path)
    assert raised.value.problems[0].line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: Good\n---\n\nText.\n\n<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> branch\n", 7),
        ("---\ntitle: Good\n---\n\nText.\n\n>>>>>>> branch\n", 7),
        ("---\r\ntitle: Good\r\n---\r\n\r\n<<<<<<<\r\n", 5),
        ("---\n<<<<<<< HEAD\ntitle: One\n||||||| base\n=======\ntitle: Two\n>>>>>>> branch\n---\n", 2),
        ("<<<<<<< HEAD\n---\ntitle: Good\n---\n", 1),
    ],
    ids=["body", "rest", "windows", "front matter", "above"],
)
def test_a_conflict_mark_of_git_is_named_with_its_line_and_nothing_else_is_said(
    project: Project, text: str, line: int
) -> None:
    path = project.folder / "content/publications/bad.md"
    path.parent.mkdir()
    path.write_bytes(text.encode())
    with pytest.raises(ContentError, match="conflict mark of git") as raised:
        load_document(path)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (path, line)


def test_what_only_looks_like_a_conflict_mark_may_stand_in_a_document(project: Project) -> None:
    body = "A heading\n=======\n\nText with <<<<<<< in it.\n\n>>>>>>>> quoted"
    assert load_document(project.document("publications/fine", body)).body == f"\n{body}\n"


@pytest.mark.parametrize("kind", ["publications", "projects", "pages"])
def test_no_document_takes_an_address_that_the_site_uses_itself(
    project: Project, real_app: Flask, kind: str
) -> None:
    start = "/<lang:lang>/" if kind == "pages" else f"/<lang:lang>/{kind}/"
    rules = [rule.rule.removeprefix(start) for rule in real_app.url_map.iter_rules()]
    taken = {rest.partition("/")[0] for rest in rules if re.match("[a-z]+/", rest)}
    assert taken
    for slug in taken:
        with pytest.raises(ContentError, match="uses this address itself"):
            load_document(project.document(f"{kind}/{slug}"))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(project: Project) -> None:
    path = project.document("publications/windows")
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Fine\r\n---\r\nText.\r\n")
    assert load_document(path).body == "Text.\n"


def test_all_problems_of_all_files_are_told_at_once(project: Project) -> None:
    project.document("publications/one", date="soon", lang="xx")
    project.document("projects/two", kind="page")
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    assert len(raised.value.problems) == 3


def test_a_slug_that_stands_twice_in_a_kind_is_an_error(project: Project) -> None:
    project.document("publications/first", slug="same")
    second = project.document("publications/second", slug="same")
    project.document("projects/same")
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (second, 3)
    assert str(problem.text) == "The slug “same” is taken by content/publications/first.md."


@pytest.mark.parametrize("name", ["before", "there-after"])
def test_of_two_with_one_slug_the_one_is_named_in_which_it_is_written_out(
    project: Project, name: str
) -> None:
    project.document("publications/there")
    path = project.document(f"publications/{name}", summary="New.", slug="there")
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (path, 4)
    assert str(problem.text) == "The slug “there” is taken by content/publications/there.md."


@pytest.mark.parametrize(("key", "kind"), [("topics", "topics"), ("areas", "areas")])
def test_an_unknown_topic_or_area_is_an_error(project: Project, key: str, kind: str) -> None:
    path = project.document("publications/one", **{key: "[nowhere]"})
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (path, 3)
    assert f"content/{kind}/nowhere.md" in str(problem.text)


def test_a_document_outside_of_the_kinds_folders_is_an_error(project: Project) -> None:
    project.document("publications/2025/nested")
    with pytest.raises(ContentError, match="must lie directly in one of the folders"):
        load_documents(project.settings.content)


@pytest.mark.parametrize("name", ["two.MD", "two.markdown", "Two.Mdown"])
def test_a_document_whose_name_ends_in_another_way_is_an_error(project: Project, name: str) -> None:
    path = project.document("publications/one").rename(project.settings.content / "publications" / name)
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    assert str(raised.value) == f"{path}: The name of a document must end with .md."


def test_a_folder_in_the_place_of_a_document_is_an_error(project: Project) -> None:
    path = project.settings.content / "publications" / "one.md"
    path.mkdir(parents=True)
    with pytest.raises(ContentError) as raised:
        load_documents(project.settings.content)
    assert str(raised.value) == f"{path}: The file cannot be read: Is a directory."


def test_a_missing_folder_is_an_error(project: Project) -> None:
    with pytest.raises(ContentError, match="folder of documents is missing"):
        load_documents(project.folder / "nowhere")

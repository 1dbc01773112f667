"""What is extracted, from code, page templates and documents."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.catalogs.extract import document_messages, extract_interface, extract_templates
from constanta.catalogs.po import Message, Source, parse_catalog
from constanta.content.loader import load_document
from constanta.errors import CatalogError
from constanta.settings import ROOT, Settings
from tests.conftest import Project

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of a small project that has the real babel.cfg."""
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def sources(messages: tuple[Message, ...]) -> list[Source]:
    return [message.source for message in messages]


def test_visitors_texts_and_tools_texts_are_told_apart_by_the_function(write: Write, tmp_path: Path) -> None:
    write("constanta/a.py", 'x = gettext("Hello")\ny = sentence("The file is missing: %(name)s.", name=1)\n')
    found = extract_interface(tmp_path)
    assert sources(found["messages"]) == [Source("Hello")]
    assert found["tools"] == (
        Message(
            Source("The file is missing: %(name)s."), references=("constanta/a.py",), flags=("python-format",)
        ),
    )


def test_every_gettext_function_is_known(write: Write, tmp_path: Path) -> None:
    write(
        "constanta/a.py",
        'a = _("one"); b = ngettext("%(num)s file", "%(num)s files", 2); c = pgettext("verb", "Search")\n'
        'd = npgettext("noun", "place", "places", 2); e = lazy_gettext("late"); f = lazy_pgettext("c", "later")\n',
    )
    assert sources(extract_interface(tmp_path)["messages"]) == [
        Source("one"),
        Source("%(num)s file", None, "%(num)s files"),
        Source("Search", "verb"),
        Source("place", "noun", "places"),
        Source("late"),
        Source("later", "c"),
    ]


def test_templates_are_extracted_trimmed(write: Write, tmp_path: Path) -> None:
    write("templates/parts/a.html", "{% trans n=1 %}\n  One\n  line {{ n }}\n{% endtrans %}{{ _('Home') }}")
    assert sources(extract_interface(tmp_path)["messages"]) == [Source("One line %(n)s"), Source("Home")]


def test_a_message_in_several_files_names_them_all(write: Write, tmp_path: Path) -> None:
    write("templates/a.html", "{{ _('Home') }}{{ _('Home') }}")
    write("templates/b.xml", "{{ _('Home') }}")
    assert [m.references for m in extract_interface(tmp_path)["messages"]] == [
        ("templates/a.html", "templates/b.xml")
    ]


def test_comments_for_translators_are_taken(write: Write, tmp_path: Path) -> None:
    write("constanta/a.py", '# Translators: a verb\nx = _("Search")\n# not for them\ny = _("Other")\n')
    assert [m.extracted for m in extract_interface(tmp_path)["messages"]] == [("a verb",), ()]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("templates/a.html", "{{ _('x') }}\n{% if %}\n", 2),
        ("templates/a.html", "{{ _('x') }}\n{% trans %}\n", 2),
        ("constanta/a.py", 'x = _("x")\ny = (\n', 3),
    ],
)
def test_a_syntax_error_stops_extraction_with_file_and_line(
    write: Write, tmp_path: Path, name: str, text: str, line: int
) -> None:
    path = write(name, text)
    with pytest.raises(CatalogError) as caught:
        extract_interface(tmp_path)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == (path, line)


def test_a_message_with_two_plurals_is_refused(write: Write, tmp_path: Path) -> None:
    write("constanta/a.py", 'ngettext("file", "files", 2)\nngettext("file", "filez", 2)\n')
    with pytest.raises(CatalogError, match=r"a\.py:2: “file” stands elsewhere"):
        extract_interface(tmp_path)


def test_a_project_without_babel_cfg_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"babel\.cfg"):
        extract_interface(tmp_path)


BODY = """\
## Heading

A paragraph
in two lines.

- First
- Second

> Said so.

A paragraph
in two lines.
"""


def test_a_document_gives_title_summary_and_each_distinct_segment(project: Project) -> None:
    path = project.document("publications/one", BODY, title="The title", summary="The summary")
    messages = document_messages(load_document(path))
    assert [(m.source.msgctxt, m.source.msgid, m.extracted) for m in messages] == [
        ("title", "The title", ("Title",)),
        ("summary", "The summary", ("Summary",)),
        ("body", "Heading", ("Heading 2",)),
        ("body", "A paragraph in two lines.", ("Paragraph",)),
        ("body", "First", ("List item",)),
        ("body", "Second", ("List item",)),
        ("body", "Said so.", ("Quotation",)),
    ]
    assert {m.references for m in messages} == {("content/publications/one.md",)}


def test_a_document_without_summary_and_body_gives_only_its_title(project: Project) -> None:
    path = project.document("topics/one", title="Topic")
    assert sources(document_messages(load_document(path))) == [Source("Topic", "title")]


def test_documents_that_were_taken_back_have_no_template(project: Project) -> None:
    project.document("publications/one")
    project.document("publications/two", withdrawn="true")
    templates = extract_templates(project.settings)
    assert [document.name for document, _ in templates.documents] == ["publications/one"]
    assert templates.withdrawn == {"publications/two"}


def test_pybabel_extracts_the_same_from_documents_with_line_numbers(project: Project, write: Write) -> None:
    path = project.document("publications/one", BODY, title="The title", summary="The summary")
    project.document("publications/two", "Hidden", withdrawn="true")
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "extract",
        "-F",
        "babel.cfg",
        "-o",
        "all.pot",
        ".",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=project.folder, env=environment, check=True, capture_output=True)
    written = (project.folder / "all.pot").read_bytes()
    found = parse_catalog(written.replace(b"#, fuzzy\n", b"", 1)).messages
    expected = document_messages(load_document(path))
    assert {(m.source, m.extracted) for m in found} == {(m.source, m.extracted) for m in expected}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert f"content/publications/one.md:{lines.index('## Heading') + 1}".encode() in written


def test_the_real_project_is_extracted_whole() -> None:
    templates = extract_templates(Settings())
    assert len(templates.interface["messages"]) > 50
    assert len(templates.interface["tools"]) > 50
    assert replace(templates.interface["tools"][0], references=()).source.msgctxt is None

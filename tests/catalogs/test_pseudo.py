"""The pseudo-locale: longer, accented, in brackets, and harmless."""

from __future__ import annotations

import pytest

from constanta.catalogs.compile import usable_messages
from constanta.catalogs.po import read_catalog
from constanta.catalogs.pseudo import pseudo_text, write_pseudo
from constanta.content.markdown import inline_marks
from tests.conftest import Project


def test_a_text_is_accented_longer_and_in_brackets() -> None:
    assert pseudo_text("Home page") == "[Hömé påĝé ···]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("%(name)s and %%", ["%(name)s", "%%"]),
        ('<a href="/about/">about</a>', ['<a href="/about/">', "</a>"]),
        ("Fish &amp; chips", ["&amp;"]),
        ("See [here](https://site.example/a) and `code`", ["](https://site.example/a)", "`code`"]),
        ("Run \\%(command)s", ["%(command)s"]),
    ],
)
def test_what_is_no_text_stays(text: str, kept: list[str]) -> None:
    assert all(part in pseudo_text(text) for part in kept)


def test_marks_of_markdown_stay() -> None:
    text = '*One* **two** [three](https://site.example/ "four") `five` and\\\nsix'
    assert inline_marks(pseudo_text(text)) == inline_marks(text)


def test_every_text_of_the_project_has_a_usable_pseudo_translation(project: Project) -> None:
    project.document(
        "publications/one", "A [link](https://site.example/) and *stress*.\n\n- `code`\n\nAn “extremist“.\n"
    )
    target = project.folder / "pseudo"
    written = write_pseudo(project.settings, target)
    for path in written:
        catalog = read_catalog(path)
        usable, findings = usable_messages(catalog)
        assert len(usable) == len(catalog.messages), [(f.key, f.check) for f in findings]
    assert write_pseudo(project.settings, target) == []

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup, escape

from constanta.pages.templating import init_templating
from constanta.settings import ROOT
from tests.conftest import Project


def test_what_a_developer_saves_is_seen_where_it_is_imported_by_what_is_imported(
    project: Project, open_site: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    """A card takes its icons from one file, and a page its cards from another."""
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / "root" / folder)
    project.document("publications/one", "Words.")
    site = open_site(root=tmp_path / "root")
    assert '<svg class="icon"' in site.get("/en/publications/").text
    icons = tmp_path / "root/templates/parts/icons.html"
    text = icons.read_text(encoding="utf-8")
    icons.write_text(text.replace('<svg class="icon"', '<svg class="drawing"'), encoding="utf-8")
    assert '<svg class="icon"' not in site.get("/en/publications/").text


def render(source: str, **values: object) -> str:
    """Render a template of the site's kind."""
    app = Flask(__name__)
    init_templating(app)
    app.jinja_env.globals["join"] = lambda *parts, **named: f"{parts} {named}"
    return app.jinja_env.from_string(source).render(**values)


def test_a_name_that_an_object_does_not_have_is_an_error_and_no_empty_place() -> None:
    assert render("{{ text.upper() }}", text="so") == "SO"
    with pytest.raises(AttributeError, match="titel"):
        render("{{ text.titel }}", text="so")


def test_calls_are_those_of_python() -> None:
    assert render("{{ join(1, *[2], a=3, **{'b': 4})|safe }}") == "(1, 2) {'a': 3, 'b': 4}"


@pytest.mark.parametrize(
    "value", ["a", "<b>", "“&”", 'say "it"', Markup("<i>"), 7, None, Markup("<i>") + "<"]
)
def test_what_stands_in_a_page_is_escaped_once(value: object) -> None:
    assert render("{{ value }}", value=value) == str(escape(value))
    assert render("{% macro say(it) %}{{ it }}{% endmacro %}{{ say(value) }}", value=value) == str(
        escape(value)
    )


def test_macros_take_their_arguments_in_every_way() -> None:
    macro = "{% macro say(a, b='<', c='d') %}{{ a }}{{ b }}{{ c }}{% endmacro %}"
    calls = "{{ say(1, 2, 3) }} {{ say(1) }} {{ say(1, c=3) }} {{ say(a='&') }}"
    assert render(macro + calls) == "123 1&lt;d 1&lt;3 &amp;&lt;d"


def test_blocks_of_a_page_can_be_used_again_and_calls_handed_on() -> None:
    assert render("{% block name %}N{% endblock %}-{{ self.name() }}") == "N-N"
    box = "{% macro box(kind) %}<{{ kind }}>{{ caller() }}{% endmacro %}"
    assert (
        render(box + "{% for x in 'ab' %}{% call box('p') %}{{ x }}&{% endcall %}{% endfor %}")
        == "<p>a&<p>b&"
    )

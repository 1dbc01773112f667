"""What the index and the passages take out of a stored page."""

from __future__ import annotations

from typing import Any

from constanta.content.markdown import render_body
from constanta.content.renditions import Text
from constanta.edition.search.texts import gather_texts


def gather(body: str, foreign: dict[str, str] | None = None) -> dict[str, str]:
    """Return the text of a body by language; `foreign` has the languages of segments that are not in that of the page."""
    runs = render_body(body, lambda source: Text(source, (foreign or {}).get(source)))
    rendition: dict[str, Any] = {
        "lang": "be",
        "title": "",
        "title_lang": None,
        "summary": "",
        "summary_lang": None,
        "body": [{"html": run.html} for run in runs],
    }
    return {lang: texts.body for lang, texts in gather_texts([rendition]).items()}


def test_a_text_is_what_readers_see_without_its_tags() -> None:
    assert gather("# A & *b*\n\n- `x < 1`\n- [two](/y?a=1&b=2 'T')\n\n| c |\n|---|\n| d |\n") == {
        "be": "A & b x < 1 two c d"
    }


def test_raw_html_is_text_of_the_document() -> None:
    assert gather('<p lang="ru">&copy; &amp;lt;</p>\n') == {"be": '<p lang="ru">© &lt;</p>'}


def test_each_part_of_a_text_stands_under_its_own_language() -> None:
    found = gather("- one *two*\n- three\\\n  *four*\n\nfive", {"one *two*": "en", "five": "ru"})
    assert found == {"be": "three four", "en": "one two", "ru": "five"}


def test_what_a_link_says_of_languages_changes_none() -> None:
    assert gather('[one](/x " lang=") two\n\nthree', {"three": "en"}) == {"be": "one two", "en": "three"}

"""Files and headers: what cannot be read, and what the header says wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from constanta.catalogs.checks.files import check_catalog, check_file
from constanta.catalogs.po import Catalog, Message, Source, format_catalog
from constanta.locales import Language

BELARUSIAN, RUSSIAN = Language("be"), Language("ru")
UTF8 = "text/plain; charset=UTF-8"
BE_TEXT = "Правы людзей і іх абарона ў Беларусі і ў Польшчы"
RU_TEXT = "Права людей и их защита в Беларуси и в Польше, общие и частные"


def header(language: Language = BELARUSIAN, **fields: str) -> dict[str, str]:
    values = {"Language": language.folder, "Content-Type": UTF8, "Plural-Forms": language.plural_forms}
    return values | {name.replace("_", "-"): value for name, value in fields.items()}


def ids(catalog: Catalog) -> set[str]:
    return {finding.check for finding in check_catalog(catalog)}


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"", "po-header"),
        (b'\xef\xbb\xbfmsgid ""\n', "po-bom"),
        ('msgid ""\nmsgstr "Дапамога"\n'.encode("cp1251"), "po-header-charset"),
        (b'msgid "a\n', "po-syntax"),
        (b"<<<<<<< ours\n", "po-syntax"),
        (b'msgid ""\nmsgstr "Language: be\\n"\n', "po-header-charset"),
    ],
)
def test_a_file_that_cannot_be_read_has_a_finding_with_its_line(
    tmp_path: Path, data: bytes, check: str
) -> None:
    path = tmp_path / "be.po"
    path.write_bytes(data)
    (finding,) = check_file(path)
    assert (finding.check, finding.path) == (check, path)
    assert finding.line >= 1


def test_a_file_that_is_not_there_has_a_finding(tmp_path: Path) -> None:
    assert [finding.check for finding in check_file(tmp_path / "none.po")] == ["po-syntax"]


def test_findings_name_the_file_and_the_line(tmp_path: Path) -> None:
    path = tmp_path / "translations" / "be" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        format_catalog(Catalog(header(), (Message(Source("Help"), ("Дапамога.",)),))), encoding="utf-8"
    )
    (finding,) = check_file(path)
    assert (finding.check, finding.path, finding.line) == ("end-punct", path, 8)


def test_findings_stand_in_the_order_of_their_lines() -> None:
    messages = (
        Message(Source("Rights of %(name)s"), ("Правы %(nmae)s",), line=10, msgstr_line=11),
        Message(Source("Help"), ("Дапамога.",), line=13, msgstr_line=14),
        Message(
            Source("Help for all"), ("<b>Дапамога",), comments=("nocheck: html",), line=16, msgstr_line=17
        ),
        Message(Source("Trees"), ("Елкі і ёлкі.",), line=19, msgstr_line=20),
    )
    for language in (BELARUSIAN, RUSSIAN):
        found = check_catalog(Catalog(header(language), messages))
        lines = [finding.line for finding in found]
        assert lines == sorted(lines)
        assert {("placeholder", 11), ("html", 17)} <= {(finding.check, finding.line) for finding in found}


def test_the_language_of_the_header_is_that_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
    assert ids(Catalog(header(RUSSIAN), path=path)) == set()
    assert ids(Catalog(header(BELARUSIAN), path=path)) == {"po-header-language"}


def test_the_language_of_the_header_is_that_of_the_name() -> None:
    assert ids(Catalog(header(BELARUSIAN), path=Path("messages.be.po"))) == set()
    assert ids(Catalog(header(BELARUSIAN), path=Path("ru.po"))) == {"po-header-language"}
    assert ids(Catalog(header(BELARUSIAN), path=Path("some.file.po"))) == set()


def test_the_language_of_the_header_is_that_of_the_letters() -> None:
    russian = (Message(Source("Rights"), (RU_TEXT,)),)
    assert "po-header-language" in ids(Catalog(header(BELARUSIAN), russian))
    assert "po-header-language" not in ids(Catalog(header(RUSSIAN), russian))
    belarusian = (Message(Source("Rights"), (BE_TEXT,)),)
    assert "po-header-language" in ids(Catalog(header(RUSSIAN), belarusian))
    assert "po-header-language" not in ids(Catalog(header(BELARUSIAN), belarusian))


def test_a_header_without_a_language_or_with_an_unknown_one_is_found() -> None:
    text = (Message(Source("Rights"), (BE_TEXT,)),)
    fields = {"Content-Type": UTF8, "Plural-Forms": BELARUSIAN.plural_forms}
    assert ids(Catalog(fields, text)) == {"po-header-language", "nbsp-word"}
    assert "po-header-language" in ids(Catalog(fields | {"Language": "xx"}, text))


def test_what_the_header_lacks_is_an_error_only_where_nothing_else_says_it() -> None:
    fields = {"Content-Type": UTF8}
    text = (Message(Source("Help"), ("Дапамога",)),)
    for path, severity in (
        (Path("translations/be/a.po"), "warning"),
        (Path("be.po"), "warning"),
        (None, "error"),
    ):
        found = [f for f in check_catalog(Catalog(fields, text, path)) if f.check == "po-header-language"]
        assert [f.severity for f in found] == [severity]
    (finding,) = check_catalog(Catalog(header(Plural_Forms="")))
    assert (finding.check, finding.severity) == ("po-header-plural", "warning")
    (finding,) = check_catalog(Catalog(header(Plural_Forms="nplurals=3; plural=0;")))
    assert (finding.check, finding.severity) == ("po-header-plural", "error")


def test_plural_rules_are_compared_by_value() -> None:
    same = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    assert ids(Catalog(header(Plural_Forms=same))) == set()
    for wrong in ("nplurals=2; plural=(n != 1);", "nplurals=3; plural=0;", "nonsense", ""):
        assert ids(Catalog(header(Plural_Forms=wrong))) == {"po-header-plural"}


def test_a_template_is_checked_in_its_own_language() -> None:
    template = Catalog({"Content-Type": UTF8}, (Message(Source('"Quoted"')),), Path("messages.pot"))
    assert ids(template) == {"quotes"}


def test_only_the_body_of_a_document_is_markdown() -> None:
    fields = header(X_Constanta_Document="pages/a")
    body = Message(Source("Plain", "body"), ("**Проста**",))
    title = Message(Source("A *b* c", "title"), ("А⍽б⍽*б*",))
    assert ids(Catalog(fields, (body,))) == {"html"}
    assert ids(Catalog(fields, (title,))) == set()


def test_the_source_language_of_a_document_is_that_of_its_header() -> None:
    message = Message(Source("Пять причин", "title"), ("5 reasons",))
    assert "numbers" in ids(Catalog(header(Language("en")), (message,)))
    assert ids(Catalog(header(Language("en"), X_Source_Language="ru"), (message,))) == set()


def test_two_spellings_in_one_catalog_are_only_counted() -> None:
    messages = (Message(Source("Report"), ("Отчёт",)), Message(Source("A report"), ("отчет",)))
    (finding,) = check_catalog(Catalog(header(RUSSIAN), messages))
    assert (finding.check, finding.severity, finding.key) == ("ru-yo", "info", (None, "A report"))
    english = (Message(Source("а"), ("organise",)), Message(Source("б"), ("organization and organized",)))
    assert "en-spelling" in ids(Catalog(header(Language("en"), X_Source_Language="be"), english))

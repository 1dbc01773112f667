"""Merging two sides' work on a catalog: both are kept, and only a true conflict is one."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.merge import merge_messages
from constanta.catalogs.po import Catalog, Message, Source, State, format_catalog, parse_catalog
from constanta.catalogs.threeway import Reconciled, reconcile_catalogs
from constanta.errors import CatalogError
from tests.catalogs.parts import HEADER, by_msgid, current, outdated, template

BASE_HEADER = parse_catalog(HEADER.encode()).header


def catalog(*messages: Message, **header: str) -> Catalog:
    return Catalog({**BASE_HEADER, **header}, messages)


def reconcile(base: list[Message], ours: list[Message], theirs: list[Message]) -> Reconciled:
    return reconcile_catalogs(catalog(*base), catalog(*ours), catalog(*theirs))


def merged(base: list[Message], ours: list[Message], theirs: list[Message]) -> dict[str, Message]:
    result = reconcile(base, ours, theirs)
    assert result.conflicts == ()
    return by_msgid(result.catalog.messages)


A, B = current("Alpha text", "а"), current("Beta text", "б")
NEW_A = current("Alpha text", "а2")


def test_each_side_keeps_its_own_work() -> None:
    found = merged([A, B], [NEW_A, B], [A, current("Beta text", "б2")])
    assert (found["Alpha text"].msgstr, found["Beta text"].msgstr) == (("а2",), ("б2",))


def test_the_same_work_on_both_sides_is_no_conflict() -> None:
    assert merged([A], [NEW_A], [NEW_A])["Alpha text"] == NEW_A


def test_two_translations_of_one_message_are_a_conflict() -> None:
    result = reconcile([A], [NEW_A], [current("Alpha text", "а3\nі яшчэ")])
    assert result.conflicts == (("body", "Alpha text"),)
    message = result.catalog.messages[0]
    assert (message.msgstr, message.comments) == (("а2",), ("Theirs: а3\\nі яшчэ",))
    assert message.state is State.NEEDS_WORK


def test_a_translation_wins_over_none() -> None:
    missing = current("Alpha text", "")
    assert merged([missing], [missing], [A])["Alpha text"] == A
    assert merged([missing], [A], [missing])["Alpha text"] == A
    assert merged([A], [missing], [NEW_A])["Alpha text"] == NEW_A


def test_messages_that_one_side_added_stand_where_they_stood_there() -> None:
    result = reconcile([A, B], [A, B], [A, current("New text", "н"), B])
    assert [m.source.msgid for m in result.catalog.messages] == ["Alpha text", "New text", "Beta text"]


def test_new_work_follows_a_text_that_the_other_side_changed() -> None:
    moved = outdated("Alpha text changed", "а", "Alpha text")
    for ours, theirs in (([NEW_A], [moved]), ([moved], [NEW_A])):
        assert merged([A], ours, theirs) == {
            "Alpha text changed": outdated("Alpha text changed", "а2", "Alpha text")
        }


def test_a_comment_follows_a_text_that_the_other_side_changed() -> None:
    base = replace(A, comments=("Old",))
    moved = replace(outdated("Alpha text changed", "а", "Alpha text"), comments=("Old", "Ours"))
    doubted = A.with_flag("fuzzy")
    for work, msgstr in ((NEW_A, "а2"), (A, "а"), (doubted, "а")):
        commented = replace(work, comments=("Ask the author",))
        for ours, theirs in (([commented], [moved]), ([moved], [commented])):
            found = replace(
                outdated("Alpha text changed", msgstr, "Alpha text"), comments=("Ours", "Ask the author")
            )
            assert merged([base], ours, theirs) == {"Alpha text changed": found}


def test_a_finished_translation_wins_over_the_same_left_outdated() -> None:
    left, done = outdated("Alpha text changed", "а", "Alpha text"), current("Alpha text changed", "а4")
    assert merged([A], [left], [done])["Alpha text changed"] == done
    assert merged([A], [done], [left])["Alpha text changed"] == done


def test_work_on_a_message_that_the_other_side_dropped_stays_as_obsolete() -> None:
    assert merged([A, B], [NEW_A, B], [B])["Alpha text"] == replace(NEW_A, obsolete=True)


def test_a_message_made_obsolete_by_one_side_is_obsolete() -> None:
    gone = replace(A, obsolete=True)
    assert merged([A], [A], [gone])["Alpha text"].obsolete
    assert merged([A], [gone], [NEW_A])["Alpha text"] == replace(NEW_A, obsolete=True)


def test_a_doubt_of_one_side_stays() -> None:
    doubted = A.with_flag("fuzzy")
    assert merged([A], [A], [doubted])["Alpha text"].state is State.NEEDS_WORK
    assert merged([doubted], [doubted], [A])["Alpha text"].state is State.CURRENT


def test_where_both_changed_the_mark_a_doubt_wins() -> None:
    base = outdated("Alpha text", "а", "Before")
    for ours, theirs in ((A, A.with_flag("fuzzy")), (A.with_flag("fuzzy"), A)):
        assert merged([base], [ours], [theirs])["Alpha text"].state is State.NEEDS_WORK


def test_an_approval_survives_a_sync_of_the_other_side() -> None:
    base = current("Old text here", "стары")
    synced = outdated("Old text here now", "стары", "Old text here")
    approved = current("Old text here now", "стары")
    for ours, theirs in ((approved, synced), (synced, approved)):
        found = merged([base], [ours], [theirs])
        assert list(found.values()) == [approved]


def test_an_approval_survives_where_the_text_was_outdated_before_or_its_plural_changed() -> None:
    older = outdated("Old text here", "стары", "Older text")
    files = Message(Source("%(n)s file", None, "%(n)s files"), ("а", "б", "в"))
    approved = replace(files, source=Source("%(n)s file", None, "%(n)s documents"))
    synced = replace(approved, flags=("fuzzy",), previous=files.source)
    for base, right, mark in (
        (
            older,
            current("Old text here now", "стары"),
            outdated("Old text here now", "стары", "Older text"),
        ),
        (files, approved, synced),
    ):
        for ours, theirs in ((right, mark), (mark, right)):
            assert list(merged([base], [ours], [theirs]).values()) == [right]
    assert merged([files], [synced], [files])["%(n)s file"] == synced


def test_a_doubt_beside_an_approval_stays() -> None:
    base = current("Old text here", "стары")
    doubted = current("Old text here now", "стары").with_flag("fuzzy")
    approved = current("Old text here now", "стары")
    for ours, theirs in ((approved, doubted), (doubted, approved)):
        assert merged([base], [ours], [theirs])["Old text here now"].fuzzy


def test_a_message_that_one_side_removed_untouched_by_the_other_is_gone() -> None:
    assert list(merged([A, B], [A, B], [B])) == ["Beta text"]
    assert list(merged([A, B], [B], [A, B])) == ["Beta text"]


def test_a_message_that_one_side_added_and_the_other_keeps_as_obsolete_is_in_use() -> None:
    gone = replace(A, obsolete=True)
    assert not merged([], [gone], [A])["Alpha text"].obsolete
    assert not merged([], [A], [gone])["Alpha text"].obsolete


def test_comments_of_both_sides_are_kept() -> None:
    base = replace(A, comments=("old", "removed"))
    found = merged(
        [base], [replace(A, comments=("old", "ours", "removed"))], [replace(A, comments=("old", "theirs"))]
    )
    assert found["Alpha text"].comments == ("old", "ours", "theirs")


def test_the_header_takes_what_each_side_changed_and_the_later_date() -> None:
    result = reconcile_catalogs(
        catalog(),
        catalog(**{"Last-Translator": "A", "PO-Revision-Date": "2026-02-01"}),
        catalog(**{"X-Generator": "Poedit", "PO-Revision-Date": "2026-01-01"}),
    )
    header = result.catalog.header
    assert (header["Last-Translator"], header["X-Generator"]) == ("A", "Poedit")
    assert header["PO-Revision-Date"] == "2026-02-01"


TEXTS = st.sampled_from(["one text", "two text", "three text", "four text"])
SIDES = st.tuples(
    st.lists(TEXTS, min_size=1, max_size=4, unique=True),
    st.dictionaries(TEXTS, st.booleans(), max_size=3),
)


def work(base: Catalog, side: tuple[list[str], dict[str, bool]], name: str) -> Catalog:
    """Return what a side made of the base: sources taken in, some translated anew, some doubted."""
    sources, done = side
    messages = merge_messages(template(*sources), base.messages, 3).messages
    changed = []
    for message in messages:
        new = message
        if message.source.msgid in done and not message.obsolete:
            new = replace(message, msgstr=(f"{name} {message.source.msgid}",), previous=None).without_flag(
                "fuzzy"
            )
            new = new if done[message.source.msgid] else new.with_flag("fuzzy")
        changed.append(new)
    return replace(base, messages=tuple(changed))


@given(SIDES, SIDES, SIDES)
@settings(max_examples=200, deadline=None)
def test_no_merge_loses_new_work_of_either_side(
    first: tuple[list[str], dict[str, bool]],
    second: tuple[list[str], dict[str, bool]],
    third: tuple[list[str], dict[str, bool]],
) -> None:
    base = work(catalog(), first, "base")
    ours, theirs = work(base, second, "ours"), work(base, third, "theirs")
    result = reconcile_catalogs(base, ours, theirs)
    written = format_catalog(result.catalog)
    for side in (ours, theirs):
        for message in side.messages:
            if message.msgstr[0].startswith(("ours", "theirs")):
                assert message.msgstr[0] in written
    assert parse_catalog(written.encode()).messages == result.catalog.messages
    keys = [message.key for message in result.catalog.messages]
    assert len(keys) == len(set(keys))
    for message in result.catalog.messages:
        if message.state is State.CURRENT and not message.obsolete:
            assert message.msgstr[0].endswith(message.source.msgid)


def git(folder: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=T", "-c", "user.email=t@site.example", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *identity, *command], cwd=folder, check=check, capture_output=True, text=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the merge driver, and one catalog on its main branch."""
    flask = Path(sys.executable).with_name("flask")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "config", "merge.constanta-po.driver", f"{flask} i18n merge %O %A %B %P")
    git(tmp_path, "config", "diff.constanta-po.textconv", f"{flask} i18n textconv")
    (tmp_path / ".gitattributes").write_text("*.po merge=constanta-po diff=constanta-po\n", encoding="utf-8")
    save(tmp_path, catalog(A, B), "base")
    return tmp_path


def save(repository: Path, content: Catalog, message: str) -> None:
    save_text(repository, format_catalog(content), message)


def save_text(repository: Path, text: str, message: str) -> None:
    (repository / "be.po").write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", message)


def branch_both(repository: Path, ours: Catalog, theirs: Catalog) -> subprocess.CompletedProcess[str]:
    git(repository, "switch", "--quiet", "-c", "side")
    save(repository, theirs, "theirs")
    git(repository, "switch", "--quiet", "main")
    save(repository, ours, "ours")
    return git(repository, "merge", "--quiet", "side", "-m", "merge", check=False)


def test_git_merges_neighbouring_work_without_a_conflict(repository: Path) -> None:
    done = branch_both(repository, catalog(NEW_A, B), catalog(A, current("Beta text", "б2")))
    assert done.returncode == 0, done.stderr
    assert (repository / "be.po").read_text(encoding="utf-8") == format_catalog(
        catalog(NEW_A, current("Beta text", "б2"))
    )


def test_git_stops_at_a_true_conflict_with_a_catalog_that_can_be_read(repository: Path) -> None:
    done = branch_both(repository, catalog(NEW_A, B), catalog(current("Alpha text", "а3"), B))
    assert done.returncode == 1
    message = parse_catalog((repository / "be.po").read_bytes()).messages[0]
    assert (message.msgstr, message.comments, message.fuzzy) == (("а2",), ("Theirs: а3",), True)


def test_git_stops_with_both_sides_work_where_one_side_is_no_catalog(repository: Path) -> None:
    """Each changed another message, so git marks no line; what is left is no catalog, and says so."""
    git(repository, "switch", "--quiet", "-c", "side")
    broken = format_catalog(catalog(A, current("Beta text", "іх"))).replace('"іх"', '"іх')
    save_text(repository, broken, "theirs")
    git(repository, "switch", "--quiet", "main")
    save(repository, catalog(NEW_A, B), "ours")
    done = git(repository, "merge", "--quiet", "side", "-m", "merge", check=False)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert ".merge_file" not in said
    assert re.search(r"^be\.po:\d+: The quoted text does not end", said, re.MULTILINE)
    assert "on the side “theirs”" in said
    left = (repository / "be.po").read_bytes()
    assert "а2".encode() in left
    assert "іх".encode() in left
    with pytest.raises(CatalogError):
        parse_catalog(left)


def test_git_shows_differences_as_texts(repository: Path) -> None:
    (repository / "be.po").write_text(format_catalog(catalog(NEW_A, B)), encoding="utf-8")
    shown = git(repository, "diff").stdout
    assert "\n-→ а\n+→ а2\n" in shown
    assert "msgstr" not in shown


def test_git_shows_differences_also_of_what_is_no_catalog(repository: Path) -> None:
    broken = format_catalog(catalog(NEW_A, B)).replace('"а2"', '"а2')
    save_text(repository, broken, "broken")
    save(repository, catalog(NEW_A, B), "mended")
    shown = git(repository, "log", "-p").stdout
    assert '\n+msgstr "а2\n' in shown
    assert "\n+→ а2\n" in shown

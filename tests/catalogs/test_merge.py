"""Merging templates into catalogs: what is kept, what is paired, and that nothing is ever lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.merge import Merge, merge_messages
from constanta.catalogs.po import Message, Source, State
from constanta.catalogs.spelling import same_but_spelling
from tests.catalogs.parts import by_msgid, current, outdated, template

FIRST = "People were detained at the border in March."
EDITED = "People were detained at the border in April."
AGAIN = "Many people were detained at the border in April."
SECOND = "The report gives recommendations to the states."
THIRD = "A lawyer answers questions about asylum."


def merge(sources: list[Message], old: list[Message]) -> dict[str, Message]:
    return by_msgid(merge_messages(sources, old, 3).messages)


def test_a_message_with_the_same_source_keeps_all_that_a_translator_wrote() -> None:
    old = replace(current(FIRST, "а"), comments=("note", "", "note"), flags=("no-wrap",))
    new = Message(
        Source(FIRST, "body"), extracted=("Paragraph",), references=("x.md",), flags=("python-format",)
    )
    merged = merge([new], [old])[FIRST]
    assert merged == replace(
        new, msgstr=("а",), comments=("note", "", "note"), flags=("python-format", "no-wrap")
    )


def test_a_changed_message_is_outdated_and_says_what_it_was_made_for() -> None:
    merged = merge(template(EDITED, SECOND), [current(FIRST, "а"), current(SECOND, "б")])
    assert merged[EDITED] == outdated(EDITED, "а", FIRST)
    assert merged[SECOND].state is State.CURRENT


def test_after_two_changes_the_first_source_is_the_one_it_was_made_for() -> None:
    merged = merge(template(AGAIN, SECOND), [outdated(EDITED, "а", FIRST), current(SECOND, "б")])
    assert merged[AGAIN] == outdated(AGAIN, "а", FIRST)


def test_a_source_that_returns_is_current_again() -> None:
    merged = merge(template(FIRST, SECOND), [outdated(EDITED, "а", FIRST), current(SECOND, "б")])
    assert merged[FIRST] == current(FIRST, "а")


def test_a_doubt_of_a_person_stays_whatever_the_source_does() -> None:
    doubted = current(FIRST, "а").with_flag("fuzzy")
    changed = merge(template(EDITED), [doubted])
    back = merge(template(FIRST), list(changed.values()))
    assert (changed[EDITED].state, back[FIRST].state) == (State.NEEDS_WORK, State.NEEDS_WORK)


def test_a_message_that_is_gone_stays_as_obsolete_and_returns_as_current() -> None:
    gone = merge(template(SECOND), [current(FIRST, "а"), current(SECOND, "б")])
    assert gone[FIRST].obsolete
    assert merge(template(FIRST, SECOND), list(gone.values()))[FIRST] == current(FIRST, "а")


def test_an_outdated_message_that_is_gone_keeps_what_it_was_made_for() -> None:
    gone = merge(template(SECOND), [outdated(EDITED, "а", FIRST), current(SECOND, "б")])
    assert (gone[EDITED].obsolete, gone[EDITED].previous) == (True, Source(FIRST, "body"))
    assert merge(template(FIRST, SECOND), list(gone.values()))[FIRST] == current(FIRST, "а")


def test_a_message_never_translated_vanishes() -> None:
    assert list(merge(template(SECOND), [current(FIRST, ""), current(SECOND, "б")])) == [SECOND]


def test_a_new_message_between_others_takes_nobodys_translation() -> None:
    merged = merge(template(FIRST, THIRD, SECOND), [current(FIRST, "а"), current(SECOND, "б")])
    assert merged[THIRD].state is State.MISSING


def test_a_text_with_nothing_in_common_is_not_taken_for_a_change() -> None:
    merged = merge(template(FIRST, THIRD), [current(FIRST, "а"), current(SECOND, "б")])
    assert merged[THIRD].state is State.MISSING
    assert merged[SECOND].obsolete


@pytest.mark.parametrize("context", ["title", "summary"])
def test_a_title_is_paired_with_the_title_however_it_changed(context: str) -> None:
    merged = merge(template("Wholly new", context=context), [current("Old words", "а", context)])
    assert merged["Wholly new"] == outdated("Wholly new", "а", "Old words", context)


def test_contexts_are_never_mixed() -> None:
    merged = merge(template(EDITED, context="title"), [current(FIRST, "а", "body")])
    assert merged[EDITED].state is State.MISSING


def test_a_changed_message_is_not_paired_with_a_likelier_one_elsewhere() -> None:
    # The first block was deleted, and the last got a text that looks like it: it stood in no place of the last one.
    old = [current(FIRST, "а"), current(SECOND, "б"), current(THIRD, "в")]
    merged = merge(template(SECOND, EDITED), old)
    assert merged[EDITED].state is State.MISSING
    assert merged[FIRST].obsolete


def test_an_edit_beside_a_moved_block_is_still_paired() -> None:
    old = [current(FIRST, "а"), current(SECOND, "б"), current(THIRD, "в")]
    merged = merge(template(THIRD, EDITED, SECOND), old)
    assert merged[EDITED] == outdated(EDITED, "а", FIRST)


def test_of_two_texts_in_one_place_the_more_alike_is_taken() -> None:
    old = [current(SECOND, "б"), current(FIRST, "а")]
    merged = merge(template(SECOND, THIRD, EDITED), old)
    assert merged[EDITED] == outdated(EDITED, "а", FIRST)
    assert merged[THIRD].state is State.MISSING


def test_a_changed_plural_makes_a_translation_outdated() -> None:
    old = Message(Source("%(n)s file", None, "%(n)s files"), ("а", "б", "в"))
    new = Message(Source("%(n)s file", None, "%(n)s documents"))
    merged = merge_messages([new], [old], 3).messages[0]
    assert (merged.state, merged.msgstr, merged.previous) == (State.OUTDATED, ("а", "б", "в"), old.source)


def test_plural_forms_that_find_no_room_are_kept() -> None:
    old = Message(Source("File", None, "Files"), ("а", "б", "в"))
    merged = merge_messages([Message(Source("File"))], [old], 3).messages
    assert merged[0].msgstr == ("а",)
    assert [comment for comment in merged[0].comments if comment.endswith((" б", " в"))] != []


def test_a_form_too_many_stays_as_a_comment() -> None:
    source = Source("%(n)s file", None, "%(n)s files")
    old = Message(source, ("а", "б", "в", "г\nд", "", "в"), comments=("note",))
    first = merge_messages([Message(source)], [old], 3).messages
    assert first == (Message(source, ("а", "б", "в"), comments=("note", "Another translation: г\\nд")),)
    assert merge_messages([Message(source)], first, 3).messages == first


def test_a_missing_plural_gets_as_many_forms_as_the_language_has() -> None:
    assert merge_messages([Message(Source("File", None, "Files"))], [], 3).messages[0].msgstr == ("", "", "")


def test_a_current_obsolete_translation_wins_over_an_outdated_one_which_is_kept() -> None:
    old = [outdated(EDITED, "а", FIRST), replace(current(EDITED, "б"), obsolete=True)]
    merged = merge(template(EDITED), old)
    assert merged[EDITED] == current(EDITED, "б")
    assert merged[FIRST] == replace(current(FIRST, "а"), obsolete=True)


def test_of_two_translations_for_one_place_the_second_stays_as_a_comment() -> None:
    old = [current(FIRST, "а"), replace(current(FIRST, "б\nв"), obsolete=True)]
    merged = merge(template(FIRST), old)
    assert merged[FIRST] == replace(current(FIRST, "а"), comments=("Another translation: б\\nв",))


def test_comments_on_a_message_that_was_not_translated_yet_are_kept_when_a_translation_returns() -> None:
    here = replace(current(FIRST, ""), comments=("ask the author",))
    gone = replace(current(FIRST, "а"), comments=("once",), obsolete=True)
    assert merge(template(FIRST), [here, gone])[FIRST] == replace(
        current(FIRST, "а"), comments=("once", "ask the author")
    )


def test_a_translation_remembered_from_elsewhere_serves_only_where_there_is_none() -> None:
    memory = {Source(FIRST, "body"): ("чужы",), Source(SECOND, "body"): ("чужы",)}
    merged = by_msgid(
        merge_messages(template(FIRST, SECOND), [current(SECOND, "свой")], 3, memory=memory).messages
    )
    assert (merged[FIRST].msgstr, merged[SECOND].msgstr) == (("чужы",), ("свой",))


def test_a_text_remembered_from_elsewhere_does_not_stand_in_the_way_of_a_changed_one() -> None:
    memory = {Source(THIRD, "body"): ("чужы",)}
    new = template(THIRD, EDITED)
    merged = by_msgid(merge_messages(new, [current(FIRST, "а")], 3, memory=memory).messages)
    assert (merged[THIRD], merged[EDITED]) == (current(THIRD, "чужы"), outdated(EDITED, "а", FIRST))


def test_a_former_source_without_context_has_that_of_its_message() -> None:
    old = replace(outdated(EDITED, "а", FIRST), previous=Source(FIRST))
    assert merge(template(FIRST), [old])[FIRST] == current(FIRST, "а")


def test_a_former_source_in_another_context_is_another_source() -> None:
    old = replace(outdated(EDITED, "а", FIRST), previous=Source(FIRST, "title"))
    assert merge(template(FIRST, EDITED), [old])[FIRST].state is State.MISSING


def test_a_single_paragraph_that_was_replaced_lends_no_translation() -> None:
    assert merge(template(THIRD), [current(FIRST, "а")])[THIRD].state is State.MISSING


def test_a_change_of_spelling_alone_can_be_declared_trivial() -> None:
    old = [current("The organisation recieves letters.", "а"), current("It was recognised.", "б")]
    new = template("The organisation receives letters!", "It was not recognised.")
    merged = by_msgid(merge_messages(new, old, 3, same_meaning=same_but_spelling).messages)
    assert [merged[m.source.msgid].state for m in new] == [State.CURRENT, State.OUTDATED]


def test_a_second_merge_changes_nothing() -> None:
    old = [current(FIRST, "а"), current(SECOND, "б"), outdated(THIRD, "в", "Before")]
    once = merge_messages(template(EDITED, SECOND), old, 3)
    assert merge_messages(template(EDITED, SECOND), once.messages, 3).messages == once.messages


def test_what_vanishes_is_named_but_not_what_changed() -> None:
    old = [current(FIRST, "а"), current(SECOND, "б"), current(THIRD, "в")]
    result = merge_messages(template(EDITED, SECOND), old, 3)
    assert [message.source.msgid for message in result.vanished] == [THIRD]


def test_a_translation_that_was_taken_stands_in_one_place_only() -> None:
    assert list(merge(template(EDITED), [current(FIRST, "а")])) == [EDITED]


def test_what_was_obsolete_before_stands_before_what_becomes_obsolete_now() -> None:
    old = [current(FIRST, "а"), replace(current(SECOND, "б"), obsolete=True)]
    assert list(merge(template(THIRD), old)) == [THIRD, SECOND, FIRST]


# --- histories -----------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["border", "court", "report", "people", "state", "asylum", "March", "April", "not", "lawyer"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


class Catalog:
    """A catalog through a history, and which source each translation in it was made for."""

    def __init__(self) -> None:
        self.messages: tuple[Message, ...] = ()
        self.made_for: dict[str, Source] = {}
        self.counter = 0

    def sync(self, sources: list[str]) -> Merge:
        result = merge_messages(template(*dict.fromkeys(sources)), self.messages, 3)
        self.messages = result.messages
        return result

    def translate(self, index: int) -> None:
        active = [message for message in self.messages if not message.obsolete]
        if not active:
            return
        message = active[index % len(active)]
        self.made_for.pop(message.msgstr[0], None)
        self.counter += 1
        text = f"t{self.counter}"
        self.made_for[text] = message.source
        done = replace(message, msgstr=(text,), previous=None).without_flag("fuzzy")
        self.messages = tuple(done if m is message else m for m in self.messages)

    def doubt(self, index: int) -> None:
        active = [m for m in self.messages if m.state is State.CURRENT and not m.obsolete]
        if active:
            message = active[index % len(active)]
            self.messages = tuple(m.with_flag("fuzzy") if m is message else m for m in self.messages)

    def check(self, sources: list[str]) -> None:
        found = {message.msgstr[0]: message for message in self.messages}
        assert self.made_for.keys() <= found.keys(), "a translation is lost"
        for text, source in self.made_for.items():
            message = found[text]
            if message.state is State.CURRENT:
                assert message.source == source, "shown as current for another source"
            if message.state is State.OUTDATED:
                assert message.previous == source, "the source it was made for is lost"
        active = [message.source for message in self.messages if not message.obsolete]
        assert active == [message.source for message in template(*dict.fromkeys(sources))]
        keys = [message.key for message in self.messages]
        assert len(keys) == len(set(keys)), "gettext allows one entry for a key"


STEPS = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, 9), TEXTS),
    st.tuples(st.just("change a word"), st.integers(0, 9), WORDS),
    st.tuples(st.just("insert"), st.integers(0, 9), TEXTS),
    st.tuples(st.just("delete"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("move"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("return"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("translate"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("doubt"), st.integers(0, 9), st.just("")),
)


def develop(sources: list[str], past: list[list[str]], action: str, place: int, text: str) -> list[str]:
    """Return the sources after one step of a developer."""
    changed = list(sources)
    if action == "return":
        return list(past[place % len(past)])
    if action == "insert" or not changed:
        return [*changed[:place], text or "new", *changed[place:]]
    place %= len(changed)
    if action == "edit":
        changed[place] = text
    elif action == "change a word":
        changed[place] = " ".join([text, *changed[place].split()[1:]])
    elif action == "delete":
        del changed[place]
    elif action == "move":
        changed.append(changed.pop(place))
    return changed


@given(st.lists(TEXTS, min_size=1, max_size=5), st.lists(STEPS, max_size=25))
@settings(max_examples=300, deadline=None)
def test_no_history_loses_a_translation(start: list[str], steps: list[tuple[str, int, str]]) -> None:
    sources, past, catalog = start, [start], Catalog()
    catalog.sync(sources)
    for action, place, text in steps:
        if action == "translate":
            catalog.translate(place)
        elif action == "doubt":
            catalog.doubt(place)
        else:
            sources = develop(sources, past, action, place, text)
            past.append(sources)
            catalog.sync(sources)
        catalog.check(sources)

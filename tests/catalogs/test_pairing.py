"""Which changed text stands in whose place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.pairing import longest_rising, pair_in_place
from constanta.catalogs.po import Key, Source


def pair(old: list[str], new: list[str]) -> dict[str, str]:
    anchors: dict[Key, Key] = {(None, text): (None, text) for text in new if text in old}
    pairs = pair_in_place([Source(text) for text in old], [Source(text) for text in new], anchors)
    return {new_key[1]: old_key[1] for new_key, old_key in pairs.items()}


def paragraph(number: int, word: str = "detained") -> str:
    return f"Report number{number} says that people{number * 7} were {word} at place{number * 3}."


def test_a_rewritten_document_is_paired_by_its_rare_words() -> None:
    old = [paragraph(number) for number in range(200)]
    new = [paragraph(number, "released") for number in range(0, 200, 2)]
    assert pair(old, new) == {paragraph(n, "released"): paragraph(n) for n in range(0, 200, 2)}


def test_many_texts_without_rare_words_are_paired_in_order() -> None:
    words = ["border", "court", "state", "report"]
    old = [f"{a} {b} {c} {d} one" for a in words for b in words for c in words for d in words]
    new = [text.replace(" one", " two") for text in old]
    pairs = pair(old, new)
    assert len(pairs) > len(old) * 0.9
    assert [pairs[text] for text in new if text in pairs] == [t for t in old if t in set(pairs.values())]


def test_an_edit_inside_a_moved_part_is_paired() -> None:
    first, second = [paragraph(n) for n in range(3)], [paragraph(n) for n in range(10, 13)]
    edited = paragraph(11, "released")
    assert pair([*first, *second], [second[0], edited, second[2], *first]) == {edited: second[1]}


def test_alone_between_its_neighbours_a_text_may_have_changed_much() -> None:
    old, new = "The ministry answered our letter in March.", "A new ministry was formed by decree last week."
    assert pair(["Before", old, "After"], ["Before", new, "After"]) == {new: old}
    other = "Nothing of that sort here at all."
    assert pair(["Before", old, other, "After"], ["Before", new, "After"]) == {}


def test_words_are_compared_without_their_endings() -> None:
    old, new = "Публікацыя арганізацыі", "Публікацыі арганізацый"
    assert pair([old], [new]) == {new: old}


def test_a_negation_elsewhere_is_not_taken_for_a_change() -> None:
    old = ["It was recognised as extremist.", "Another paragraph stands here."]
    new = ["Another paragraph stands here.", "It was not recognised as extremist."]
    assert pair(old, new) == {}


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
@settings(max_examples=200, deadline=None)
def test_no_old_text_is_taken_twice_and_none_that_is_still_there(old: list[int], new: list[int]) -> None:
    old_texts = [f"text {number % 5} word{number}" for number in old]
    new_texts = [f"text {number % 5} word{number}" for number in new]
    pairs = pair(old_texts, new_texts)
    assert len(set(pairs.values())) == len(pairs)
    assert not set(pairs) & set(old_texts)
    assert not set(pairs.values()) & set(new_texts)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), unique_by=lambda pair: pair[0]))
@settings(max_examples=100, deadline=None)
def test_the_longest_rising_part_rises(pairs: list[tuple[int, int]]) -> None:
    seconds = [second for _, second in longest_rising(sorted(pairs))]
    assert seconds == sorted(set(seconds))
    assert len(seconds) == longest(sorted(pairs))


def longest(pairs: list[tuple[int, int]]) -> int:
    """Return the length of a longest rising part, slowly."""
    lengths: list[int] = []
    for index, (_, second) in enumerate(pairs):
        before = [lengths[i] for i in range(index) if pairs[i][1] < second]
        lengths.append(1 + max(before, default=0))
    return max(lengths, default=0)

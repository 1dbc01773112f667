"""Two sides' work on one catalog to one catalog: message by message, so that neither side loses anything.

A text that only one side changed is taken from that side. Where both changed it, ours stays as the text and theirs
stands in a comment, marked for a person to look at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from constanta.catalogs.po import Catalog, Key, Message, State

T = TypeVar("T")

THEIRS = "Theirs: "
"""What the comment with the other side's text begins with."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a three-way merge made: the catalog, and the messages that a person must decide on."""

    catalog: Catalog
    conflicts: tuple[Key, ...]


def reconcile_catalogs(base: Catalog, ours: Catalog, theirs: Catalog) -> Reconciled:
    """Return the catalog with both sides' work since `base`."""
    sides = _carry(base.by_key(), ours.by_key(), theirs.by_key())
    base_by, our_by, their_by = base.by_key(), *sides
    messages, conflicts = [], []
    for key in _order(list(our_by), list(their_by)):
        message, clean = _reconcile(
            _base_of(key, base_by, our_by, their_by), our_by.get(key), their_by.get(key)
        )
        if message is not None:
            messages.append(message)
        if not clean:
            conflicts.append(key)
    catalog = Catalog(
        header=_header(base.header, ours.header, theirs.header),
        messages=tuple(sorted(messages, key=lambda message: message.obsolete)),
        path=ours.path,
        header_comments=_lines(base.header_comments, ours.header_comments, theirs.header_comments),
    )
    return Reconciled(catalog, tuple(conflicts))


def _choose(base: T, ours: T, theirs: T) -> T:
    """Return what one side changed; ours where both did."""
    return theirs if ours == base else ours


# --- messages ------------------------------------------------------------------------------------------------------


def _carry(
    base: Mapping[Key, Message], ours: Mapping[Key, Message], theirs: Mapping[Key, Message]
) -> tuple[dict[Key, Message], dict[Key, Message]]:
    """Let new work on a text, or a comment, follow it where the other side's sync moved that text to a changed source."""
    our_result, their_result = dict(ours), dict(theirs)
    _carry_to(their_result, our_result, base)
    _carry_to(our_result, their_result, base)
    return our_result, their_result


def _carry_to(moved: dict[Key, Message], worked: dict[Key, Message], base: Mapping[Key, Message]) -> None:
    for key, message in list(moved.items()):
        origin = message.previous.key if message.state is State.OUTDATED and message.previous else key
        before, work = base.get(origin), worked.get(origin)
        if key in worked or origin in moved or before is None or work is None or key in base:
            continue
        comments = _lines(before.comments, message.comments, work.comments)
        if work.msgstr == before.msgstr:
            moved[key] = replace(message, comments=comments)
        elif message.msgstr == before.msgstr and work.state is State.CURRENT:
            moved[key] = replace(message, msgstr=work.msgstr, comments=comments)
            del worked[origin]


def _base_of(
    key: Key, base: Mapping[Key, Message], ours: Mapping[Key, Message], theirs: Mapping[Key, Message]
) -> Message | None:
    """Return the message of the base, under its former source where both sides took in the same change."""
    if key in base:
        return base[key]
    for side in (ours, theirs):
        message = side.get(key)
        if message is not None and message.previous is not None and message.previous.key in base:
            return base[message.previous.key]
    return None


def _reconcile(
    base: Message | None, ours: Message | None, theirs: Message | None
) -> tuple[Message | None, bool]:
    """Return one message with the work of both sides, and whether they agree; None where both dropped it."""
    if ours is None or theirs is None:
        return _only(base, ours or theirs), True
    known = base or replace(ours, msgstr=("",) * len(ours.msgstr), comments=(), flags=(), previous=None)
    both = replace(
        ours,
        comments=_lines(known.comments, ours.comments, theirs.comments),
        extracted=_choose(known.extracted, ours.extracted, theirs.extracted),
        references=_choose(known.references, ours.references, theirs.references),
        obsolete=_choose(base.obsolete, ours.obsolete, theirs.obsolete)
        if base
        else ours.obsolete and theirs.obsolete,
    )
    if ours.msgstr == theirs.msgstr:
        return _with_mark(both, _marked(known, ours, theirs)), True
    if theirs.msgstr == known.msgstr or not theirs.translated:
        return _with_mark(both, ours), True
    if ours.msgstr == known.msgstr or not ours.translated:
        return _with_mark(replace(both, source=theirs.source, msgstr=theirs.msgstr), theirs), True
    comments = (*both.comments, *(THEIRS + form.replace("\n", "\\n") for form in theirs.msgstr if form))
    return replace(both, comments=comments).with_flag("fuzzy"), False


def _only(base: Message | None, there: Message | None) -> Message | None:
    """Return what becomes of a message that one side has and the other does not.

    One that the other side dropped is dropped, unless there is new work on it: that stays as obsolete.
    """
    if there is None or base is None or base.key != there.key:
        return there
    if not there.translated or there.msgstr == base.msgstr:
        return None
    return replace(there, obsolete=True, extracted=(), references=())


def _marked(base: Message, ours: Message, theirs: Message) -> Message:
    """Return the side whose marks (fuzzy, previous source) count; where both changed them, one that is fuzzy.

    A sync marks what it moves to a changed source. That one side took such a mark off is a person's decision, and stands.
    """
    for side, other in ((ours, theirs), (theirs, ours)):
        is_moved = side.source != base.source or not base.translated
        if is_moved and side.state is State.CURRENT and other.state is State.OUTDATED:
            return side
    if (theirs.fuzzy, theirs.previous) == (base.fuzzy, base.previous):
        return ours
    if (ours.fuzzy, ours.previous) == (base.fuzzy, base.previous):
        return theirs
    return ours if ours.fuzzy else theirs


def _with_mark(message: Message, side: Message) -> Message:
    marked = message.with_flag("fuzzy") if side.fuzzy else message.without_flag("fuzzy")
    return replace(marked, previous=side.previous)


def _lines(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of ours without those that theirs removed, and with those that theirs added."""
    kept = [line for line in ours if line in theirs or line not in base]
    return (*kept, *(line for line in theirs if line not in base and line not in ours))


def _order(ours: Sequence[Key], theirs: Sequence[Key]) -> list[Key]:
    """Return the keys of both sides: ours in their order, and each of theirs after the one it follows."""
    followers: dict[Key | None, list[Key]] = {}
    known, place = set(ours), None
    for key in theirs:
        if key in known:
            place = key
        else:
            followers.setdefault(place, []).append(key)
    ordered = list(followers.get(None, ()))
    for key in ours:
        ordered += [key, *followers.get(key, ())]
    return ordered


# --- the header ----------------------------------------------------------------------------------------------------


def _header(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Return the header's fields, each from the side that changed it; of two dates of revision the later."""
    header = {}
    for name in dict.fromkeys((*ours, *theirs)):
        value = _choose(base.get(name), ours.get(name), theirs.get(name))
        if name == "PO-Revision-Date":
            value = max(ours.get(name, ""), theirs.get(name, ""))
        if value is not None:
            header[name] = value
    return header

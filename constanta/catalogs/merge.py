"""Template and old catalog to new catalog: every translation stays current, outdated or obsolete, and none is lost.

A message keeps its translation by its key. A changed message takes that of the message which stood in its place (see
`constanta.catalogs.pairing`), marked outdated, with the source that the translation was really made for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from constanta.catalogs.pairing import pair_in_place
from constanta.catalogs.po import Key, Message, Source, State

Memory = Mapping[Source, tuple[str, ...]]
"""Current translations that stand in other catalogs, by their exact source."""

SameMeaning = Callable[[Source, Source], bool]
"""Says whether a source may change from one to the other without a new look at its translation."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge made.

    Attributes:
        messages: The messages of the template in its order, then the obsolete ones.
        vanished: The old messages that stand in no place of the template any more.
    """

    messages: tuple[Message, ...]
    vanished: tuple[Message, ...]


def never(_old: Source, _new: Source) -> bool:
    """Return False: every change of a source asks for a new look at the translation."""
    return False


def merge_messages(
    template: Sequence[Message],
    old: Sequence[Message],
    nplurals: int,
    *,
    memory: Memory | None = None,
    same_meaning: SameMeaning = never,
) -> Merge:
    """Return the messages of a template with the translations of an old catalog.

    `memory` serves messages that the old catalog has no translation for. Takes linear time but for sorting.
    """
    active = {message.key: message for message in old if not message.obsolete}
    found = _find_same(template, old)
    remembered = {m.key for m in template if m.key not in found and m.source in (memory or {})}
    found |= _find_changed(template, active, found, remembered)
    merged: dict[Key, Message] = {}
    for message in template:
        key = message.key
        here, best = active.get(key), found.get(key)
        if key in remembered and memory is not None:
            merged[key] = replace(message, msgstr=memory[message.source])
        else:
            merged[key] = _merged(message, best, nplurals, same_meaning)
        if here is not None and here is not best:
            merged[key] = _with_comments(merged[key], here.comments)
    used = {id(message) for message in found.values()}
    whole = {id(found[m.key]) for m in template if m.key in found and m.source.msgid_plural is not None}
    left = [m for m in old if m.translated and id(m) not in (used if len(m.msgstr) == 1 else whole)]
    obsolete = _settle(sorted(left, key=lambda message: not message.obsolete), merged)
    vanished = tuple(m for key, m in active.items() if key not in merged and id(m) not in used)
    return Merge((*merged.values(), *obsolete), vanished)


# --- which old message serves which new one ------------------------------------------------------------------------


def _find_same(template: Iterable[Message], old: Sequence[Message]) -> dict[Key, Message]:
    """Return the best old message for each new one: with the same source, or translated for that source."""
    active = {m.key: m for m in old if not m.obsolete}
    obsolete: dict[Key, Message] = {}
    made_for: dict[Source, Message] = {}
    for message in sorted(old, key=lambda message: message.obsolete):
        if message.obsolete and message.translated:
            obsolete.setdefault(message.key, message)
        if message.state is State.OUTDATED:
            made_for.setdefault(_made_for(message), message)
    found = {}
    for message in template:
        key = message.key
        here, gone = active.get(key), obsolete.get(key)
        if here and here.state in {State.CURRENT, State.NEEDS_WORK}:
            found[key] = here
            continue
        candidates = (
            gone if gone and gone.state is State.CURRENT else None,
            made_for.get(message.source),
            here if here and here.translated else None,
            gone,
        )
        best = next((candidate for candidate in candidates if candidate is not None), None)
        if best is not None:
            found[key] = best
    return found


def _find_changed(
    template: Sequence[Message],
    active: Mapping[Key, Message],
    found: Mapping[Key, Message],
    remembered: Collection[Key],
) -> dict[Key, Message]:
    """Return the old message for each new one that changed in its place."""
    new_keys = {message.key for message in template}
    if new_keys <= active.keys():
        return {}  # each stands in its own place
    places: dict[Key, Key] = {message.key: message.key for message in template if message.key in active}
    for key, message in found.items():
        if message.key not in new_keys and key not in places and active.get(message.key) is message:
            places[key] = message.key
            new_keys.add(message.key)
    places = {key: old_key for key, old_key in places.items() if key[0] == old_key[0]}
    old_by_context, new_by_context = _by_context(active.values()), _by_context(template)
    changed = {}
    for context, messages in new_by_context.items():
        here = [m for m in messages if m.key in places or (m.key not in found and m.key not in remembered)]
        anchors = {m.key: places[m.key] for m in here if m.key in places}
        old_sources = [m.source for m in old_by_context.get(context, ())]
        for key, old_key in pair_in_place(old_sources, [m.source for m in here], anchors).items():
            changed[key] = active[old_key]
    return changed


def _by_context(messages: Iterable[Message]) -> dict[str | None, list[Message]]:
    groups: dict[str | None, list[Message]] = {}
    for message in messages:
        groups.setdefault(message.source.msgctxt, []).append(message)
    return groups


# --- what becomes of one message -----------------------------------------------------------------------------------


def _made_for(message: Message) -> Source:
    """Return the source that a translation was made for; a previous source without context has the message's."""
    if message.state is not State.OUTDATED or message.previous is None:
        return message.source
    if message.previous.msgctxt is None:
        return replace(message.previous, msgctxt=message.source.msgctxt)
    return message.previous


def _merged(new: Message, old: Message | None, nplurals: int, same_meaning: SameMeaning) -> Message:
    forms = nplurals if new.source.msgid_plural is not None else 1
    if old is None:
        return replace(new, msgstr=("",) * forms)
    flags = (*new.flags, *(f for f in old.flags if f != "fuzzy" and not f.endswith("-format")))
    merged = Message(
        new.source,
        _fit(old, new.source, forms),
        comments=_comments(old, new.source, forms),
        extracted=new.extracted,
        references=new.references,
        flags=tuple(dict.fromkeys(flags)),
        obsolete=new.obsolete,
        line=new.line,
        msgstr_line=new.msgstr_line,
    )
    if old.state is State.NEEDS_WORK:
        # Where a person doubted a translation, the source it was made for would take the doubt away when it returns.
        return merged.with_flag("fuzzy")
    source = _made_for(old)
    unchanged = source == new.source or (old.state is State.CURRENT and same_meaning(source, new.source))
    if not old.translated or unchanged:
        return merged
    return replace(merged.with_flag("fuzzy"), previous=source)


def _fit(old: Message, source: Source, forms: int) -> tuple[str, ...]:
    """Return as many forms as the entry takes; a text that had one form stands in all."""
    if old.source.msgid_plural is None and source.msgid_plural is not None:
        return old.msgstr[:1] * forms
    return (*old.msgstr[:forms], *("",) * (forms - len(old.msgstr)))


def _comments(old: Message, source: Source, forms: int) -> tuple[str, ...]:
    """Return the translator's comments, with the forms that the entry does not take; a text of one form is settled later."""
    if source.msgid_plural is None:
        return old.comments
    kept, dropped = old.msgstr[:forms], old.msgstr[forms:]
    return _with_comments(old, _as_comment(form for form in dropped if form not in kept)).comments


def _with_comments(message: Message, comments: Sequence[str]) -> Message:
    added = (comment for comment in comments if comment not in message.comments)
    return replace(message, comments=(*message.comments, *added))


# --- what no message of the template took --------------------------------------------------------------------------


def _settle(left: Iterable[Message], merged: dict[Key, Message]) -> list[Message]:
    """Return the obsolete messages; gettext allows one entry for a key, so that a second one needs another place."""
    obsolete: dict[Key, Message] = {}
    for message in left:
        retired = replace(
            message,
            obsolete=True,
            extracted=(),
            references=(),
            previous=message.previous if message.fuzzy else None,
        )
        made = replace(retired.without_flag("fuzzy"), source=_made_for(retired), previous=None)
        for candidate in (retired, made):
            if candidate.key not in merged and candidate.key not in obsolete:
                obsolete[candidate.key] = candidate
                break
        else:
            holders = obsolete if retired.key in obsolete else merged
            holder = holders[retired.key]
            if holder.msgstr != retired.msgstr:
                holders[retired.key] = _with_comments(holder, _as_comment(retired.msgstr))
    return list(obsolete.values())


def _as_comment(forms: Iterable[str]) -> list[str]:
    """Return the forms of a translation as translator's comments, for want of a place of their own."""
    return ["Another translation: " + form.replace("\n", "\\n") for form in forms if form]

"""What a catalog holds: messages, their sources and their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

Key = tuple[str | None, str]
"""What identifies a message in a catalog: its `msgctxt` (None is not the empty string) and its `msgid`."""


class State(StrEnum):
    """The state of one message in one catalog."""

    CURRENT = "current"
    OUTDATED = "outdated"
    NEEDS_WORK = "needs-work"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a message: what is translated, without any translation."""

    msgid: str
    msgctxt: str | None = None
    msgid_plural: str | None = None

    @property
    def key(self) -> Key:
        """What identifies the message."""
        return self.msgctxt, self.msgid


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a catalog.

    Attributes:
        source: What is translated.
        msgstr: The translation; one form, or as many as the entry has plural forms.
        comments: The translator's own comments (`# `), a line each.
        extracted: Comments for the translator (`#. `).
        references: The files in which the message stands (`#: `), without line numbers.
        flags: `fuzzy`, `python-format` and the like, in their order.
        previous: The source that the translation was made for (`#| `), where it has changed since.
        obsolete: Whether the message is gone from the sources (`#~ `).
        line: The line of `msgid` in the file, from 1; 0 where it was not read from a file.
        msgstr_line: The line of the first `msgstr`.
    """

    source: Source
    msgstr: tuple[str, ...] = ("",)
    comments: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    previous: Source | None = None
    obsolete: bool = False
    line: int = field(default=0, compare=False)
    msgstr_line: int = field(default=0, compare=False)

    @property
    def key(self) -> Key:
        """What identifies the message in its catalog."""
        return self.source.key

    @property
    def fuzzy(self) -> bool:
        """Whether the entry is marked for a person to look at."""
        return "fuzzy" in self.flags

    @property
    def translated(self) -> bool:
        """Whether any form of the translation has text; spaces alone, also those that do not break, are none."""
        return any(map(str.strip, self.msgstr))

    @property
    def state(self) -> State:
        """The state as `docs/design.md` defines it."""
        if not self.translated:
            return State.MISSING
        if not self.fuzzy:
            return State.CURRENT
        return State.OUTDATED if self.previous else State.NEEDS_WORK

    def without_flag(self, flag: str) -> Message:
        """Return the message without one flag."""
        return replace(self, flags=tuple(f for f in self.flags if f != flag))

    def with_flag(self, flag: str) -> Message:
        """Return the message with one flag, `fuzzy` before all others as GNU writes it."""
        others = tuple(f for f in self.flags if f != flag)
        return replace(self, flags=(flag, *others) if flag == "fuzzy" else (*others, flag))


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog: its header and its messages, the obsolete ones last.

    Attributes:
        header: The header's fields in their order.
        messages: All entries but the header.
        path: Where it was read from; errors and findings name it.
        header_comments: The translators' comments over the header.
    """

    header: Mapping[str, str]
    messages: tuple[Message, ...] = ()
    path: Path | None = None
    header_comments: tuple[str, ...] = ()
    header_line: int = field(default=1, compare=False)

    @property
    def language(self) -> str:
        """The header's `Language` as a BCP 47 tag; empty where it names none."""
        return self.header.get("Language", "").replace("_", "-")

    def by_key(self) -> dict[Key, Message]:
        """Return the messages by what identifies them; an obsolete one only where no other has its key."""
        found = {m.key: m for m in self.messages if m.obsolete}
        found.update((m.key, m) for m in self.messages if not m.obsolete)
        return found

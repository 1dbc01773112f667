"""Errors that a person can act on: each names the file and line to open and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for a person: a message and its values, so that it can be said in any language."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message

    def translate(self, gettext: Callable[[str], str]) -> str:
        """Return the sentence in the language of `gettext`."""
        message = gettext(self.message)
        return message % self.values if self.values else message


def sentence(message: str, /, **values: object) -> Sentence:
    """Return a translatable sentence; extraction knows this function by its name.

    `message` is a literal with named `%(name)s` placeholders; a message without values holds no `%`.
    """
    return Sentence(message, values)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place.

    `line` counts from 1; None means the whole file. `code` is the id of the check that the problem belongs to.
    """

    text: Sentence
    path: Path | None = None
    line: int | None = None
    code: str = ""

    def place(self) -> str:
        """Return `path:line`, as editors and compilers write it, or the empty string."""
        if self.path is None:
            return ""
        return f"{self.path}:{self.line}" if self.line else str(self.path)

    def __str__(self) -> str:
        return f"{self.place()}: {self.text}" if self.path else str(self.text)


class ConstantaError(Exception):
    """The base of the errors that are shown to a person, with one or more problems to mend."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    @classmethod
    def at(cls, path: Path | None, line: int | None, text: Sentence) -> Self:
        """Return the error for one problem in one place."""
        return cls(Problem(text, path, line))

    @classmethod
    def together(cls, errors: Iterable[ConstantaError]) -> Self:
        """Return one error with the problems of several, in their order."""
        return cls(*(problem for error in errors for problem in error.problems))


class SettingsError(ConstantaError):
    """A setting is missing or cannot be used."""


class ContentError(ConstantaError):
    """A document cannot be read as it stands."""


class CatalogError(ConstantaError):
    """A catalog cannot be read or merged as it stands."""


class EditionError(ConstantaError):
    """An edition cannot be built, found or served."""


class NewsletterError(ConstantaError):
    """The newsletter cannot do its work: keys, the database or the mail server are not as they should be."""

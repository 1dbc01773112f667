"""Front matter: the YAML between two lines `---` at the beginning of a document, with the line of every key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from constanta.errors import ConstantaError, ContentError, Problem, Sentence, sentence

T = TypeVar("T")

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no feed can hold (XML 1.0, 2.2); YAML refuses most of it, but not when it is written as an escape."""

_SPACES = re.compile(r"\s+", re.ASCII)

_COLON = re.compile(r"""[\w-]+:[ \t]+[^\s"'\[{|>&*!][^\n]*:(?:[ \t]|$)""")
"""A line such as `title: Law: a review`; YAML says the same of it as of a line that is indented by mistake."""

_CONTROL = "control characters are not allowed"

_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
"""A conflict mark of git; the one between the two sides is left out, since it underlines a heading in CommonMark."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C, ten times as fast, where PyYAML was built with it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the front matter and the line of its key."""

    node: yaml.Node
    line: int


class FrontMatter:
    """The front matter of one file: hands out each value in its type, and remembers what was wrong."""

    def __init__(self, path: Path, values: Mapping[str, Value], problems: list[Problem]) -> None:
        self.path = path
        self.values = values
        self.problems = problems

    def wrong(self, key: str, text: Sentence) -> None:
        """Remember a problem in the line of a key."""
        line = self.values[key].line if key in self.values else 1
        self.problems.append(Problem(text, self.path, line))

    def text(self, key: str) -> str:
        """Return a text on one line, with its no-break spaces; empty where the key is missing."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value.node, yaml.ScalarNode):
            self.wrong(key, sentence("“%(key)s” must be a text.", key=key))
            return ""
        if _UNWRITABLE.search(value.node.value):
            self.wrong(key, sentence("The front matter is not valid YAML: %(reason)s.", reason=_CONTROL))
            return ""
        return _SPACES.sub(" ", value.node.value).strip()

    def required(self, key: str, missing: Sentence) -> str:
        """Return a text that must be there; where it is not, remember what `missing` says."""
        found = len(self.problems)
        text = self.text(key)
        is_visible = any(letter.isprintable() and not letter.isspace() for letter in text)
        if not is_visible and len(self.problems) == found:
            self.wrong(key, missing)
        return text

    def parsed(self, key: str, parse: Callable[[str], T], expected: Sentence) -> T | None:
        """Return what `parse` makes of a text; None where the key is missing or the text is not as expected."""
        text = self.text(key)
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, ConstantaError):
            self.wrong(key, expected)
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.values.get(key)
        if value is None:
            return ()
        node = value.node
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(n, yaml.ScalarNode) for n in node.value
        ):
            self.wrong(key, sentence("“%(key)s” must be a list, such as [one, two].", key=key))
            return ()
        return tuple(str(item.value) for item in node.value)

    def flag(self, key: str) -> bool:
        """Return whether a key is true."""
        text = self.text(key)
        if text not in {"", "true", "false"}:
            self.wrong(key, sentence("“%(key)s” must be true or false.", key=key))
        return text == "true"


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a document's file.

    Raises:
        ContentError: The file cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = sentence("The file cannot be read: %(reason)s.", reason=error.strerror or str(error))
        raise ContentError(Problem(reason, path)) from error


def decode_text(path: Path, data: bytes) -> str:
    """Return the text of a document's file.

    Raises:
        ContentError: It is not UTF-8, or holds a control character or a conflict mark of git.
    """
    try:
        decoded = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = sentence("This line is not UTF-8. Save the file as UTF-8.")
        raise ContentError(Problem(text, path, line)) from error
    if unwritable := _UNWRITABLE.search(decoded):
        reason = sentence("The file cannot be read: %(reason)s.", reason=_CONTROL)
        raise ContentError(Problem(reason, path, decoded.count("\n", 0, unwritable.start()) + 1))
    if conflict := _CONFLICT.search(decoded):
        left = sentence("A conflict mark of git was left in the file. Resolve the conflict first.")
        raise ContentError(Problem(left, path, decoded.count("\n", 0, conflict.start()) + 1))
    return decoded


def split_text(path: Path, text: str) -> tuple[str, str, int]:
    """Return the front matter, the body, and the line in which the body begins.

    Raises:
        ContentError: There is no front matter, or it does not end.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise ContentError(
            Problem(sentence("The file must begin with a line “---” and front matter."), path, 1)
        )
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise ContentError(
            Problem(sentence("The front matter does not end: a second line “---” is missing."), path, 1)
        )
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _explain(reason: str, line: str) -> Sentence:
    """Return what a person can do about YAML's own reason, which is in English and in the words of its grammar."""
    if reason.startswith("mapping values are not allowed") and _COLON.match(line):
        return sentence(
            "A text with a colon and a space in it must stand in quotation marks, such as title: %(example)s.",
            example='"Law: a review"',
        )
    return sentence("The front matter is not valid YAML: %(reason)s.", reason=reason)


MAX_LENGTH = 4096
"""The number of characters that front matter may have; deeply nested YAML would crash the parser."""


_FORM = sentence("The front matter must be lines of the form “key: value”.")


def read_values(path: Path, header: str, problems: list[Problem]) -> Iterator[tuple[str, Value]]:
    """Yield the keys of the front matter with their values; what can be read in spite of a problem is read.

    Raises:
        ContentError: It is too long, or no YAML mapping.
    """
    if len(header) > MAX_LENGTH:
        long = sentence("The front matter is longer than %(limit)s characters.", limit=MAX_LENGTH)
        raise ContentError(Problem(long, path, 1))
    try:
        root = yaml.compose(header, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else -1
        written = "".join(header.split("\n")[max(0, line) : line + 1])  # it may lie behind the last line
        raise ContentError(Problem(_explain(error.problem or "?", written), path, line + 2)) from error
    except yaml.YAMLError as error:
        text = sentence("The front matter is not valid YAML: %(reason)s.", reason=str(error).splitlines()[0])
        raise ContentError(Problem(text, path, 1)) from error
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise ContentError(Problem(_FORM, path, 2))
    seen: set[str] = set()
    for key_node, value_node in root.value:
        line = key_node.start_mark.line + 2
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(_FORM, path, line))
            continue
        key = str(key_node.value)
        if key in seen:
            problems.append(Problem(sentence("“%(key)s” stands twice.", key=key), path, line))
            continue
        seen.add(key)
        yield key, Value(value_node, line)

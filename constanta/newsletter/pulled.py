"""The operator's file of sealed rows: what was pulled last, and what earlier pulls saw.

Rows that are no longer on the server stay, still sealed: the one that a reader left by names the address
whose other, forgotten subscriptions end with it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from constanta.errors import NewsletterError, Problem, sentence
from constanta.files import replace_file
from constanta.newsletter.sources import SealedRow, Snapshot

_FORMAT = "constanta-newsletter-1"


class Moment(NamedTuple):
    """When something happened on the server: the pull that first saw it, and within that one the row's id.

    What one pull saw together is ordered by ids. Ids of different pulls tell nothing: a server that was restored from
    a backup gives the later ones once more.
    """

    pull: int
    id: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """All rows ever pulled, the hashes of those that the last pull found, when each came, and who left when."""

    rows: Mapping[bytes, SealedRow] = field(default_factory=dict)
    current: frozenset[bytes] = frozenset()
    came: Mapping[bytes, Moment] = field(default_factory=dict)
    gone: Mapping[bytes, Moment] = field(default_factory=dict)


def add_snapshot(pulled: Pulled, snapshot: Snapshot, path: Path) -> Pulled:
    """Return what the file at `path` holds after a further pull.

    Raises:
        NewsletterError: The file and the snapshot have nothing in common, so nothing in one tells of the other.
    """
    fresh = {row.unsubscribe_hash: row for row in snapshot.rows}
    known = pulled.rows.keys() | pulled.gone.keys()
    if pulled.rows and not known & (fresh.keys() | snapshot.gone.keys()):
        other = sentence("This file is of another database. Name a new file.")
        raise NewsletterError(Problem(other, path))
    number = 1 + max((moment.pull for moment in (*pulled.came.values(), *pulled.gone.values())), default=0)
    return Pulled(
        {**pulled.rows, **fresh},
        frozenset(fresh),
        _date(pulled.came, {key: row.id for key, row in fresh.items()}, number),
        _date(
            {key: when for key, when in pulled.gone.items() if key not in pulled.current},
            snapshot.gone,
            number,
        ),
    )


def _date(known: Mapping[bytes, Moment], ids: Mapping[bytes, int], number: int) -> dict[bytes, Moment]:
    """Return the moments that are known, and those of what this pull is the first to see."""
    fresh = {key: Moment(number, id_) for key, id_ in ids.items() if key not in known or known[key].id != id_}
    return {**known, **fresh}


def read_pulled(path: Path) -> Pulled:
    """Return what a file holds.

    Raises:
        NewsletterError: It cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != _FORMAT:
            raise ValueError(data["format"])
        rows = [
            SealedRow(row["id"], bytes.fromhex(row["unsubscribe"]), b64decode(row["sealed"], validate=True))
            for row in data["rows"]
        ]
        current = frozenset(bytes.fromhex(row["unsubscribe"]) for row in data["rows"] if row["current"])
        # Files from before pulls were numbered have no numbers.
        came = {
            bytes.fromhex(row["unsubscribe"]): Moment(int(row.get("pull", 0)), row["id"])
            for row in data["rows"]
        }
        gone = {
            bytes.fromhex(row["unsubscribe"]): Moment(int(row.get("pull", 0)), int(row["last_id"]))
            for row in data["gone"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = sentence("This is no file made by flask newsletter pull.")
        raise NewsletterError(Problem(wrong, path)) from error
    return Pulled({row.unsubscribe_hash: row for row in rows}, current, came, gone)


def write_pulled(path: Path, pulled: Pulled) -> None:
    """Write the file whole or not at all, for its owner alone."""
    rows = [
        {
            "id": row.id,
            "pull": pulled.came[key].pull,
            "unsubscribe": key.hex(),
            "sealed": b64encode(row.sealed).decode("ascii"),
            "current": key in pulled.current,
        }
        for key, row in pulled.rows.items()
    ]
    gone = [
        {"unsubscribe": key.hex(), "last_id": moment.id, "pull": moment.pull}
        for key, moment in pulled.gone.items()
    ]
    write_file(path, json.dumps({"format": _FORMAT, "rows": rows, "gone": gone}, indent=1))


def write_file(path: Path, text: str) -> None:
    """Replace a file by another that only its owner may read, at once; a power cut leaves either of them."""
    replace_file(path, text.encode(), 0o600)

from __future__ import annotations

import csv
import errno
import io
import json
import os
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from constanta.errors import NewsletterError
from constanta.newsletter.opening import as_records, format_csv, format_json, open_pulled
from constanta.newsletter.pulled import Moment, Pulled, add_snapshot, read_pulled, write_file, write_pulled
from constanta.newsletter.seal import Subscription, seal_subscription
from constanta.newsletter.sources import SealedRow, Snapshot
from constanta.newsletter.tokens import hash_token

OPERATOR, RECOVERY = Identity.generate(), Identity.generate()
BOTH = (OPERATOR.to_public(), RECOVERY.to_public())


def row(id_: int, email: str, language: str = "be", token: str = "") -> SealedRow:
    token = token or f"token{id_}"
    return SealedRow(id_, hash_token(token), seal_subscription(Subscription(email, language, token), BOTH))


def pulls(*snapshots: tuple[list[SealedRow], dict[str, int]]) -> Pulled:
    """Pull several times: rows, and the last ids of tokens of those who left."""
    pulled = Pulled()
    for rows, left in snapshots:
        gone = {hash_token(token): last_id for token, last_id in left.items()}
        pulled = add_snapshot(pulled, Snapshot(tuple(rows), gone, 0, 0), Path("file"))
    return pulled


def test_of_duplicates_the_oldest_token_and_the_newest_language_stay() -> None:
    rows = [row(2, "A@people.example", "ru"), row(1, "a@people.example", "be"), row(3, "b@people.example")]
    opened = open_pulled(pulls((rows, {})), [OPERATOR])
    assert opened.subscriptions == (
        Subscription("A@people.example", "ru", "token1"),
        Subscription("b@people.example", "be", "token3"),
    )
    assert opened.duplicates == 1


def test_the_recovery_key_opens_the_same() -> None:
    pulled = pulls(([row(1, "a@people.example")], {}))
    assert open_pulled(pulled, [RECOVERY]) == open_pulled(pulled, [OPERATOR])


def test_who_left_by_one_of_two_rows_is_gone_with_both() -> None:
    first, second = row(1, "a@people.example"), row(2, "a@people.example")
    opened = open_pulled(pulls(([first, second], {}), ([second], {"token1": 2})), [OPERATOR])
    assert (opened.subscriptions, opened.left) == ((), 1)


def test_who_came_back_after_leaving_is_a_subscriber_again() -> None:
    first, second, back = (row(n, "a@people.example") for n in (1, 2, 3))
    opened = open_pulled(pulls(([first, second], {}), ([second, back], {"token1": 2})), [OPERATOR])
    assert [one.token for one in opened.subscriptions] == ["token3"]


def test_who_comes_back_after_a_restore_is_a_subscriber_though_the_ids_begin_anew() -> None:
    kept, left = row(1, "kept@people.example"), row(8, "a@people.example")
    back = row(2, "a@people.example", token="back")
    opened = open_pulled(
        pulls(([kept, left], {}), ([kept], {"token8": 9}), ([kept], {}), ([kept, back], {})), [OPERATOR]
    )
    assert [one.token for one in opened.subscriptions] == ["token1", "back"]


def test_who_left_after_the_backup_stays_away_when_the_row_is_restored() -> None:
    kept, left, twin = (
        row(1, "kept@people.example"),
        row(2, "a@people.example"),
        row(3, "a@people.example"),
    )
    seen = pulls(([kept, left, twin], {}), ([kept, twin], {"token2": 3}), ([kept, left, twin], {}))
    never_seen = pulls(([kept], {}), ([kept], {"token2": 2}), ([kept, left], {}))
    for pulled in (seen, never_seen):
        opened = open_pulled(pulled, [OPERATOR])
        assert [one.token for one in opened.subscriptions] == ["token1"]


def test_of_what_pulls_saw_after_a_restore_the_later_language_stays() -> None:
    first, second = row(8, "a@people.example", "be"), row(2, "a@people.example", "ru")
    opened = open_pulled(pulls(([first], {}), ([first, second], {})), [OPERATOR])
    assert opened.subscriptions == (Subscription("a@people.example", "ru", "token8"),)


def test_a_row_that_is_no_longer_on_the_server_is_nobodys() -> None:
    first, other = row(1, "a@people.example"), row(2, "b@people.example")
    opened = open_pulled(pulls(([first, other], {}), ([other], {})), [OPERATOR])
    assert [one.email for one in opened.subscriptions] == ["b@people.example"]


def test_rows_for_another_key_are_counted() -> None:
    stranger = Identity.generate().to_public()
    swapped = SealedRow(
        2, b"x", seal_subscription(Subscription("b@people.example", "be", "t"), (stranger, BOTH[1]))
    )
    opened = open_pulled(pulls(([row(1, "a@people.example"), swapped], {})), [OPERATOR])
    assert (len(opened.subscriptions), opened.unreadable) == (1, 1)


def test_a_row_with_another_rows_token_is_strange() -> None:
    forged = SealedRow(1, hash_token("other"), row(1, "a@people.example").sealed)
    opened = open_pulled(pulls(([forged], {})), [OPERATOR])
    assert (opened.subscriptions, opened.strange) == ((), 1)


def test_a_row_that_a_third_key_opens_too_is_strange() -> None:
    from_three = seal_subscription(
        Subscription("a@people.example", "be", "t"),
        (*BOTH, Identity.generate().to_public()),  # type: ignore[arg-type]
    )
    opened = open_pulled(pulls(([SealedRow(1, hash_token("t"), from_three)], {})), [OPERATOR])
    assert (opened.subscriptions, opened.strange) == ((), 1)


def test_who_leaves_once_more_after_a_restore_is_not_written_to() -> None:
    one, other = row(3, "a@people.example"), row(5, "b@people.example")
    again = row(4, "A@people.example")
    opened = open_pulled(
        pulls(
            ([one, other], {}),
            ([other], {"token3": 5}),
            # The server is restored.
            ([one], {}),
            ([one, again], {}),
            ([again, other], {"token3": 5}),
        ),
        [OPERATOR],
    )
    assert [subscription.email for subscription in opened.subscriptions] == ["b@people.example"]


def test_a_file_of_another_database_is_refused() -> None:
    with pytest.raises(NewsletterError, match="file: This file is of another database"):
        pulls(([row(1, "a@people.example")], {}), ([row(1, "b@people.example", token="x")], {}))


def test_a_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    pulled = pulls(([row(1, "a@people.example"), row(2, "b@people.example")], {}), ([], {"token1": 1}))
    write_pulled(tmp_path / "pulled.json", pulled)
    assert read_pulled(tmp_path / "pulled.json") == pulled
    assert (tmp_path / "pulled.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["pulled.json"]


def test_a_file_that_cannot_be_written_whole_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="full"):
        write_file(tmp_path / "list.csv", "reader@people.example")
    assert list(tmp_path.iterdir()) == []


def test_a_file_from_before_pulls_were_numbered_is_read(tmp_path: Path) -> None:
    pulled = pulls(([row(1, "a@people.example"), row(3, "a@people.example")], {"token0": 2}))
    write_pulled(tmp_path / "file", pulled)
    data = json.loads((tmp_path / "file").read_text(encoding="utf-8"))
    for one in (*data["rows"], *data["gone"]):
        del one["pull"]
    (tmp_path / "file").write_text(json.dumps(data))
    older = read_pulled(tmp_path / "file")
    assert (older.rows, older.current) == (pulled.rows, pulled.current)
    assert list(older.came.values()) == [Moment(0, 1), Moment(0, 3)]
    assert list(older.gone.values()) == [Moment(0, 2)]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other", "rows": [], "gone": []}', "\x00"])
def test_what_is_no_pulled_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(NewsletterError, match="no file made by"):
        read_pulled(tmp_path / "file")


HOSTILE = ['=cmd|"/c calc"@people.example', "+1@people.example", "-2@people.example", "@sum"]


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    records = as_records([Subscription(email, "be", "t") for email in HOSTILE], None)
    cells = list(csv.DictReader(io.StringIO(format_csv(records), newline="")))
    assert [cell["email"] for cell in cells] == [f"'{email}" for email in HOSTILE]


def test_json_keeps_addresses_as_they_are() -> None:
    records = as_records([Subscription(email, "be", "t") for email in HOSTILE], None)
    assert [one["email"] for one in json.loads(format_json(records))] == HOSTILE


def test_with_the_sites_address_links_are_whole() -> None:
    (record,) = as_records([Subscription("a@people.example", "ru", "t0")], "https://site.example/")
    assert record["unsubscribe"] == "https://site.example/ru/newsletter/unsubscribe/t0"


def test_after_a_change_of_keys_both_private_keys_open_all_rows() -> None:
    old = Identity.generate()
    before = SealedRow(
        1,
        hash_token("t"),
        seal_subscription(Subscription("old@people.example", "be", "t"), (old.to_public(), BOTH[1])),
    )
    opened = open_pulled(pulls(([before, row(2, "new@people.example")], {})), [OPERATOR, old])
    assert [one.email for one in opened.subscriptions] == ["old@people.example", "new@people.example"]

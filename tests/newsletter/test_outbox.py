from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyrage
import pytest
import sqlalchemy as sa
from pyrage.x25519 import Identity

from constanta.newsletter.outbox import Letter, Outbox, purge_outbox
from constanta.newsletter.service import Newsletter
from constanta.newsletter.tables import outbox as table
from tests.newsletter.conftest import count_rows

NOW = 1_800_000_000


def letter(email: str = "reader@people.example") -> Letter:
    return Letter(email, "be", "c" * 48, "u" * 48, "<id@mail.example>", NOW)


@pytest.fixture
def outbox(newsletter: Newsletter) -> Outbox:
    return newsletter.office.outbox


def put(outbox: Outbox, *emails: str) -> None:
    with outbox.database.write() as connection:
        for email in emails:
            outbox.add(connection, outbox.encrypt(letter(email)), NOW)


def test_a_leased_letter_is_the_one_that_was_put_in(outbox: Outbox) -> None:
    put(outbox, "reader@people.example")
    leased = outbox.lease(NOW)
    assert leased is not None
    assert leased.letter == letter()


def test_a_leased_letter_is_nobody_elses_until_the_lease_ends(outbox: Outbox) -> None:
    put(outbox, "reader@people.example")
    assert outbox.lease(NOW) is not None
    assert not outbox.has_due(NOW + 299)
    assert outbox.lease(NOW + 299) is None
    assert outbox.lease(NOW + 300) is not None


def test_a_worker_whose_lease_has_ended_changes_nothing(outbox: Outbox, newsletter: Newsletter) -> None:
    put(outbox, "reader@people.example")
    late, second = outbox.lease(NOW), outbox.lease(NOW + 300)
    assert late is not None
    assert second is not None
    outbox.postpone(late, NOW)
    outbox.remove(late)
    assert not outbox.has_due(NOW + 599)
    assert count_rows(newsletter)["outbox"] == 1
    outbox.remove(second)
    assert count_rows(newsletter)["outbox"] == 0


def test_pauses_double_up_to_an_hour(outbox: Outbox) -> None:
    put(outbox, "reader@people.example")
    now, pauses = NOW, []
    for _ in range(8):
        leased = outbox.lease(now)
        assert leased is not None
        outbox.postpone(leased, now)
        with outbox.database.read() as connection:
            due = connection.scalar(sa.select(table.c.due_at))
        assert due is not None
        pauses.append(due - now)
        now = due
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_letter_that_was_not_tried_is_due_at_once_and_has_used_no_attempt(outbox: Outbox) -> None:
    put(outbox, "reader@people.example")
    leased = outbox.lease(NOW)
    assert leased is not None
    outbox.release(leased, NOW)
    again = outbox.lease(NOW)
    assert again is not None
    assert (again.letter, again.attempts) == (leased.letter, 1)


def test_a_letter_is_given_up_after_a_day(outbox: Outbox, newsletter: Newsletter) -> None:
    put(outbox, "reader@people.example")
    assert outbox.has_due(NOW + 24 * 3600 - 1)
    assert not outbox.has_due(NOW + 24 * 3600)
    assert outbox.lease(NOW + 24 * 3600) is None
    with outbox.database.write() as connection:
        assert purge_outbox(connection, NOW + 24 * 3600) == 1


def test_another_nodes_letters_are_left_to_it(outbox: Outbox) -> None:
    other = Outbox(outbox.database, Identity.generate())
    put(other, "reader@people.example")
    assert not outbox.has_due(NOW)
    assert outbox.lease(NOW) is None
    assert other.lease(NOW) is not None


def test_workers_at_once_get_each_letter_once(outbox: Outbox) -> None:
    emails = [f"reader{n}@people.example" for n in range(40)]
    put(outbox, *emails)

    def work(_: int) -> list[str]:
        got = []
        while (leased := outbox.lease(NOW)) is not None:
            assert leased.letter is not None
            got.append(leased.letter.email)
        return got

    with ThreadPoolExecutor(4) as pool:
        got = [email for emails in pool.map(work, range(4)) for email in emails]
    assert sorted(got) == sorted(emails)


def test_letters_have_one_length_for_every_address(outbox: Outbox, newsletter: Newsletter) -> None:
    key = Identity.generate()
    own = Outbox(newsletter.database, key)
    sizes = {
        len(pyrage.decrypt(own.encrypt(letter(f"{'a' * n}@people.example")), [key])) for n in (1, 30, 64)
    }
    assert sizes == {1024}


def test_a_damaged_letter_is_leased_without_its_text(outbox: Outbox) -> None:
    with outbox.database.write() as connection:
        outbox.add(connection, b"damaged", NOW)
    leased = outbox.lease(NOW)
    assert leased is not None
    assert leased.letter is None


def test_addresses_and_tokens_show_in_no_repr() -> None:
    assert "people" not in repr(letter())
    assert "ccc" not in repr(letter())
    assert "uuu" not in repr(letter())

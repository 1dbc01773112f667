from __future__ import annotations

import sqlalchemy as sa

from constanta.newsletter.outbox import GIVE_UP_SECONDS, Leased
from constanta.newsletter.service import Newsletter, Purged
from constanta.newsletter.subscribers import Counts, count_subscribers
from constanta.newsletter.tables import subscriber
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Clock


def take_letter(newsletter: Newsletter) -> Leased:
    leased = newsletter.office.outbox.lease(newsletter.now())
    assert leased is not None
    assert leased.letter is not None
    return leased


def sign_up(newsletter: Newsletter, email: str = "reader@people.example") -> tuple[str, str]:
    """Sign up; return the tokens to confirm and to unsubscribe."""
    newsletter.sign_up(email, "be", "192.0.2.1")
    leased = take_letter(newsletter)
    assert leased.letter is not None
    newsletter.office.outbox.remove(leased)
    return leased.letter.confirm, leased.letter.unsubscribe


def counts(newsletter: Newsletter) -> Counts:
    with newsletter.database.read() as connection:
        return count_subscribers(connection)


def test_a_signup_is_one_pending_row_and_one_letter(newsletter: Newsletter) -> None:
    newsletter.sign_up("reader@people.example", "be", "192.0.2.1")
    assert count_rows(newsletter) == {"subscriber": 1, "gone": 0, "outbox": 1}


def test_a_repeated_signup_looks_the_same_in_the_database_but_its_letter_is_not_wanted(
    newsletter: Newsletter,
) -> None:
    for _ in range(2):
        newsletter.sign_up("reader@people.example", "be", "192.0.2.1")
    assert count_rows(newsletter) == {"subscriber": 2, "gone": 0, "outbox": 2}
    letters = [take_letter(newsletter).letter for _ in range(2)]
    assert [letter.wanted for letter in letters if letter] == [True, False]


def test_a_confirmed_row_says_nothing_about_when(newsletter: Newsletter) -> None:
    confirm, _ = sign_up(newsletter)
    assert newsletter.confirm(confirm)
    with newsletter.database.read() as connection:
        row = connection.execute(sa.select(subscriber)).one()
    assert (row.confirm_hash, row.expires_at) == (None, None)


def test_confirming_twice_is_one_transition(newsletter: Newsletter) -> None:
    confirm, _ = sign_up(newsletter)
    assert [newsletter.confirm(confirm), newsletter.confirm(confirm)] == [True, False]


def test_ids_stand_in_the_order_of_confirmations(newsletter: Newsletter) -> None:
    first, second = sign_up(newsletter, "a@people.example"), sign_up(newsletter, "b@people.example")
    newsletter.confirm(second[0])
    newsletter.confirm(first[0])
    with newsletter.database.read() as connection:
        hashes = connection.scalars(sa.select(subscriber.c.unsubscribe_hash).order_by(subscriber.c.id)).all()
    newsletter.unsubscribe(second[1])
    with newsletter.database.read() as connection:
        assert connection.scalars(sa.select(subscriber.c.unsubscribe_hash)).all() == [hashes[1]]


def test_an_id_is_never_used_twice(newsletter: Newsletter) -> None:
    confirm, unsubscribe = sign_up(newsletter)
    newsletter.confirm(confirm)
    with newsletter.database.read() as connection:
        before = connection.scalar(sa.select(sa.func.max(subscriber.c.id)))
    newsletter.unsubscribe(unsubscribe)
    sign_up(newsletter, "other@people.example")
    with newsletter.database.read() as connection:
        after = connection.scalar(sa.select(sa.func.min(subscriber.c.id)))
    assert before is not None
    assert after is not None
    assert after > before


def test_an_unknown_token_leaves_no_trace(newsletter: Newsletter) -> None:
    newsletter.unsubscribe("0" * 48)
    assert not newsletter.confirm("0" * 48)
    assert count_rows(newsletter) == {"subscriber": 0, "gone": 0, "outbox": 0}


def test_unsubscribing_twice_is_as_good_as_once(newsletter: Newsletter) -> None:
    confirm, unsubscribe = sign_up(newsletter)
    newsletter.confirm(confirm)
    newsletter.unsubscribe(unsubscribe)
    newsletter.unsubscribe(unsubscribe)
    assert counts(newsletter) == Counts(pending=0, confirmed=0, gone=1)


def test_purging_deletes_what_has_expired_and_nothing_else(newsletter: Newsletter, clock: Clock) -> None:
    confirm, unsubscribe = sign_up(newsletter, "left@people.example")
    newsletter.confirm(confirm)
    newsletter.unsubscribe(unsubscribe)
    confirm, _ = sign_up(newsletter, "stays@people.example")
    newsletter.confirm(confirm)
    newsletter.sign_up("late@people.example", "be", "192.0.2.1")
    assert newsletter.purge() == Purged(pending=0, gone=0, outbox=0)
    clock.move(seconds=GIVE_UP_SECONDS)
    assert newsletter.purge() == Purged(pending=0, gone=0, outbox=1)
    clock.move(hours=24)
    assert newsletter.purge() == Purged(pending=1, gone=0, outbox=0)
    clock.move(hours=24 * 178)
    assert newsletter.purge() == Purged(pending=0, gone=0, outbox=0)
    clock.move(hours=24)
    assert newsletter.purge() == Purged(pending=0, gone=1, outbox=0)
    assert counts(newsletter) == Counts(pending=0, confirmed=1, gone=0)

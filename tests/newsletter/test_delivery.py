from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from constanta.cli.newsletter import compose_in_context
from constanta.newsletter import delivery
from constanta.newsletter.delivery import Tally, deliver_due, watch
from constanta.newsletter.outbox import GIVE_UP_SECONDS, Letter
from constanta.newsletter.service import Newsletter
from constanta.newsletter.transport import ServerUnavailableError, SmtpTransport
from constanta.pages.newsletter import EXTENSION
from constanta.settings import NewsletterSettings
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Clock, Postbox, free_port

Deliver = Callable[[Flask], Tally]


@pytest.fixture
def site(open_app: Callable[..., Flask], database_url: str) -> Flask:
    """The site, on each kind of database."""
    return open_app(database_url)


@pytest.fixture
def newsletter(site: Flask) -> Newsletter:
    newsletter: Newsletter = site.extensions[EXTENSION]
    return newsletter


def sign_up(newsletter: Newsletter, *names: str) -> None:
    for name in names:
        newsletter.sign_up(f"{name}@people.example", "be", "192.0.2.1")


def test_what_is_sent_leaves_the_outbox(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox
) -> None:
    sign_up(newsletter, "a", "b")
    assert deliver(site) == Tally(sent=2)
    assert sorted(postbox.recipients) == ["a@people.example", "b@people.example"]
    assert count_rows(newsletter)["outbox"] == 0
    assert deliver(site) == Tally()


def test_a_letter_that_is_not_wanted_is_dropped_unsent(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox
) -> None:
    sign_up(newsletter, "a", "a")
    assert deliver(site) == Tally(sent=1)
    assert len(postbox.messages) == 1
    assert count_rows(newsletter)["outbox"] == 0


def test_a_final_refusal_ends_the_letter(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    sign_up(newsletter, "a")
    postbox.rcpt = "550 {address} unknown"
    assert deliver(site) == Tally(refused=1)
    assert count_rows(newsletter)["outbox"] == 0
    assert caplog.messages == ["the mail server refused a letter for good (550)"]


def test_a_temporary_refusal_is_tried_again_with_the_same_message_id(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox, clock: Clock
) -> None:
    sign_up(newsletter, "a")
    postbox.data = "451 later"
    assert deliver(site) == Tally(deferred=1)
    postbox.data = "250 OK"
    clock.move(seconds=59)
    assert deliver(site) == Tally()
    clock.move(seconds=1)
    assert deliver(site) == Tally(sent=1)


def test_a_mail_whose_answer_got_lost_goes_out_again_as_the_same_mail(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox, clock: Clock
) -> None:
    sign_up(newsletter, "a")
    postbox.drop = "END"
    with pytest.raises(ServerUnavailableError):
        deliver(site)
    postbox.drop = ""
    clock.move(seconds=60)
    assert deliver(site) == Tally(sent=1)
    assert len(postbox.messages) == 2
    first, second = postbox.parsed()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_away_costs_no_letter_an_attempt(
    site: Flask, newsletter: Newsletter, deliver: Deliver, smtp: NewsletterSettings
) -> None:
    sign_up(newsletter, "a", "b")
    away = partial(SmtpTransport, replace(smtp, smtp_port=free_port()))
    with pytest.raises(ServerUnavailableError):
        deliver_due(newsletter, _no_mail, away)
    assert deliver(site) == Tally(sent=2)


def _no_mail(_letter: Letter) -> EmailMessage:
    raise AssertionError("nothing should be composed")


@pytest.mark.parametrize("hasty", [False, True])
def test_a_server_that_takes_one_letter_over_each_connection_gets_all_at_once(
    newsletter: Newsletter, site: Flask, deliver: Deliver, postbox: Postbox, *, hasty: bool
) -> None:
    postbox.most, postbox.hasty = 1, hasty
    sign_up(newsletter, *"abcde")
    assert deliver(site) == Tally(sent=5)
    assert sorted(postbox.recipients) == [f"{name}@people.example" for name in "abcde"]
    assert postbox.connections == 5


def test_a_watch_waits_no_longer_where_some_letters_went(
    newsletter: Newsletter, site: Flask, smtp: NewsletterSettings, postbox: Postbox, clock: Clock
) -> None:
    sign_up(newsletter, *"abcdef")
    addresses = {f"{name}@people.example" for name in "abcdef"}
    stop = Steps(4)

    def connect() -> SmtpTransport:
        # Of each two connections, the second is refused.
        if postbox.connections > len(stop.waits):
            raise ServerUnavailableError(421)
        return SmtpTransport(smtp, 2)

    postbox.most = 1
    watch(newsletter, partial(compose_in_context, site), connect, stop)
    assert len(addresses - set(postbox.recipients)) == 2
    assert stop.waits == [4, 4, 4, 4]


def test_a_letter_that_fails_all_day_is_given_up(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox, clock: Clock
) -> None:
    sign_up(newsletter, "a")
    postbox.rcpt = "450 later"
    attempts, start = 0, clock.time
    while clock.time < start + GIVE_UP_SECONDS:
        attempts += deliver(site).deferred
        clock.move(hours=2)
    assert attempts == 12
    postbox.rcpt = "250 OK"
    assert deliver(site) == Tally()
    assert newsletter.purge().outbox == 1


def test_a_letter_of_a_key_that_was_lost_is_dropped_and_told(
    site: Flask, newsletter: Newsletter, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = newsletter.office.outbox
    with newsletter.database.write() as connection:
        outbox.add(connection, b"damaged", newsletter.now())
    assert deliver(site) == Tally()
    assert count_rows(newsletter)["outbox"] == 0
    assert caplog.messages == ["a letter could not be read and was dropped"]


@pytest.mark.parametrize(
    "email", ["=?utf-8?q?v1?=@people.example", "=?x-secretname?q?a?=@people.example", ""]
)
def test_a_letter_that_cannot_be_written_is_dropped_and_the_others_go_out(
    site: Flask,
    newsletter: Newsletter,
    deliver: Deliver,
    postbox: Postbox,
    caplog: pytest.LogCaptureFixture,
    email: str,
) -> None:
    newsletter.sign_up(email, "be", "192.0.2.1")
    sign_up(newsletter, "a")
    assert deliver(site) == Tally(sent=1, refused=1)
    assert postbox.recipients == ["a@people.example"]
    assert count_rows(newsletter)["outbox"] == 0
    assert caplog.messages == ["a letter could not be written to its address and was dropped"]


def test_several_workers_at_once_send_nothing_twice(
    site: Flask, newsletter: Newsletter, deliver: Deliver, postbox: Postbox
) -> None:
    names = [f"reader{n}" for n in range(30)]
    sign_up(newsletter, *names)
    with ThreadPoolExecutor(4) as pool:
        tallies = list(pool.map(deliver, [site] * 4))
    assert sum(tally.sent for tally in tallies) == 30
    assert sorted(postbox.recipients) == sorted(f"{name}@people.example" for name in names)


class Steps(Event):
    """Stops a watch after some rounds, and notes how long it meant to wait."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._rounds = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if len(self.waits) == self._rounds:
            self.set()
        return self.is_set()


def test_a_watch_waits_longer_while_the_server_is_away(
    newsletter: Newsletter, smtp: NewsletterSettings, caplog: pytest.LogCaptureFixture
) -> None:
    sign_up(newsletter, "a")
    stop = Steps(8)
    watch(newsletter, _no_mail, partial(SmtpTransport, replace(smtp, smtp_port=free_port())), stop)
    assert stop.waits == [4, 8, 16, 32, 60, 60, 60, 60]
    assert "the mail server is unavailable (0); next try in 4 s" in caplog.messages


def test_a_watch_survives_a_database_that_is_away(
    open_app: Callable[..., Flask], settings: object, caplog: pytest.LogCaptureFixture, memory: object
) -> None:
    newsletter = open_app(f"postgresql+psycopg://nobody@/none?host={memory}").extensions[EXTENSION]
    stop = Steps(2)
    watch(newsletter, _no_mail, _never, stop)
    assert stop.waits == [4, 8]
    assert caplog.messages[0] == "the database is unavailable (OperationalError); next try in 4 s"


def _never() -> SmtpTransport:
    raise AssertionError("nothing should connect")


def test_a_watch_that_is_told_to_stop_finishes_its_letter_and_leaves_the_others(
    site: Flask, newsletter: Newsletter, smtp: NewsletterSettings, postbox: Postbox
) -> None:
    sign_up(newsletter, "a", "b", "c")
    stop = Event()

    def compose_and_stop(letter: Letter) -> EmailMessage:
        stop.set()
        return compose_in_context(site, letter)

    watch(newsletter, compose_and_stop, partial(SmtpTransport, smtp), stop)
    assert len(postbox.messages) == 1
    assert count_rows(newsletter)["outbox"] == 2


class Mending(Event):
    """Lets a database that deletes nothing do so again after some waits, and notes what was sent before each."""

    def __init__(self, newsletter: Newsletter, postbox: Postbox, waits: int) -> None:
        super().__init__()
        self.sent_before: list[int] = []
        self._newsletter, self._postbox, self._waits = newsletter, postbox, waits
        with newsletter.database.write() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER full_disk BEFORE DELETE ON outbox EXECUTE FUNCTION refuse()"
            )

    def wait(self, timeout: float | None = None) -> bool:
        self.sent_before.append(len(self._postbox.messages))
        if len(self.sent_before) == self._waits:
            with self._newsletter.database.write() as connection:
                connection.exec_driver_sql("DROP TRIGGER full_disk ON outbox")
        return self.is_set()


@pytest.fixture
def on_postgres(open_app: Callable[..., Flask], postgres_url: str) -> Flask:
    """The site on PostgreSQL, which can be told to run out of space."""
    return open_app(postgres_url)


def test_a_letter_that_was_sent_is_removed_before_anything_else_goes_out(
    on_postgres: Flask, smtp: NewsletterSettings, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    newsletter = on_postgres.extensions[EXTENSION]
    sign_up(newsletter, "a", "b")
    stop = Mending(newsletter, postbox, 3)
    compose = partial(compose_in_context, on_postgres)
    assert deliver_due(newsletter, compose, partial(SmtpTransport, smtp), stop) == Tally(sent=2)
    assert stop.sent_before == [1, 1, 1]
    assert sorted(postbox.recipients) == ["a@people.example", "b@people.example"]
    assert count_rows(newsletter)["outbox"] == 0
    again = "a letter that is done with cannot be removed (OperationalError); next try in {} s"
    assert caplog.messages == [again.format(seconds) for seconds in (1, 2, 4)]


def test_a_worker_that_is_told_to_stop_tries_to_remove_its_letter_for_a_while_more(
    on_postgres: Flask, smtp: NewsletterSettings, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_LAST_PAUSE", 0.05)
    monkeypatch.setattr(delivery, "_LAST_SECONDS", 0.5)
    newsletter = on_postgres.extensions[EXTENSION]
    sign_up(newsletter, "a")
    stop = Mending(newsletter, postbox, 100)

    def compose_and_stop(letter: Letter) -> EmailMessage:
        stop.set()
        return compose_in_context(on_postgres, letter)

    with pytest.raises(OperationalError):
        deliver_due(newsletter, compose_and_stop, partial(SmtpTransport, smtp), stop)
    assert 1 < len(stop.sent_before) < 12


def test_mail_does_not_wait_for_a_purge_that_fails(
    newsletter: Newsletter,
    app: Flask,
    smtp: NewsletterSettings,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(newsletter, "purge", fail)
    sign_up(newsletter, "a")
    watch(newsletter, partial(compose_in_context, app), partial(SmtpTransport, smtp), Steps(2))
    assert len(postbox.recipients) == 1


def test_a_watch_purges(newsletter: Newsletter, clock: Clock, smtp: NewsletterSettings) -> None:
    sign_up(newsletter, "a")
    clock.move(hours=48)
    watch(newsletter, _no_mail, partial(SmtpTransport, smtp), Steps(1))
    assert count_rows(newsletter) == {"subscriber": 0, "gone": 0, "outbox": 0}

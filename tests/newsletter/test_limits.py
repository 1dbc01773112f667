from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from contextlib import suppress
from pathlib import Path

import pytest

from constanta.newsletter.limits import (
    BudgetSpentError,
    ClientLimitError,
    Limits,
    NodeLimits,
    mailbox,
    network,
)
from tests.newsletter.children import CONTEXT, NOON, Child, admit, admit_and_stay, admit_at_once, open_limits
from tests.newsletter.parts import Store

AT_ONCE = 6


@pytest.fixture(params=["a node alone", "nodes together"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where signups are counted: a file, or a store."""
    if request.param == "a node alone":
        return str(tmp_path / "limits.sqlite")
    store: Store = request.getfixturevalue("store")
    return store.url


@pytest.fixture
def limits(place: str) -> Limits:
    return open_limits(place)


@pytest.fixture
def node_limits(tmp_path: Path) -> NodeLimits:
    return NodeLimits(tmp_path / "limits.sqlite", hourly_budget=100, client_limit=20)


def test_an_address_gets_one_mail_in_ten_minutes(limits: Limits) -> None:
    assert [admit(limits, now=NOON + seconds) for seconds in (0, 1, 599, 600)] == [True, False, False, True]


def test_an_address_gets_five_mails_a_day(limits: Limits) -> None:
    assert [admit(limits, now=NOON + n * 600) for n in range(7)] == [True] * 5 + [False] * 2


def test_other_addresses_are_not_held_up(limits: Limits) -> None:
    assert admit(limits, email="a@people.example")
    assert admit(limits, email="b@people.example")


def test_a_client_is_refused_until_its_ten_minutes_are_over(limits: Limits) -> None:
    for n in range(20):
        admit(limits, email=f"{n}@people.example")
    with pytest.raises(ClientLimitError) as error:
        admit(limits, now=NOON + 500)
    assert error.value.seconds == 100
    assert admit(limits, client="192.0.2.2")
    assert admit(limits, email="z@people.example", now=NOON + 600)


def test_the_budget_is_for_all_clients_together(limits: Limits) -> None:
    for n in range(100):
        admit(limits, client=f"192.0.2.{n}", email=f"{n}@people.example")
    with pytest.raises(BudgetSpentError) as error:
        admit(limits, client="198.51.100.1")
    assert error.value.seconds == 3600


def test_a_signup_that_fails_is_not_counted(limits: Limits) -> None:
    with pytest.raises(OSError, match="disk"), limits.admission("192.0.2.1", "a@people.example", NOON):
        raise OSError("disk")
    assert admit(limits)


def test_a_refused_signup_is_not_counted_for_all(limits: Limits) -> None:
    for n in range(30):
        with suppress(ClientLimitError):
            admit(limits, email=f"{n}@people.example")
    for n in range(80):
        admit(limits, client=f"192.0.2.{100 + n}", email=f"{n}@others.example")
    with pytest.raises(BudgetSpentError):
        admit(limits, client="198.51.100.1")


def test_who_comes_while_an_address_signs_up_waits_and_gets_no_second_mail(place: str) -> None:
    assert second_at_the_same_moment(place, lambda: None) is False


def test_who_comes_while_an_address_signs_up_in_vain_gets_its_mail(place: str) -> None:
    def fail() -> None:
        raise OSError("disk")

    assert second_at_the_same_moment(place, fail) is True


def second_at_the_same_moment(place: str, end: Callable[[], None]) -> bool:
    """Return what is given to a second signup that comes before the first one ends."""
    limits = open_limits(place)
    with ThreadPoolExecutor(1) as pool:
        with suppress(OSError), limits.admission("192.0.2.1", "a@people.example", NOON) as wanted:
            assert wanted
            second = pool.submit(admit, open_limits(place), "192.0.2.2")
            with pytest.raises(NotYetError):
                second.result(0.2)
            end()
        return second.result(20)


def test_of_processes_that_sign_one_address_up_at_once_one_has_a_mail_sent(place: str) -> None:
    start, rounds = CONTEXT.Barrier(AT_ONCE), 20
    pipes = [CONTEXT.Pipe(duplex=False) for _ in range(AT_ONCE)]
    children = [Child(admit_at_once, (place, rounds, start, pipe[1])) for pipe in pipes]
    for child in children:
        child.start()
    wanted = [pipe[0].recv() for pipe in pipes]
    for child in children:
        child.kill()
    assert [sum(one_round) for one_round in zip(*wanted, strict=True)] == [1] * rounds


def test_a_process_that_dies_while_it_signs_up_leaves_nothing_counted(place: str) -> None:
    limits = open_limits(place, client_limit=2)
    # What is counted already outlives what the dead process held.
    assert admit(limits, email="other@people.example")
    inside, told = CONTEXT.Pipe(duplex=False)
    child = Child(admit_and_stay, (place, told))
    child.start()
    assert inside.recv() is True
    child.kill()
    assert admit(limits) is True
    with pytest.raises(ClientLimitError):
        admit(limits)


def test_a_new_day_forgets_everything(limits: Limits) -> None:
    midnight = NOON + 43_200
    assert [admit(limits, now=midnight + second) for second in (-2, -1, 0, 1)] == [True, False, True, False]


def test_a_new_day_has_a_new_key_and_leaves_nothing_in_the_file(node_limits: NodeLimits) -> None:
    admit(node_limits)
    before = node_limits.path.read_bytes()
    midnight = NOON + 43_200
    assert admit(node_limits, now=midnight)
    after = node_limits.path.read_bytes()
    # Keys and HMACs are 32 random bytes: nothing of yesterday is left in today's file.
    pages = [before[start : start + 16] for start in range(4096, len(before) - 16)]
    kept = {piece for piece in pages if len(set(piece)) > 12 and piece in after}
    assert kept == set()


def test_no_address_stands_in_the_file(node_limits: NodeLimits) -> None:
    admit(node_limits, client="203.0.113.77", email="someone@people.example")
    data = node_limits.path.read_bytes()
    assert b"someone" not in data
    assert b"203.0.113.77" not in data


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", network("2001:db8::ffff")),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_counts_as_one_client(client: str, expected: str) -> None:
    assert network(client) == expected


def test_neighbours_in_ipv6_are_two_clients() -> None:
    assert network("2001:db8:0:1::1") != network("2001:db8:0:2::1")


def test_case_and_tags_make_no_other_address() -> None:
    assert mailbox("Some.One+x+y@People.Example") == "some.one@people.example"

from __future__ import annotations

from pathlib import Path

import pytest

from constanta.newsletter.limits import BudgetSpentError, ClientLimitError, Limits, mailbox, network

NOON = 1_800_014_400 // 86_400 * 86_400 + 43_200


def admit(
    limits: Limits, client: str = "192.0.2.1", email: str = "a@people.example", now: int = NOON
) -> bool:
    with limits.admission(client, email, now) as wanted:
        return wanted


@pytest.fixture
def limits(tmp_path: Path) -> Limits:
    return Limits(tmp_path / "limits.sqlite", hourly_budget=100, client_limit=20)


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


def test_a_new_day_has_a_new_key_and_forgets_everything(limits: Limits) -> None:
    admit(limits)
    before = limits.path.read_bytes()
    midnight = NOON + 43_200
    assert admit(limits, now=midnight)
    after = limits.path.read_bytes()
    # Keys and HMACs are 32 random bytes: nothing of yesterday is left in today's file.
    pages = [before[start : start + 16] for start in range(4096, len(before) - 16)]
    kept = {piece for piece in pages if len(set(piece)) > 12 and piece in after}
    assert kept == set()


def test_no_address_stands_in_the_file(limits: Limits) -> None:
    admit(limits, client="203.0.113.77", email="someone@people.example")
    data = limits.path.read_bytes()
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

"""What only limits have that several nodes share: a server that may be away, or may keep what it should forget."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from constanta.errors import SettingsError
from constanta.newsletter import shared_limits
from constanta.newsletter.limits import (
    DAY,
    ClientLimitError,
    LimitReachedError,
    Limits,
    LimitsUnavailableError,
)
from constanta.newsletter.shared_limits import SharedLimits, open_shared_limits
from constanta.settings import ROOT
from tests.newsletter.children import NOON, admit, open_limits
from tests.newsletter.parts import Store, run_store
from tests.newsletter.test_pages import FORM, heading, sign_up
from tests.newsletter.test_seizure import Reader, find

AWAY = "unix:///nowhere/store.sock"
UNAVAILABLE = "the store of the newsletter's limits is unavailable: "


@pytest.fixture
def limits(store: Store) -> SharedLimits:
    return open_shared_limits(store.url, hourly_budget=100, client_limit=20)


def outcome(limits: Limits, client: str, email: str, now: int, *, fails: bool) -> object:
    try:
        with limits.admission(client, email, now) as wanted:
            if fails:
                raise OSError
            return wanted
    except LimitReachedError as error:
        return type(error), error.seconds
    except OSError:
        return None


SIGNUPS = st.lists(
    st.tuples(
        st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1"]),
        st.sampled_from(["a@people.example", "A+tag@people.example", "b@people.example", "c@people.example"]),
        st.sampled_from([0, 1, 60, 599, 600, 3_600, 20_000, DAY]),
        st.booleans(),
    ),
    max_size=30,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(signups=SIGNUPS)
def test_a_store_answers_as_a_file_does(
    store: Store, tmp_path: Path, signups: list[tuple[str, str, int, bool]]
) -> None:
    with Redis.from_url(store.url) as client:
        client.flushall()
    file = tmp_path / "limits.sqlite"
    file.unlink(missing_ok=True)
    both = [open_limits(place, client_limit=3, hourly_budget=6) for place in (str(file), store.url)]
    now = NOON
    for reader, email, seconds, fails in signups:
        now += seconds
        first, second = (outcome(limits, reader, email, now, fails=fails) for limits in both)
        assert first == second


def test_nodes_that_need_the_days_key_at_the_same_moment_get_the_same(
    limits: SharedLimits, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, answers = secrets.token_bytes, []

    def while_another_node_is_quicker(length: int) -> bytes:
        monkeypatch.undo()
        answers.append(admit(open_shared_limits(store.url, 100, 20)))
        return real(length)

    monkeypatch.setattr(secrets, "token_bytes", while_another_node_is_quicker)
    answers.append(admit(limits))
    assert answers == [True, False]


def test_a_signup_that_takes_longer_than_its_place_is_held_is_counted_all_the_same(
    limits: SharedLimits,
) -> None:
    hasty = replace(limits, held_seconds=0, client_limit=2)
    with hasty.admission("192.0.2.1", "a@people.example", NOON) as first:
        assert (first, admit(hasty)) == (True, True)
    with pytest.raises(ClientLimitError):
        admit(hasty)


def test_a_signup_that_goes_on_is_in_nobody_elses_way(limits: SharedLimits) -> None:
    with limits.admission("192.0.2.1", "a@people.example", NOON):
        before = time.monotonic()
        assert admit(limits, client="192.0.2.2", email="b@people.example")
        assert time.monotonic() - before < 1


def test_nobody_waits_for_ever_for_a_place_that_others_hold(
    limits: SharedLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_limits, "_ANSWER_SECONDS", 0.1)
    hasty = replace(limits, held_seconds=0)
    with (
        limits.admission("192.0.2.1", "a@people.example", NOON),
        pytest.raises(LimitsUnavailableError) as error,
    ):
        admit(hasty)
    assert error.value.kind == "others hold what is left"


def test_a_store_that_was_started_anew_is_found_again(limits: SharedLimits, store: Store) -> None:
    assert admit(limits)
    with Redis.from_url(store.url) as client:
        client.flushall()
        client.client_kill_filter(_type="normal", skipme=True)
    assert [admit(limits), admit(limits)] == [True, False]


def test_a_store_that_is_away_lets_nobody_in() -> None:
    with pytest.raises(LimitsUnavailableError) as error:
        admit(open_shared_limits(AWAY, 100, 20))
    assert error.value.kind == "ConnectionError"


def test_a_store_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_limits, "_ANSWER_SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "silent"))
        listener.listen()
        limits = open_shared_limits(f"unix://{tmp_path}/silent", 100, 20)
        before = time.monotonic()
        with pytest.raises(LimitsUnavailableError) as error:
            admit(limits)
    assert error.value.kind == "TimeoutError"
    assert time.monotonic() - before < 2


def test_a_stored_signup_stands_though_the_store_dies_before_it_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with run_store() as store:
        limits = open_shared_limits(store.url, 100, 20)
        with limits.admission("192.0.2.1", "a@people.example", NOON) as wanted:
            kill(store)
    assert wanted
    assert caplog.messages == ["a signup was not counted: ConnectionError"]


def test_what_went_wrong_with_a_signup_is_told_though_the_store_dies_too() -> None:
    with run_store() as store:
        limits = open_shared_limits(store.url, 100, 20)
        failing = limits.admission("192.0.2.1", "a@people.example", NOON)
        failing.__enter__()
        kill(store)
        error = OSError("disk")
        assert not failing.__exit__(OSError, error, None)


def kill(store: Store) -> None:
    store.process.kill()
    store.process.wait()


WRITES = [('save ""', "save 3600 1"), ("appendonly no", "appendonly yes")]


@pytest.mark.parametrize("change", WRITES)
def test_a_store_that_writes_to_a_disk_is_refused_at_the_start(
    open_app: Callable[..., Flask], change: tuple[str, str]
) -> None:
    with run_store(change) as store, pytest.raises(SettingsError, match="Switch off snapshots"):
        open_app(limits_url=store.url)


@pytest.mark.parametrize("change", WRITES)
def test_a_store_that_begins_to_write_to_a_disk_gets_nothing_more(
    limits: SharedLimits, store: Store, change: tuple[str, str]
) -> None:
    assert admit(limits)
    with changed(store, *change[1].split(maxsplit=1)) as client:
        client.flushall()
        with pytest.raises(LimitsUnavailableError) as error:
            admit(limits)
        assert client.dbsize() == 0
    assert error.value.kind == "it writes to a disk"


@contextmanager
def changed(store: Store, name: str, value: str) -> Iterator[Any]:
    """Change the configuration of a running store for the length of the block."""
    with Redis.from_url(store.url) as client:
        before = client.config_get(name)[name]
        client.config_set(name, value)
        yield client
        client.config_set(name, before)


def test_a_store_that_tells_nothing_of_itself_is_warned_of_and_used(caplog: pytest.LogCaptureFixture) -> None:
    with run_store(("databases 1", 'databases 1\nrename-command CONFIG ""')) as store:
        limits = open_shared_limits(store.url, 100, 20)
        assert "does not say whether it writes to a disk" in caplog.text
        assert [admit(limits), admit(limits)] == [True, False]


def test_a_store_that_has_no_room_lets_nobody_in(limits: SharedLimits, store: Store) -> None:
    with changed(store, "maxmemory", "1"), pytest.raises(LimitsUnavailableError) as error:
        admit(limits)
    assert error.value.kind == "OutOfMemoryError"


def test_everything_in_the_store_ends_with_its_time(limits: SharedLimits, store: Store) -> None:
    late = NOON + 43_000
    admit(limits, now=late)
    with Redis.from_url(store.url) as client:
        left = {key: client.ttl(key) for key in client.scan_iter()}
    assert len(left) == 5
    # 200 seconds are left of the day; the key lives a minute longer, for nodes whose clock is slow.
    assert all(0 < seconds <= 260 for seconds in left.values())


def test_a_place_that_nobody_counts_leaves_the_store(limits: SharedLimits, store: Store) -> None:
    with pytest.raises(OSError), limits.admission("192.0.2.1", "a@people.example", NOON):  # noqa: PT011
        raise OSError
    with Redis.from_url(store.url) as client:
        assert list(client.scan_iter("constanta:key:*")) == list(client.scan_iter())


def test_a_store_that_is_away_takes_down_only_signups(
    open_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    reader = open_app(limits_url=AWAY).test_client()
    assert caplog.messages == [f"{UNAVAILABLE}ConnectionError"]
    caplog.clear()
    response = sign_up(reader)
    assert (response.status_code, heading(response)) == (503, "Please try again a little later")
    assert response.headers["Retry-After"] == "60"
    assert caplog.messages == [f"{UNAVAILABLE}ConnectionError"]
    link = "/en/newsletter/unsubscribe/" + "0" * 48
    pages = ["/be/newsletter/", "/en/", link, "/healthz"]
    assert [reader.get(path).status_code for path in pages] == [200] * len(pages)
    assert reader.post(link, **FORM).status_code == 200


def test_a_password_is_told_to_nobody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    login = store.url.replace("unix://", "unix://nobody:secret-word@")
    with pytest.raises(LimitsUnavailableError) as error:
        admit(open_shared_limits(login, 100, 20))
    assert error.value.kind == "AuthenticationError"
    assert "secret-word" not in caplog.text + str(error.value)


def test_neither_commands_nor_keys_nor_disk_say_who_signed_up(
    open_app: Callable[..., Flask],
) -> None:
    with run_store() as store, watched(store) as heard:
        before = set(store.folder.iterdir())
        site = open_app(limits_url=store.url, client_limit=3).test_client()
        readers = [Reader(number) for number in range(12)]
        for reader in readers:
            for _ in range(4):
                site.post(
                    f"/{reader.language}/newsletter/",
                    data={"email": reader.email},
                    environ_overrides={"REMOTE_ADDR": reader.client},
                )
        kept = everything_in(store)
        sent = heard()
        assert set(store.folder.iterdir()) == before
    assert sent.count(b'"EVAL"') >= 2 * 3 * len(readers)
    assert len(kept) > 32 * 3 * len(readers)
    private = {secret for reader in readers for secret in reader.secrets()}
    assert find(private, sent + kept) == set()


@contextmanager
def watched(store: Store) -> Iterator[Callable[[], bytes]]:
    """Give a function that returns all that a store has been sent since, in words."""
    with ExitStack() as stack:
        connection = stack.enter_context(socket.socket(socket.AF_UNIX))
        connection.settimeout(10)
        connection.connect(str(store.folder / "redis-server.sock"))
        lines = stack.enter_context(connection.makefile("rb"))
        connection.sendall(b"MONITOR\r\n")
        assert lines.readline() == b"+OK\r\n"

        def heard() -> bytes:
            with Redis.from_url(store.url) as client:
                client.echo("the end")
            said = []
            for line in lines:
                said.append(line)
                if b"the end" in line:
                    break
            return b"".join(said)

        yield heard


def everything_in(store: Store) -> bytes:
    """Return all names and values of a store."""
    with Redis.from_url(store.url) as client:
        pieces = []
        for name in client.scan_iter():
            if client.type(name) == b"hash":
                fields = client.hgetall(name)
                pieces += [name, *fields.keys(), *fields.values()]
            else:
                pieces += [name, client.get(name)]
    return b"\n".join(pieces)


def test_a_site_that_counts_for_itself_does_not_load_the_client(tmp_path: Path) -> None:
    look = (
        "import sys; from pathlib import Path; from constanta.serving import create_site; "
        "from constanta.settings import Settings, NewsletterSettings; from constanta.newsletter.keys import make_keys; "
        "make_keys(Path(sys.argv[1], 'keys')); "
        "own = NewsletterSettings(recipients=Path(sys.argv[1], 'keys', 'recipients.txt'), limits_url=sys.argv[2] or None); "
        "create_site(Settings(instance=Path(sys.argv[1]), debug=True, newsletter=own)); "
        "sys.exit('redis' in sys.modules)"
    )
    loads = [
        subprocess.run(
            [sys.executable, "-c", look, tmp_path / name, url], cwd=ROOT, check=False, capture_output=True
        ).returncode
        for name, url in (("alone", ""), ("together", AWAY))
    ]
    assert loads == [0, 1]

"""The store of limits as deploy/ configures it for other machines: with TLS, a password, and few rights."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError

from constanta.newsletter.limits import LimitsUnavailableError
from constanta.newsletter.shared_limits import open_shared_limits
from tests.deploy.installation import DEPLOY
from tests.newsletter.children import admit
from tests.newsletter.parts import Store, free_port, run_store

CONFIG = (DEPLOY / "redis/redis-limits.conf").read_text(encoding="utf-8")


@dataclass(frozen=True)
class RemoteStore:
    """A store that is reached over the network."""

    store: Store
    port: int
    certificate: Path

    def url(self, login: str = "constanta:PASSWORD", host: str = "127.0.0.1") -> str:
        return f"rediss://{login}@{host}:{self.port}/0?ssl_ca_certs={self.certificate}"


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    """A store with all that the example has behind a # for other machines."""
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", str(folder / "store.key"), "-out", str(folder / "store.pem")]
    name = ["-days", "1", "-subj", "/CN=store", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *files, *name], check=True, capture_output=True)
    with run_store(
        *((line, line.removeprefix("#")) for line in re.findall(r"^#\w.*", CONFIG, re.MULTILINE)),
        ("bind 0.0.0.0 ::", "bind 127.0.0.1"),
        ("tls-port 6379", f"tls-port {port}"),
        ("/etc/redis/", f"{folder}/"),
    ) as store:
        yield RemoteStore(store, port, folder / "store.pem")


def test_a_site_counts_with_the_rights_that_the_example_gives_it(
    remote: RemoteStore, caplog: pytest.LogCaptureFixture
) -> None:
    limits = open_shared_limits(remote.url(), 100, 20)
    assert [admit(limits), admit(limits)] == [True, False]
    with pytest.raises(OSError), limits.admission("192.0.2.9", "z@people.example", 1_800_000_000):  # noqa: PT011
        raise OSError
    assert admit(limits, "192.0.2.9", "z@people.example", 1_800_000_000)
    assert caplog.messages == []


@pytest.mark.parametrize(
    "command", ["FLUSHALL", "KEYS *", "MONITOR", "SAVE", "GET other", "CONFIG SET save 1"]
)
def test_it_has_no_other_rights(remote: RemoteStore, command: str) -> None:
    with Redis.from_url(remote.url()) as client, pytest.raises(NoPermissionError):
        client.execute_command(*command.split())


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ({"login": "constanta:WRONG"}, "AuthenticationError"),
        ({"login": ""}, "AuthenticationError"),
        ({"host": "localhost"}, "ConnectionError"),
    ],
    ids=["another password", "no password", "another host's certificate"],
)
def test_who_is_not_what_it_says_is_refused(remote: RemoteStore, url: dict[str, str], kind: str) -> None:
    with pytest.raises(LimitsUnavailableError) as error:
        admit(open_shared_limits(remote.url(**url), 100, 20))
    assert error.value.kind == kind


def test_a_certificate_of_nobody_known_is_refused(remote: RemoteStore) -> None:
    with pytest.raises(LimitsUnavailableError) as error:
        admit(open_shared_limits(remote.url().partition("?")[0], 100, 20))
    assert error.value.kind == "ConnectionError"

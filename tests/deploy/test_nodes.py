"""Two nodes that share one PostgreSQL, and a store of the limits where one is set; their editions are their own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from tests.deploy.conftest import install
from tests.deploy.installation import HOST, Answer, Installation, Unix, ask, memory_folder
from tests.newsletter.parts import Postbox, free_port, postgres_program, run_postgres, run_store

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}", "Host": HOST}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty PostgreSQL database."""
    with run_postgres() as address:
        yield address.format("postgres")


@pytest.fixture(scope="module")
def postbox() -> Iterator[tuple[Postbox, int]]:
    """What a mail server takes, and its port."""
    controller = Controller(Postbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.handler, controller.port
    controller.stop()


@pytest.fixture(scope="module")
def nodes(
    tmp_path_factory: pytest.TempPathFactory, database: str, postbox: tuple[Postbox, int]
) -> Iterator[list[Installation]]:
    """Two nodes, each with its own gunicorn, edition and memory."""
    with ExitStack() as stack:
        nodes = []
        for number in range(2):
            memory = stack.enter_context(memory_folder())
            node = install(tmp_path_factory.mktemp(f"node{number}"), memory)
            node.environment |= {
                "CONSTANTA_DATABASE_URL": database,
                "CONSTANTA_SMTP_HOST": "127.0.0.1",
                "CONSTANTA_SMTP_PORT": str(postbox[1]),
                "CONSTANTA_SMTP_SECURITY": "none",
            }
            stack.enter_context(node.gunicorn())
            nodes.append(node)
        yield nodes


@pytest.fixture
def nodes_together(nodes: list[Installation], tmp_path: Path) -> Iterator[list[Installation]]:
    """The same nodes with a store in which they count signups together."""
    with ExitStack() as stack:
        store = stack.enter_context(run_store())
        together = []
        for number, node in enumerate(nodes):
            folder = tmp_path / f"node{number}"
            folder.mkdir()
            other = Installation(folder, {**node.environment, "CONSTANTA_LIMITS_URL": store.url})
            stack.enter_context(other.gunicorn())
            together.append(other)
        yield together


def post(node: Installation, path: str, **fields: str) -> Answer:
    return ask(Unix(node.socket), "POST", path, FORM, urlencode(fields))


def links(postbox: Postbox, kind: str) -> list[str]:
    """Return the paths of the links in all mails so far, in their texts and headers."""
    texts = [
        f"{part.get_content()}\n{mail['List-Unsubscribe']}"
        for mail in postbox.parsed()
        if (part := mail.get_body(("plain",)))
    ]
    return re.findall(rf"https://{HOST}(/\S+/{kind}/[^\s>]+)", "\n".join(texts))


def count_subscribers(database: str) -> int:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        number = connection.scalar(sa.text("SELECT count(*) FROM subscriber WHERE expires_at IS NULL"))
    engine.dispose()
    return int(number or 0)


def test_whoever_signs_up_at_one_node_confirms_and_leaves_at_the_other(
    nodes: list[Installation], database: str, postbox: tuple[Postbox, int]
) -> None:
    first, second = nodes
    assert post(first, "/en/newsletter/", email="reader@mail.example").status == 200
    # The letter is encrypted with a key that is only in the memory of its own node.
    assert "Sent 0" in second.flask("newsletter", "deliver", errors=True)
    assert "Sent 1" in first.flask("newsletter", "deliver", errors=True)
    (confirm,) = links(postbox[0], "confirm")
    assert post(second, confirm).status == 200
    assert count_subscribers(database) == 1
    (leave,) = links(postbox[0], "unsubscribe")
    assert post(first, leave).status == 200
    assert count_subscribers(database) == 0


def test_each_node_serves_its_own_edition(nodes: list[Installation]) -> None:
    first, second = nodes
    document = first.folder / "content" / "pages" / "about.md"
    document.write_text(
        document.read_text(encoding="utf-8").replace("Who we are", "What we do"), encoding="utf-8"
    )
    first.flask("publish")
    told = [node.get_directly("/en/about/").text for node in (first, second)]
    assert ["What we do" in text for text in told] == [True, False]


def test_a_dump_restores_the_subscribers_elsewhere(
    nodes: list[Installation], database: str, tmp_path: Path
) -> None:
    assert post(nodes[1], "/en/newsletter/", email="kept@mail.example").status == 200
    plain, dump = database.replace("+psycopg", ""), str(tmp_path / "subscribers.dump")
    subprocess.run(
        [postgres_program("pg_dump"), "--format", "custom", "--file", dump, "--dbname", plain], check=True
    )
    engine = sa.create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE restored")
    engine.dispose()
    subprocess.run(
        [postgres_program("pg_restore"), "--dbname", plain.replace("/postgres?", "/restored?"), dump],
        check=True,
    )
    assert sealed_rows(database.replace("/postgres?", "/restored?")) == sealed_rows(database) != []


def sealed_rows(database: str) -> list[bytes]:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        rows = connection.scalars(sa.text("SELECT sealed FROM subscriber ORDER BY id")).all()
    engine.dispose()
    return [bytes(row) for row in rows]


def test_each_node_counts_for_itself(nodes: list[Installation]) -> None:
    """So a client may sign up as often as its limit says at each node; docs/operating.md says so."""
    answers = [
        post(node, "/en/newsletter/", email="x@mail.example").status for node in nodes for _ in range(4)
    ]
    assert answers.count(429) >= 2
    assert answers[4] == 200


def test_nodes_with_a_store_count_together(nodes_together: list[Installation]) -> None:
    answers = [
        post(node, "/en/newsletter/", email=f"{number}@mail.example").status
        for number in range(2)
        for node in nodes_together
    ]
    assert answers == [200, 200, 200, 429]


def test_an_address_gets_one_mail_from_nodes_with_a_store(
    nodes_together: list[Installation], postbox: tuple[Postbox, int]
) -> None:
    for node in nodes_together:
        assert post(node, "/en/newsletter/", email="twice@mail.example").status == 200
    for node in nodes_together:
        node.flask("newsletter", "deliver")
    assert postbox[0].recipients.count("twice@mail.example") == 1

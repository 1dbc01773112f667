"""Many at once: one transition, one mail. At full size: make newsletter-races."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from constanta.pages.newsletter import EXTENSION
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Postbox, size

FORM = {"content_type": "application/x-www-form-urlencoded"}
AT_ONCE = size(full=100, small=24)


@pytest.fixture
def sites(open_app: Callable[..., Flask], database_url: str) -> list[Flask]:
    """Two processes of one node, as far as they share anything: the database and the folder in memory."""
    return [open_app(database_url), open_app(database_url)]


def post_at_once(sites: list[Flask], path: str, data: dict[str, str]) -> Counter[int]:
    start = Barrier(AT_ONCE)

    def post(number: int) -> int:
        reader = sites[number % len(sites)].test_client()
        start.wait()
        return reader.post(path, data=data, **FORM).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(post, range(AT_ONCE)))


def test_confirmations_of_one_token_make_one_transition(
    sites: list[Flask], links: Callable[[Flask], list[str]]
) -> None:
    sites[0].test_client().post("/be/newsletter/", data={"email": "reader@people.example"})
    (link,) = links(sites[0])
    assert post_at_once(sites, link, {}) == {200: 1, 410: AT_ONCE - 1}
    assert count_rows(sites[0].extensions[EXTENSION])["subscriber"] == 1


def test_signups_of_one_address_send_one_mail(
    sites: list[Flask], links: Callable[[Flask], list[str]], postbox: Postbox
) -> None:
    answers = post_at_once(sites, "/be/newsletter/", {"email": "reader@people.example"})
    assert answers == {200: AT_ONCE}
    links(sites[0])
    assert postbox.recipients == ["reader@people.example"]


def test_unsubscribing_at_once_leaves_one_trace(
    sites: list[Flask], links: Callable[[Flask], list[str]], postbox: Postbox
) -> None:
    reader = sites[0].test_client()
    reader.post("/be/newsletter/", data={"email": "reader@people.example"})
    reader.post(links(sites[0])[0], **FORM)
    header = str(postbox.parsed()[0]["List-Unsubscribe"]).strip("<>")
    path = header.removeprefix("https://site.example")
    assert post_at_once(sites, path, {"List-Unsubscribe": "One-Click"}) == {200: AT_ONCE}
    assert count_rows(sites[0].extensions[EXTENSION]) == {"subscriber": 0, "gone": 1, "outbox": 0}

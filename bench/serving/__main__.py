"""The measurements, their tables, and what they must reach; exits with 1 where something is missed."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench.serving import nginx, peers
from bench.serving.editions import NAME, Editions, environment, make_editions
from bench.serving.load import Load
from bench.serving.rounds import Contender, Verdict, measure, print_table, ratio
from bench.serving.servers import GUNICORN, Server, fetch, run_gunicorn
from bench.serving.worker import measure_worker
from constanta.edition.pages import PAGES
from constanta.settings import ROOT

FOLDER = ROOT / "build" / "serving"
PAGE = "/ru/publications/"
"""The page that all contenders have: a list of ten, with everything that stands around it, about 20 KB and a stylesheet."""

LISTED = 300
"""How many publications there are: so few that no query of any contender takes long."""

SMALL, LARGE = 100, 10_000
ENCODINGS: Mapping[str, Mapping[str, str]] = {"gzip": {"Accept-Encoding": "gzip"}, "plain": {}}


@dataclass(frozen=True, slots=True)
class Options:
    """How long everything is asked, how often, and of how many publications."""

    seconds: int
    rounds: int
    documents: int


def measure_nginx(options: Options) -> list[Verdict]:
    """Compare nginx with the project's configuration to nginx on the same files without any."""
    editions = make_editions(FOLDER / str(LISTED), LISTED)
    edition = editions.pages / "editions" / "current"
    with (
        nginx.run_bare(FOLDER / "nginx-bare", edition / PAGES) as bare,
        nginx.run_ours(FOLDER / "nginx", editions.pages) as ours,
    ):
        headers = {"Accept-Encoding": "gzip", "Host": "site.onion"}
        file = PAGE.rstrip("/") + ".html"
        _expect_same(fetch(bare.port, file, headers).body, fetch(ours.port, PAGE, headers).body)
        contenders = [
            Contender("nginx, bare file", bare, Load(bare.origin, [file], headers)),
            Contender("nginx, deploy/nginx before an edition", ours, Load(ours.origin, [PAGE], headers)),
        ]
        measure(contenders, options.seconds, options.rounds)
    print_table("nginx: one page, compressed, 16 connections", contenders)
    first, second = contenders
    return [
        Verdict("nginx before an edition, beside nginx on bare files", ratio(second.rates, first.rates), 0.95)
    ]


def _expect_same(one: bytes, other: bytes) -> None:
    if one != other:
        raise SystemExit("Both must send the same bytes.")


def measure_pages(options: Options) -> list[Verdict]:
    """Compare the application with an edition to itself without one, to Django and to Wagtail."""
    editions = make_editions(FOLDER / str(LISTED), LISTED)
    edition = editions.pages / "editions" / NAME
    with ExitStack() as stack:
        ours = stack.enter_context(run_gunicorn(GUNICORN, environment(editions.pages)))
        page = fetch(ours.port, PAGE).body
        given = (edition, page.decode())
        servers = {
            "Constanta, edition": ours,
            "Constanta, rendered": stack.enter_context(
                run_gunicorn(GUNICORN, environment(editions.rendered))
            ),
            peers.name_of("django"): stack.enter_context(peers.run_django(FOLDER / "django", *given)),
            peers.name_of("wagtail"): stack.enter_context(peers.run_wagtail(FOLDER / "wagtail", *given)),
        }
        for name, server in servers.items():
            peers.check_equal(name, fetch(server.port, PAGE).body, page)
        contenders = {
            encoding: [
                Contender(f"{name}, {encoding}", server, Load(server.origin, [PAGE], headers))
                for name, server in servers.items()
            ]
            for encoding, headers in ENCODINGS.items()
        }
        every = [contender for group in contenders.values() for contender in group]
        measure(every, options.seconds, options.rounds)
    print_table(f"gunicorn: one page of {len(page):,} bytes, 16 connections", every)
    limits = {"Constanta, rendered": 10, peers.name_of("django"): 20, peers.name_of("wagtail"): 80}
    return [
        Verdict(f"an edition's page, beside {name} ({encoding})", ratio(group[0].rates, other.rates), limit)
        for encoding, group in contenders.items()
        for other, (name, limit) in zip(group[1:], limits.items(), strict=True)
    ]


def measure_size(options: Options) -> list[Verdict]:
    """Compare a large site to a small one, asked by one reader at a time."""
    sizes = {size: make_editions(FOLDER / str(size), size) for size in (SMALL, options.documents)}
    with ExitStack() as stack:
        contenders = {size: _of_size(stack, size, editions) for size, editions in sizes.items()}
        every = [contender for group in contenders.values() for contender in group]
        measure(every, options.seconds, options.rounds)
    print_table("From few publications to many, one connection, compressed", every)
    (_, few_rendered, few_pages), (search, rendered, pages) = contenders.values()
    return [
        Verdict(
            f"search in {options.documents:,} publications, p95",
            statistics.median(search.p95s),
            20,
            at_least=False,
            unit="ms",
        ),
        Verdict(
            "browsing, rendered: p95 beside that of 100",
            ratio(rendered.p95s, few_rendered.p95s),
            1.2,
            at_least=False,
        ),
        Verdict(
            "browsing, edition: p95 beside that of 100",
            ratio(pages.p95s, few_pages.p95s),
            1.2,
            at_least=False,
        ),
    ]


def _of_size(stack: ExitStack, size: int, editions: Editions) -> list[Contender]:
    pages = stack.enter_context(run_gunicorn(GUNICORN, environment(editions.pages)))
    rendered = stack.enter_context(run_gunicorn(GUNICORN, environment(editions.rendered)))

    def contender(name: str, server: Server, paths: Sequence[str]) -> Contender:
        return Contender(
            f"{size:,}: {name}", server, Load(server.origin, paths, ENCODINGS["gzip"], connections=1)
        )

    return [
        contender("search", pages, editions.searched),
        contender("browsing, rendered", rendered, editions.browsed),
        contender("browsing, edition", pages, editions.browsed),
    ]


def measure_workers(options: Options) -> list[Verdict]:
    """Measure a worker of a site with 10,000 publications, or with as many as there are."""
    size = min(LARGE, options.documents)
    return measure_worker(make_editions(FOLDER / str(size), size), options.seconds)


PARTS: Mapping[str, Callable[[Options], list[Verdict]]] = {
    "nginx": measure_nginx,
    "pages": measure_pages,
    "size": measure_size,
    "worker": measure_workers,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how fast pages are served, beside others.")
    parser.add_argument("--seconds", type=int, default=4, help="how long each is asked in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=100_000, help="how many publications are many")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be given again")
    arguments = parser.parse_args()
    options = Options(arguments.seconds, arguments.rounds, arguments.documents)
    verdicts = [verdict for part in arguments.only or PARTS for verdict in PARTS[part](options)]
    print("\nWhat must be reached:")
    for verdict in verdicts:
        print(verdict)
    return int(not all(verdict.reached for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())

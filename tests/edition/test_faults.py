"""Whatever is killed, readers get whole pages of one edition. At full size: make faults."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.edition.commands import Moment
from tests.edition.faulty import FaultySite, open_site
from tests.newsletter.parts import size

SEED = 7
PUBLICATIONS = size(full=100, small=3)
SWITCHES = size(full=100, small=8)

REMEMBER = Moment("os.rename", r"/\.digests\.json ")
NAME = Moment("os.rename", r"/\.building-\w+ ")
LINK = Moment("os.symlink", r"/\.current ")
SWITCH = Moment("os.rename", r"/\.current ")
REMOVE = Moment("shutil.rmtree", r"/\.removing-")
"""Before what is remembered of files is kept, the edition has its name, the new link is made, it takes the place of the
old one, and an old edition is removed."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySite]:
    with open_site(tmp_path_factory.mktemp("site"), f"{SEED}") as site:
        yield site


def test_a_killed_publication_harms_no_reader_and_not_the_next_one(site: FaultySite) -> None:
    draw = random.Random(SEED)
    kinds = (("publish",), ("publish", "--anew"))
    seconds = {kind: site.measure(*kind) for kind in kinds}
    landed = 0
    for attempt in range(3 * PUBLICATIONS):
        if landed == PUBLICATIONS:
            break
        site.edit()
        victim, kind = ("group", "parent", "worker")[attempt % 3], kinds[attempt % 2]
        delay = draw.uniform(0, seconds[kind])
        command = site.kill(victim, delay, *kind)
        landed += command.process.exitcode != 0
        if victim == "worker" and command.process.exitcode:
            assert "-9" in command.said
        publish_again(site)
        site.judge()
    report(f"{landed} publications killed", site)
    assert landed == PUBLICATIONS


@pytest.mark.parametrize("step", [REMEMBER, LINK, SWITCH], ids=["remember", "link", "switch"])
def test_a_publication_killed_at_a_step_of_the_switch_harms_no_reader(site: FaultySite, step: Moment) -> None:
    site.edit()
    with site.watching(), site.begin("publish", moment=step) as command:
        assert command.wait() == -signal.SIGKILL, command.said
    publish_again(site)
    site.judge()


def test_a_killed_switch_harms_no_reader(site: FaultySite) -> None:
    """The processes that answer readers are killed now and then as well: who asked one of them gets no answer."""
    site.edit()
    first, second = site.reigns[-1].name, site.publish()
    draw = random.Random(SEED)
    events = site.run("edition", "use", second).count_events()
    moments = [SWITCH, *(Moment(number=draw.randint(1, events)) for _ in range(SWITCHES - 1))]
    for number, moment in enumerate(moments):
        wanted = first if site.shelf.current() == second else second
        if number % 10 == 5:
            site.kill_server(draw)
        with site.watching(), site.begin("edition", "use", wanted, moment=moment) as command:
            assert command.wait() == -signal.SIGKILL, command.said
        site.run("edition", "use", wanted)
        assert site.shelf.current() == wanted
        site.check()
        site.judge()
    report(f"{SWITCHES} switches and {len(site.kills)} processes of the site killed", site)


def test_removing_that_was_killed_is_ended_by_the_next_command(site: FaultySite) -> None:
    site.edit()
    site.publish()
    with site.watching(), site.begin("edition", "prune", "--keep", "1", moment=REMOVE) as command:
        assert command.wait() == -signal.SIGKILL, command.said
    site.run("edition", "use", site.shelf.current() or "")
    site.check()
    site.judge()


def test_of_two_publications_at_once_the_second_says_so_and_ends(site: FaultySite) -> None:
    site.edit()
    stop = replace(NAME, signal=signal.SIGSTOP)
    with site.watching(), site.begin("publish", moment=stop) as first:
        first.wait_until_stopped()
        with site.begin("publish") as second:
            assert second.wait() == 1
            assert "Another process is publishing. Wait until it has finished." in second.said
        os.kill(first.pid, signal.SIGCONT)
        assert first.wait() == 0, first.said
    assert site.reigns[-1].mark == b"%d" % site.number
    site.check()
    site.judge()


def publish_again(site: FaultySite) -> None:
    """Hold that a publication after one that was killed serves the last edit, and clears everything away."""
    site.run("publish")
    assert site.reigns[-1].mark == b"%d" % site.number
    site.check()


def report(what: str, site: FaultySite) -> None:
    """Say what was held (shown by pytest -s)."""
    print(f"\nseed {SEED}: {what}; {site.answers} answers and {len(site.reigns)} switches so far")  # noqa: T201

"""How long publishing takes beside Pelican, Nikola and Lektor, how it grows, and what one edit costs.

All sides get the same synthetic documents in three languages, run on this machine in one run and by turns, each in a new
process, start-up included; for edits, ours is run so and as a process that stays. Every page of every side is looked at
before its time counts. Ours compresses every page twice, checks all links and brings everything to the disk; the others do
not.

    .venv/bin/python -m bench.publishing                 # everything at full size: about an hour
    .venv/bin/python -m bench.publishing --quick         # that it works: 100 documents, once
    .venv/bin/python -m bench.publishing --only edits --documents 300 --rounds 1

Exits with 1 where a target is missed. The targets are meant for full size on a machine that does nothing else. What it has
made is removed at its end, and for five minutes after that ext4 without a journal makes each new file slowly, which costs ours
most, for it makes the most files: so leave that time between two runs, or give a `--folder` in memory, /dev/shm say.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.content import LANGUAGES, Story, make_story
from bench.edits import Edit, choose_edits
from bench.measure import Taken
from bench.peers.constanta import Constanta, ConstantaWatching
from bench.peers.lektor import Lektor
from bench.peers.nikola import Nikola, NikolaInParallel
from bench.peers.pelican import Pelican, PelicanOfArticles, PelicanWithCache
from bench.peers.project import Project
from constanta.settings import ROOT

FULL = (Constanta, Pelican, PelicanOfArticles, Nikola, NikolaInParallel)
EDITED = (ConstantaWatching, Constanta, Pelican, PelicanWithCache, Nikola, NikolaInParallel, Lektor)
ONCE = frozenset({Lektor})
"""What takes minutes, and so is edited and built in the first round only."""
GROWTH = (1, 3, 10)
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """How large the sites are, and how often each command is run."""

    documents: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Target:
    """What must be reached, and whether it was."""

    text: str
    met: bool


def middle(runs: Sequence[Taken]) -> Taken:
    """Return what runs of the same took in the middle, each measure by itself."""
    return Taken(
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        round(median(run.memory for run in runs)),
    )


def tell(what: str, taken: Taken) -> None:
    """Say at once what a run took, for those who wait."""
    print(f"{what}: {taken.wall:.2f} s wall, {taken.cpu:.2f} s cpu", file=sys.stderr, flush=True)


def build(project: Project, stories: Sequence[Story], *, watch: bool = False) -> Taken:
    """Build a site from nothing, and see that all of it is there.

    To `watch` its memory takes a part of a core from those who use all cores, and nothing from others: so that is not done
    where they are compared.
    """
    project.clear()
    taken = project.build(watch=watch)
    tell(f"{project.name}: {len(stories)} documents", taken)
    project.verify(stories)
    return taken


class Sites:
    """The sites of all generators with the same documents, made and built where they are first asked for."""

    def __init__(self, folder: Path, documents: int) -> None:
        self.folder = folder
        self.stories = [make_story(number) for number in range(1, documents + 1)]
        self.projects: dict[type[Project], Project] = {}
        self.full: dict[type[Project], list[Taken]] = {}

    def project(self, kind: type[Project]) -> Project:
        if kind not in self.projects:
            self.projects[kind] = kind(self.folder / kind.__name__)
            self.projects[kind].write(self.stories)
        return self.projects[kind]

    def build(self, kind: type[Project], *, watch: bool = False) -> None:
        taken = build(self.project(kind), self.stories, watch=watch)
        self.full.setdefault(kind, []).append(taken)

    def share(self, kind: type[Project], taken: Taken) -> float:
        """Return which part of the time of a full build something took; `flask publish` makes that of ours."""
        whole = Constanta if issubclass(kind, Constanta) else kind
        return taken.wall / middle(self.full[whole]).wall

    def close(self) -> None:
        """End what goes on at any of them."""
        for project in self.projects.values():
            project.close()


def measure_full(sites: Sites, size: Size) -> list[Target]:
    """Build everything from nothing, by turns; medians are printed."""
    for _ in range(size.rounds):
        for kind in FULL:
            sites.build(kind)
    taken = {kind: middle(sites.full[kind]) for kind in FULL}
    ours = taken[Constanta]
    print(f"\nFull build of {len(sites.stories)} documents in {len(LANGUAGES)} languages")
    print(f"{'':<28}{'wall s':>10}{'cpu s':>10}{'cpu/wall':>10}{'pages':>8}{'wall × ours':>13}")
    for kind, one in taken.items():
        print(
            f"{kind.name:<28}{one.wall:>10.2f}{one.cpu:>10.2f}{one.cpu / one.wall:>10.2f}"
            f"{sites.project(kind).count_pages():>8}{one.wall / ours.wall:>13.2f}"
        )
    nikola = min(taken[Nikola].wall, taken[NikolaInParallel].wall)
    return [
        Target("no slower than Pelican with as many articles", ours.wall <= taken[PelicanOfArticles].wall),
        Target("at least 4 times faster than Nikola", 4 * ours.wall <= nikola),
        Target("both cores at work (cpu/wall of at least 1.5)", ours.cpu >= 1.5 * ours.wall),
    ]


def rebuild(project: Project, story: Story, edit: Edit) -> Taken:
    """Change words of a document, build, and see that the new words are there."""
    project.edit(story, edit.lang, edit.old, edit.new)
    taken = project.build()
    tell(f"{project.name}: after an edit of {story.document.slug}", taken)
    project.expect(story, edit.lang, edit.new)
    return taken


def measure_edits(sites: Sites, size: Size) -> list[Target]:
    """Edit one document after another, on all sides the same ones."""
    for kind in EDITED:
        if kind not in sites.full:
            sites.build(kind)
    runs: dict[str, dict[type[Project], list[Taken]]] = defaultdict(lambda: defaultdict(list))
    for number, edited, story, edit in choose_edits(sites.stories, size.rounds):
        for kind in EDITED:
            if number == 0 or kind not in ONCE:
                runs[edited.name][kind].append(rebuild(sites.project(kind), story, edit))
    return [
        _print_edit(sites, name, {kind: middle(found) for kind, found in taken.items()})
        for name, taken in runs.items()
    ]


def _print_edit(sites: Sites, name: str, taken: Mapping[type[Project], Taken]) -> Target:
    """Print what one kind of edit took of the full build, and return whether ours is small enough."""
    ours = taken[ConstantaWatching].wall
    shares = {kind: sites.share(kind, one) for kind, one in taken.items()}
    print(f"\nAfter an edit of {name}, of {len(sites.stories)} documents")
    print(f"{'':<28}{'wall s':>10}{'cpu s':>10}{'of full':>10}{'wall × ours':>13}")
    for kind, one in taken.items():
        print(
            f"{kind.name:<28}{one.wall:>10.2f}{one.cpu:>10.2f}{shares[kind]:>10.1%}{one.wall / ours:>13.1f}"
        )
    return Target(f"after an edit of {name} under 2 % of the full build", shares[ConstantaWatching] < 0.02)


def edit_each(stories: Sequence[Story], project: Project, first: int) -> float:
    """Return the seconds that our site takes after an edit, in the middle of all kinds of edits: the `first`, or the next."""
    edits = [edit for edit in choose_edits(stories, first + 1) if edit[0] == first]
    return median(rebuild(project, story, edit).wall for _, _, story, edit in edits)


def edit_both_ways(site: Sites) -> tuple[float, float]:
    """Return what `edit_each` does, for `flask publish` and then for a process that stays."""
    project = site.project(Constanta)
    once = edit_each(site.stories, project, 0)
    with closing(ConstantaWatching(project.folder)) as staying:
        staying.start()
        return once, edit_each(site.stories, staying, 1)


def measure_growth(folder: Path, size: Size) -> list[Target]:
    """Publish sites of ours that are larger and larger, and edit a document of each."""
    sites = [Sites(folder / str(times), times * size.documents) for times in GROWTH]
    for _ in range(size.rounds):
        for site in sites:
            site.build(Constanta, watch=True)
    taken = [middle(site.full[Constanta]) for site in sites]
    each = [one.wall / len(site.stories) for one, site in zip(taken, sites, strict=True)]
    edits = list(map(edit_both_ways, sites))
    print(
        f"\nGrowth\n{'documents':<12}{'wall s':>10}{'cpu s':>10}{'cpu/wall':>10}{'ms each':>10}{'MB':>8}"
        f"{'edit, s':>10}{'of full':>10}{'--watch':>10}{'of full':>10}"
    )
    for site, one, seconds, (once, staying) in zip(sites, taken, each, edits, strict=True):
        print(
            f"{len(site.stories):<12}{one.wall:>10.2f}{one.cpu:>10.2f}{one.cpu / one.wall:>10.2f}"
            f"{1000 * seconds:>10.2f}{one.memory / MEGABYTE:>8.0f}{once:>10.2f}{once / one.wall:>10.1%}"
            f"{staying:>10.2f}{staying / one.wall:>10.1%}"
        )
    return [
        Target(
            "linear (a document of the largest takes at most 1.1 times as long)", each[-1] <= 1.1 * each[0]
        ),
        Target(f"under 300 MB at {len(sites[-1].stories)} documents", taken[-1].memory < 300 * MEGABYTE),
        Target(
            f"after an edit under 2 % of the full build at {len(sites[-1].stories)} documents",
            edits[-1][1] < 0.02 * taken[-1].wall,
        ),
    ]


PARTS = ("full", "edits", "growth")


def measure(folder: Path, size: Size, parts: Sequence[str]) -> list[Target]:
    targets: list[Target] = []
    with closing(Sites(folder / "sites", size.documents)) as sites:
        if "full" in parts:
            targets += measure_full(sites, size)
        if "edits" in parts:
            targets += measure_edits(sites, size)
    if "growth" in parts:
        targets += measure_growth(folder / "growth", size)
    return targets


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure only this; may be given again"
    )
    parser.add_argument("--quick", action="store_true", help="100 documents, one round")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build", help="where all sites are made (default: build/)"
    )
    options = parser.parse_args()
    size = Size(100, 1) if options.quick else Size(options.documents, options.rounds)
    options.folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="publishing-") as folder:
        targets = measure(Path(folder), size, options.only or PARTS)
    print()
    for target in targets:
        print(f"{'met' if target.met else 'MISSED':<8}{target.text}")
    return int(not all(target.met for target in targets))


if __name__ == "__main__":
    sys.exit(main())

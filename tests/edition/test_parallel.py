"""Work is spread over all cores, each item once, and nobody waits for a process that has ended."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from constanta.edition.parallel import BATCH
from tests.edition.alone import run_alone
from tests.edition.spreading import FEW, MANY


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """What came of the work, done by a process that takes the machine for one with three cores."""
    found, said = run_alone("spreading")
    return {**found, "said": said}


def test_many_items_are_spread_over_all_cores_each_once(results: dict[str, Any]) -> None:
    assert sorted(item for item, _, _ in results["many"]) == list(MANY)
    processes = {process for _, process, _ in results["many"]}
    assert len(processes) == 3
    assert results["own"] not in processes


def test_work_is_called_once_in_each_process_and_gets_neighbours(results: dict[str, Any]) -> None:
    by_process = sorted(results["many"], key=lambda one: (one[1], one[2]))
    firsts = sorted(item for item, _, count in by_process if count == 0)
    assert firsts == [0, 4 * BATCH, 8 * BATCH]
    for _, group in groupby(by_process, key=lambda one: one[1]):
        had = [(item, count) for item, _, count in group]
        assert [count for _, count in had] == list(range(len(had)))
        steps = [later - earlier for (earlier, _), (later, _) in pairwise(had)]
        assert steps.count(1) > len(had) * 0.9


def test_results_come_in_order_where_that_is_asked_for(results: dict[str, Any]) -> None:
    """However long each batch takes, and also while other processes are further."""
    assert [item for item, _, _ in results["in order"]] == list(MANY)
    assert len({process for _, process, _ in results["in order"]}) == 3


def test_what_is_to_be_done_meanwhile_is_done_once_while_others_work(results: dict[str, Any]) -> None:
    assert results["meanwhile"] == [[3], []]


def test_what_processes_share_is_left_to_no_collector_and_in_a_process_that_has_settled_for_good(
    results: dict[str, Any],
) -> None:
    assert results["frozen"] == [True, False, True, True]


def test_few_items_are_not_worth_another_process(results: dict[str, Any]) -> None:
    assert results["few"] == [[item, results["own"], item] for item in FEW]


def test_a_process_with_several_threads_is_not_copied(results: dict[str, Any]) -> None:
    assert results["thread"] == [[item, results["own"], item] for item in MANY]


def test_a_task_is_waited_for_before_a_process_is_copied(results: dict[str, Any]) -> None:
    assert len({process for _, process, _ in results["task"]}) == 3


def test_an_error_in_another_process_is_raised_in_this_one(results: dict[str, Any]) -> None:
    assert results["failed"] == "This is the chosen one."


def test_a_mistake_of_another_process_is_raised_in_this_one_with_its_place(results: dict[str, Any]) -> None:
    assert "ZeroDivisionError" in results["mistaken"]
    assert re.search(r'spreading\.py", line \d+, in make_a_mistake', results["mistaken"])
    assert results["said"] == ""


def test_a_process_that_ends_suddenly_is_told_from_one_that_has_finished(results: dict[str, Any]) -> None:
    assert results["ended"] == "A process that built the edition ended with -9; is there memory enough?"


def test_no_process_is_left_behind(results: dict[str, Any]) -> None:
    assert results["children"] == []


def test_whoever_fails_while_others_render_ends_them_before_the_folder_goes(tmp_path: Path) -> None:
    """Else they would go on writing into a folder that is being removed, and some of it would stay."""
    found, _ = run_alone("filling", tmp_path / "site")
    assert "disk" in found["said"]
    assert found["children"] == []
    assert found["left"] == []

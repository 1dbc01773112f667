"""A task works beside others, and what it comes to, or fails with, is had where it is asked for."""

from __future__ import annotations

import threading

import pytest

from constanta.edition.beside import Task, wait_for_tasks


def test_a_task_works_while_others_go_on() -> None:
    goes_on = threading.Event()
    task = Task(lambda: goes_on.wait(60))
    goes_on.set()
    assert task.result()


def test_what_a_task_fails_with_is_raised_where_its_result_is_asked_for() -> None:
    def fail() -> None:
        raise KeyError("broken")

    task = Task(fail)
    wait_for_tasks()
    for _ in range(2):
        with pytest.raises(KeyError, match="broken"):
            task.result()


def test_tasks_can_be_waited_for() -> None:
    pause = threading.Event()
    tasks = [Task(lambda: pause.wait(0.05)) for _ in range(3)]
    wait_for_tasks()
    assert not any(task.is_alive() for task in tasks)


def test_a_task_for_which_there_is_no_thread_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            Task(lambda: None)
    wait_for_tasks()

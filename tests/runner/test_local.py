"""Work runs in processes that can be killed; one item's trouble is not another's."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dragoman.errors import EmptyBody, EngineDied
from dragoman.runner import LocalRunner
from tests.runner.jobs import die_if_odd, double, eat_memory, refuse, sleep_if_odd

_HOARD: list[bytearray] = []


def hoard(megabytes: int) -> int:
    """Keep memory, as a parser does that leaks; touched, so that it is really held."""
    _HOARD.append(bytearray(b"x") * (megabytes * 1024 * 1024))
    return os.getpid()


def borrow(megabytes: int) -> int:
    """Need memory for a moment."""
    hoard(megabytes)
    _HOARD.clear()
    return os.getpid()


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    runner = LocalRunner(2, memory_mb=1024)
    yield runner
    runner.close()


def run_each(
    runner: LocalRunner,
    function: Callable[[int], int],
    numbers: range,
    deadline_s: float = 30,
) -> dict[int, int | str]:
    async def collect() -> dict[int, int | str]:
        answers: dict[int, int | str] = {}
        items = [(number, (number,)) for number in numbers]
        async for outcome in runner.run_each(function, items, deadline_s=deadline_s):
            value = outcome.value
            answers[outcome.item] = type(outcome.error).__name__ if value is None else value
        return answers

    return asyncio.run(collect())


def test_it_gives_every_items_value(runner: LocalRunner) -> None:
    assert run_each(runner, double, range(20)) == {n: 2 * n for n in range(20)}


def test_an_items_failure_is_a_value(runner: LocalRunner) -> None:
    assert run_each(runner, refuse, range(3)) == dict.fromkeys(range(3), "EmptyBody")


def test_a_worker_past_its_deadline_is_killed_and_the_rest_goes_on(runner: LocalRunner) -> None:
    answers = run_each(runner, sleep_if_odd, range(4), deadline_s=2)
    assert answers == {0: 0, 1: "EngineDied", 2: 2, 3: "EngineDied"}


def test_a_worker_that_dies_is_replaced_and_the_rest_goes_on(runner: LocalRunner) -> None:
    answers = run_each(runner, die_if_odd, range(4))
    assert answers == {0: 0, 1: "EngineDied", 2: 2, 3: "EngineDied"}


def test_a_worker_may_not_eat_all_memory(runner: LocalRunner) -> None:
    assert run_each(runner, eat_memory, range(2000, 2001)) == {2000: "StageError"}


def test_a_call_raises_what_the_function_raised(runner: LocalRunner) -> None:
    with pytest.raises(EmptyBody, match="7 is empty"):
        asyncio.run(runner.call(refuse, 7, deadline_s=30))
    with pytest.raises(EngineDied, match="deadline"):
        asyncio.run(runner.call(sleep_if_odd, 1, deadline_s=1))


def name_worker(number: int) -> int:
    return os.getpid()


def call_each(*calls: tuple[Callable[[int], int], list[int]]) -> list[int]:
    """Call one worker again and again; give its process each time."""
    runner = LocalRunner(1)

    async def call() -> list[int]:
        return [
            await runner.call(function, number, deadline_s=60)
            for function, numbers in calls
            for number in numbers
        ]

    try:
        return asyncio.run(call())
    finally:
        runner.close()


def test_a_worker_that_grows_is_replaced_between_two_items() -> None:
    workers = call_each((hoard, [0] * 60 + [50] * 10))
    assert len(set(workers[:60])) == 1  # however many items: it did not grow
    assert len(set(workers)) == 2


def test_a_worker_that_once_needs_much_is_kept() -> None:
    assert len(set(call_each((borrow, [0] * 60 + [400] + [0] * 5)))) == 1


def test_a_worker_that_loads_an_engine_late_is_kept() -> None:
    calls = (name_worker, [0] * 60), (hoard, [300, 0]), (name_worker, [0] * 5)
    assert len(set(call_each(*calls))) == 1


def test_workers_that_are_killed_while_idle_are_replaced(runner: LocalRunner) -> None:
    worker = asyncio.run(runner.call(hoard, 0, deadline_s=60))
    os.kill(worker, signal.SIGKILL)
    time.sleep(1)
    assert run_each(runner, double, range(4)) == {n: 2 * n for n in range(4)}


def test_workers_end_when_the_relay_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "relay.py"
    script.write_text(
        textwrap.dedent("""
        import asyncio, os, time
        from dragoman.runner import LocalRunner

        async def main():
            runner = LocalRunner(1)
            print(await runner.call(os.getpid, deadline_s=60), flush=True)
            await asyncio.sleep(60)

        if __name__ == "__main__":
            asyncio.run(main())
        """)
    )
    relay = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert relay.stdout is not None
    worker = int(relay.stdout.readline())
    relay.kill()
    relay.wait()
    relay.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists():
            return
        time.sleep(0.1)
    pytest.fail(f"worker {worker} outlived the relay by 10 s")

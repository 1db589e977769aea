"""One contract for every runner, local or on a Ray cluster of two nodes, one of which dies."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from bench.archive_pages import make_archive
from demo.press import Press
from dragoman.errors import EmptyBody, EngineDied, FetchError, RunnerError
from dragoman.runner import LocalRunner, Runner, open_runner
from tests.archives.jobs import read_all, take
from tests.runner import jobs
from tests.runner.clusters import Nodes, running_cluster
from tests.runner.relaying import relay_press

pytestmark = pytest.mark.filterwarnings(  # Ray's own
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with running_cluster() as nodes:
        yield nodes


@pytest.fixture(scope="module")
def ray_runner(nodes: Nodes) -> Iterator[Runner]:
    runner = open_runner("ray", ray_address=nodes.address, memory_mb=1024)
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def local_runner() -> Iterator[Runner]:
    runner = LocalRunner(2, memory_mb=1024)
    yield runner
    runner.close()


@pytest.fixture(params=["local", "ray"])
def runner(request: pytest.FixtureRequest) -> Runner:
    found: Runner = request.getfixturevalue(f"{request.param}_runner")
    return found


def run_each(
    runner: Runner,
    function: Callable[[int], object],
    numbers: Iterable[int],
    deadline_s: float = 30,
) -> dict[int, object]:
    async def collect() -> dict[int, object]:
        answers: dict[int, object] = {}
        items = ((number, (number,)) for number in numbers)
        async for outcome in runner.run_each(function, items, deadline_s=deadline_s):
            assert outcome.item not in answers
            value = outcome.value
            answers[outcome.item] = type(outcome.error).__name__ if value is None else value
        return answers

    return asyncio.run(collect())


def test_it_gives_every_items_value_once(runner: Runner) -> None:
    assert run_each(runner, jobs.double, range(300)) == {n: 2 * n for n in range(300)}


def test_an_items_failure_is_a_value(runner: Runner) -> None:
    assert run_each(runner, jobs.refuse, range(3)) == dict.fromkeys(range(3), "EmptyBody")


def test_a_call_raises_what_the_function_raised(runner: Runner) -> None:
    with pytest.raises(EmptyBody, match="7 is empty"):
        asyncio.run(runner.call(jobs.refuse, 7, deadline_s=30))
    with pytest.raises(FetchError, match="busy") as caught:
        asyncio.run(runner.call(jobs.ask_to_wait, 7, deadline_s=30))
    assert (caught.value.permanent, caught.value.retry_after) == (False, 7.0)


def test_a_worker_past_its_deadline_is_killed_and_the_rest_goes_on(runner: Runner) -> None:
    answers = run_each(runner, jobs.sleep_if_odd, range(4), deadline_s=1.5)
    assert answers == {0: 0, 1: "EngineDied", 2: 2, 3: "EngineDied"}
    with pytest.raises(EngineDied, match="deadline"):
        asyncio.run(runner.call(jobs.sleep_if_odd, 1, deadline_s=0.5))


def test_an_item_that_kills_its_worker_is_stated_and_its_neighbours_are_done(
    runner: Runner,
) -> None:
    answers = run_each(runner, jobs.die_if_seven, range(40))
    assert answers == {n: n for n in range(40)} | {7: "EngineDied"}


def test_a_worker_may_not_eat_all_memory(runner: Runner) -> None:
    assert run_each(runner, jobs.eat_memory, [2000, 1]) == {2000: "StageError", 1: 1024 * 1024}


def test_workers_keep_what_they_have_loaded(runner: Runner) -> None:
    found = run_each(runner, jobs.load_once, range(60))
    assert set(found.values()) == {1}


def test_only_as_much_is_taken_from_the_queue_as_is_at_work_and_at_hand(runner: Runner) -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number

    async def take_one() -> None:
        items = ((number, (number,)) for number in numbers())
        outcomes = runner.run_each(jobs.double, items, deadline_s=30)
        async for _ in outcomes:
            break
        await outcomes.aclose()  # type: ignore[attr-defined]

    asyncio.run(take_one())
    assert taken < 1000


def test_work_that_nobody_waits_for_any_more_ends(runner: Runner) -> None:
    async def give_up() -> None:
        call = asyncio.ensure_future(runner.call(jobs.sleep_if_odd, 1, deadline_s=60))
        await asyncio.sleep(0.5)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await runner.call(jobs.double, 4, deadline_s=30) == 8

    asyncio.run(give_up())


def test_large_pages_travel(runner: Runner) -> None:
    async def send() -> list[int]:
        bodies = [os.urandom(3_000_000) for _ in range(4)]
        items = [(None, (body,)) for body in bodies]
        return [
            outcome.value or 0
            async for outcome in runner.run_each(jobs.count_bytes, items, deadline_s=30)
        ]

    assert asyncio.run(send()) == [3_000_000] * 4


# -- Ray alone -------------------------------------------------------------------


def test_a_node_that_dies_costs_no_item(nodes: Nodes, ray_runner: Runner, tmp_path: Path) -> None:
    given: list[int] = []
    killed: list[int] = []  # after how many items

    def items() -> Iterator[tuple[int, tuple[int, str]]]:
        """Give items until the node was killed, and some more; a minute's at most."""
        for number in range(400):
            if killed and number > killed[0] + 20:
                return
            given.append(number)
            yield number, (number, str(tmp_path))

    def is_everybody_at_work() -> bool:
        return len({file.name.partition("-")[2] for file in tmp_path.iterdir()}) == 3

    async def work() -> list[int]:
        found: list[int] = []
        async for outcome in ray_runner.run_each(jobs.work_slowly, items(), deadline_s=30):
            assert outcome.error is None, outcome.error
            found.append(outcome.item)
            if not killed and len(found) >= 4 and is_everybody_at_work():
                killed.append(len(found))
                await asyncio.to_thread(nodes.kill)
        return found

    found = asyncio.run(work())
    assert killed, "the other node did nothing"
    assert sorted(found) == given
    begun = [int(file.name.partition("-")[0]) for file in tmp_path.iterdir()]
    assert len(begun) > len(found), "no item was at work on the node that was killed"
    nodes.add()


def test_a_node_that_joins_is_used(nodes: Nodes, ray_runner: Runner) -> None:
    deadline = time.monotonic() + 60  # a busy machine takes its time
    while time.monotonic() < deadline:
        run_each(ray_runner, jobs.double, range(4))
        if ray_runner.workers == 3:
            return
    pytest.fail("the node that joined is not used")


def test_a_pass_on_ray_leaves_what_a_local_pass_leaves(
    ray_runner: Runner, local_runner: Runner, tmp_path: Path
) -> None:
    with Press() as press:
        local = relay_press(press, tmp_path / "local", local_runner)
        remote = relay_press(press, tmp_path / "ray", ray_runner)
    assert len(local["articles"]) > 20
    assert len(local["translations"]) > 40
    for what, found in local.items():
        assert remote[what] == found, what


def test_an_archive_on_ray_becomes_the_tables_that_it_becomes_here(
    ray_runner: Runner, local_runner: Runner, tmp_path: Path
) -> None:
    archive = tmp_path / "a.warc.gz"
    make_archive(archive, 16)
    for name, runner in {"local": local_runner, "ray": ray_runner}.items():
        take(runner, [str(archive)], tmp_path / name, ["es"], records=4)
    local = read_all(tmp_path / "local")
    assert len(local) > 10
    assert read_all(tmp_path / "ray") == local


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(RunnerError, match=r"127\.0\.0\.1:1' cannot be joined.*RAY_AUTH_MODE"):
        open_runner("ray", ray_address="127.0.0.1:1")


def test_without_ray_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunnerError, match=r'pip install "dragoman\[ray\]"'):
        open_runner("ray")


def test_without_the_setting_ray_is_not_imported() -> None:
    code = (
        "import sys; from dragoman.runner import open_runner; open_runner().close(); "
        "import dragoman.relay; sys.exit('ray' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

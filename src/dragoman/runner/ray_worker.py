"""What runs inside an actor: Dragoman has to be installed on its node."""

from __future__ import annotations

import pickle
import resource
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dragoman import __version__
from dragoman.errors import EngineDied, StageError


class Worker:
    """A process that keeps what it loads, and runs functions of records one after another."""

    def __init__(self, memory_mb: int) -> None:
        _limit_memory(memory_mb)

    def introduce(self) -> tuple[str, str]:
        """Give the version of Dragoman here, and Ray's name of the node."""
        import ray

        return __version__, ray.get_runtime_context().get_node_id()

    def work(self, jobs: Sequence[bytes]) -> list[tuple[bool, bytes]]:
        """Run pickled (function, arguments); give for each whether it went well, and what came."""
        return [_run(job) for job in jobs]


def _run(job: bytes) -> tuple[bool, bytes]:
    try:
        function, args = pickle.loads(job)  # noqa: S301 - from the relay, over Ray's own pickles
        return True, pickle.dumps(function(*args), pickle.HIGHEST_PROTOCOL)
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        return False, pickle.dumps(StageError("it needs more memory than a worker may use"))
    except Exception as error:
        return False, _pack_error(error)
    except BaseException as error:  # how some native engines say that they broke
        return False, _pack_error(EngineDied(f"its engine broke: {type(error).__name__}: {error}"))


def _pack_error(error: Exception) -> bytes:
    error.add_note(traceback.format_exc())
    error.__cause__ = error.__context__ = None
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)  # noqa: S301 - just made here: an error may pickle and not come back
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return packed


def _limit_memory(memory_mb: int) -> None:
    """Allow so much more memory than the process holds already for Ray."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory_mb * 1024 * 1024 + _data_size()
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_size() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmData"].split()[0]) * 1024


def unpack(answer: tuple[bool, bytes]) -> tuple[Any, Exception | None]:
    """Give the value or the error of an answer."""
    is_well, packed = answer
    found = pickle.loads(packed)  # noqa: S301 - from our own worker
    return (found, None) if is_well else (None, found)

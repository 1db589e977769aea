"""Which runner: workers of this machine, or of a Ray cluster."""

from __future__ import annotations

from typing import Literal

from dragoman.runner.local import MEMORY_MB, LocalRunner
from dragoman.runner.protocol import Runner


def open_runner(
    kind: Literal["local", "ray"] = "local",
    *,
    workers: int = 0,
    memory_mb: int = MEMORY_MB,
    ray_address: str = "auto",
    ray_cpus: float = 1.0,
    ray_gpus: float = 0.0,
) -> Runner:
    """Open the runner of a kind; Ray is imported for its own alone.

    Raises `RunnerError` where the Ray cluster cannot be joined, or Ray is not installed.
    """
    if kind == "local":
        return LocalRunner(workers, memory_mb=memory_mb)
    from dragoman.runner.ray import RayRunner

    return RayRunner(
        ray_address, workers=workers, memory_mb=memory_mb, cpus=ray_cpus, gpus=ray_gpus
    )

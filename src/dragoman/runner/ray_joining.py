"""Finding Ray, and joining a cluster."""

from __future__ import annotations

import logging
import os
import socket
from typing import TYPE_CHECKING

from dragoman.errors import RunnerError

if TYPE_CHECKING:
    from types import ModuleType


def load_ray() -> ModuleType:
    """Import Ray. Raises `RunnerError` where it is not installed."""
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise RunnerError(
            'run.runner is "ray", and Ray is not installed: pip install "dragoman[ray]"'
        ) from error
    module: ModuleType = ray
    return module


def join(ray: ModuleType, address: str) -> bool:
    """Join the cluster; false where this process had joined it before."""
    try:
        _knock(address)
        if ray.is_initialized():
            return False
        ray.init(
            address=address,
            namespace="dragoman",
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except Exception as error:  # it raises whatever came: ConnectionError, RuntimeError, RpcError
        raise RunnerError(
            f"the Ray cluster at '{address}' cannot be joined: {last_line(error)}; start one with "
            "`ray start --head`, set run.ray_address to its address, and RAY_AUTH_MODE to the same "
            "on every node and here"
        ) from error
    return True


def _knock(address: str) -> None:
    """See that somebody listens: Ray itself would try for minutes. Raises `OSError`."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def last_line(error: Exception) -> str:
    """Give the line of an error of Ray that says what happened."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__

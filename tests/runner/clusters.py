"""A Ray cluster of two nodes on this machine, of processes that the test ends itself."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

NODE = {"num_cpus": 2, "object_store_memory": 100_000_000, "include_dashboard": False}


@dataclass
class Nodes:
    """A head node, which the tests are on, and others that come and go."""

    cluster: Any
    folder: str
    others: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def add(self) -> None:
        with _patience():
            self.others.append(self.cluster.add_node(temp_dir=self.folder, **NODE))

    def kill(self) -> None:
        """Kill all processes of one node at once, by their ids."""
        self.cluster.remove_node(self.others.pop(), allow_graceful=False)


@contextmanager
def _patience() -> Iterator[None]:
    """Give a node longer than the 30 s that Ray does: a busy machine takes them."""
    from ray._private import services

    ask: Any = services.get_node

    def ask_again(*args: Any) -> Any:
        deadline = time.monotonic() + 45
        while True:
            try:
                return ask(*args)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    with mock.patch.object(services, "get_node", ask_again):
        yield


@contextmanager
def running_cluster() -> Iterator[Nodes]:
    """Start a cluster of two nodes; afterwards none of its processes is left."""
    os.environ |= {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    folder = tempfile.mkdtemp(prefix="ray-")  # short: sockets stand in it
    nodes = _start_two(folder)
    try:
        yield nodes
    finally:
        nodes.cluster.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _start_two(folder: str) -> Nodes:
    """Start two nodes, and again where a busy machine was too slow for Ray."""
    from ray.cluster_utils import Cluster

    for last in (False, False, True):
        cluster: Any = Cluster(initialize_head=False)
        nodes = Nodes(cluster, folder)
        try:
            nodes.add()  # the first is the head
            nodes.others.clear()
            nodes.add()
        except Exception:
            cluster.shutdown()
            if last:
                raise
        else:
            return nodes
    raise AssertionError("the last round raises")

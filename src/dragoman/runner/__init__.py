"""Where heavy work runs: in processes that can be killed, so that no item stops the rest.

`open_runner` gives a `Runner`; the relay sends it functions of records and gets values or
`Failure`s back. Workers load engines once and keep them.
"""

from dragoman.runner.local import LocalRunner
from dragoman.runner.memory import trim
from dragoman.runner.opening import open_runner
from dragoman.runner.protocol import Outcome, Runner

__all__ = ["LocalRunner", "Outcome", "Runner", "open_runner", "trim"]

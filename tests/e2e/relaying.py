"""Relay the sample press as a test wants it."""

import contextlib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from demo.press import Press
from dragoman import store
from dragoman.cli.demo import CONFIG
from dragoman.cli.relaying import relay_now
from dragoman.config import Settings, load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import Store, open_store
from dragoman.types import Rights, Source, Tally

# The same on every machine, whether its system has Apertium or not.
FIREFOX_ALONE = """
[translate]
engines = ["firefox"]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def write_config(folder: Path) -> Path:
    """Write the demo's configuration into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dragoman.toml"
    text = CONFIG.format(port=free_port(), desk=0) + FIREFOX_ALONE
    file.write_text(text, encoding="utf-8")
    return file


def follow(db: Store, press: Press) -> None:
    for row in press.subscriptions():
        store.sources.put_source(
            db,
            Source(
                row["id"],
                row["url"],
                row["name"],
                row["language"],
                row["country"],
                Rights(row["rights"]),
            ),
        )


@dataclass(frozen=True)
class Relayed:
    """A press that was relayed, with what came of it."""

    press: Press
    config: Path
    settings: Settings
    db: Store
    tally: Tally

    def relay(self, *, is_forced: bool = True) -> Tally:
        """Make a pass, in a thread of its own: a browser's loop may be running in this one."""
        runner = LocalRunner(2)
        try:
            work = Pass(self.db, runner, self.settings)
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(relay_now, work, is_forced=is_forced).result()
        finally:
            runner.close()


@contextlib.contextmanager
def relayed_press(folder: Path, phase: str) -> Iterator[Relayed]:
    """Relay the press as it stands in a phase."""
    config = write_config(folder)
    settings = load_settings(config)
    with Press(0, phase) as press:
        db = open_store(settings.store_url)
        follow(db, press)
        nothing = Relayed(press, config, settings, db, Tally())
        yield Relayed(press, config, settings, db, nothing.relay())
        db.close()

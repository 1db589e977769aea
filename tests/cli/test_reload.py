"""`systemctl reload`: what the file says holds from the next pass; a mistake changes nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dragoman.cli.reloading import FIXED, InForce, keep_fixed
from dragoman.config import Settings, load_settings
from dragoman.steps.vitals import read_vitals
from tests.cli.test_run import wait_for
from tests.e2e.relaying import write_config


@dataclass
class Running:
    process: subprocess.Popen[str]
    config: Path
    log: Path

    def change(self, before: str, after: str) -> None:
        text = self.config.read_text(encoding="utf-8")
        assert before in text
        self.config.write_text(text.replace(before, after), encoding="utf-8")
        self.process.send_signal(signal.SIGHUP)

    def wait_for_log(self, words: str) -> str:
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            if words in (text := self.log.read_text(encoding="utf-8")):
                return text
            time.sleep(0.05)
        pytest.fail(f"'{words}' is not in the log: {self.log.read_text(encoding='utf-8')}")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    config = write_config(tmp_path)
    log = tmp_path / "log"
    command = [sys.executable, "-m", "dragoman", "--config", str(config), "run"]
    with log.open("w") as stderr:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            text=True,
        )
    try:
        wait_for(f"{load_settings(config).site.base_url}/healthz")
        yield Running(process, config, log)
    finally:
        process.kill()
        process.wait()


def test_a_running_relay_takes_over_its_configuration_and_refuses_a_broken_one(
    running: Running,
) -> None:
    settings = load_settings(running.config)
    site = settings.site.base_url
    assert "Morning Post of Ys" not in wait_for(f"{site}/en/")
    title = f'title = "{settings.site.title}"'
    running.change(title, 'title = "Morning Post of Ys"')
    running.wait_for_log("configuration taken over")
    assert "Morning Post of Ys" in wait_for(f"{site}/en/")

    running.change('title = "Morning Post of Ys"', 'titel = "Wrong"')
    text = running.wait_for_log("the old one stays in force")
    assert "did you mean 'title'" in text
    assert "Morning Post of Ys" in wait_for(f"{site}/en/")
    assert running.process.poll() is None

    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=10) == 0
    vitals = read_vitals(settings.data)
    assert (vitals.reloads, vitals.failed_reloads) == (1, 1)


def test_what_is_opened_once_waits_for_a_restart_and_is_named() -> None:
    old = Settings()
    new = old.model_copy(
        update={
            "editions": ("en", "de"),
            "site": old.site.model_copy(update={"port": 9999, "title": "New"}),
            "store": "sqlite:///elsewhere.db",
        }
    )
    kept, waiting = keep_fixed(old, new)
    assert waiting == ["store", "site.port"]
    assert (kept.editions, kept.site.title) == (("en", "de"), "New")
    assert (kept.store, kept.site.port) == (old.store, old.site.port)
    for section, keys in FIXED.items():
        assert all(hasattr(getattr(old, section) if section else old, key) for key in keys)


def test_a_secret_that_is_missing_keeps_the_old_configuration(tmp_path: Path) -> None:
    file = tmp_path / "dragoman.toml"
    file.write_text("", encoding="utf-8")
    force = InForce(load_settings(file), file)
    before = force.settings
    hook = '[[webhooks]]\nurl = "https://a.example/"\nevents = ["story.new"]\nsecret_env = "NONE"'
    file.write_text(hook, encoding="utf-8")
    force.reload()
    assert force.settings is before

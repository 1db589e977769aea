"""The documentation names every command, setting and error code there is."""

import re
from pathlib import Path

import typer
from pydantic import BaseModel
from typer.core import TyperCommand, TyperGroup

from dragoman.cli.app import app
from dragoman.config import Settings

ROOT = Path(__file__).parents[2]
COMMANDS = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs/reference/configuration.md").read_text(encoding="utf-8")


def command_names() -> list[tuple[str, list[str]]]:
    """Give each command's words with its options."""
    found = []

    def walk(command: object, words: str) -> None:
        if isinstance(command, TyperGroup):
            for name, child in command.commands.items():
                walk(child, f"{words} {name}".strip())
            return
        assert isinstance(command, TyperCommand)
        options = [option for one in command.params for option in one.opts]
        found.append((words, [one for one in options if one.startswith("--") and one != "--help"]))

    walk(typer.main.get_command(app), "")
    return found


def test_every_command_and_option_is_documented() -> None:
    for words, options in command_names():
        heading = rf"^## `dragoman {words}\b.*?`$(?P<text>.*?)(?=^## |\Z)"
        section = re.search(heading, COMMANDS, re.MULTILINE | re.DOTALL)
        assert section, f"`dragoman {words}` is missing from docs/reference/commands.md"
        for option in options:
            assert option in section.group(), f"{option} of `dragoman {words}` is not documented"


def test_every_setting_is_documented() -> None:
    def keys(model: type[BaseModel], prefix: str = "") -> list[str]:
        found = []
        for name, field in model.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found += keys(inner, f"{prefix}{name}.")
            else:
                found.append(f"{prefix}{name}")
        return found

    for key in keys(Settings):
        assert f"`{key}`" in CONFIGURATION, f"{key} is missing from docs/reference/configuration.md"


def test_every_link_between_documents_leads_somewhere() -> None:
    for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.relative_to(ROOT)} links to {target}"

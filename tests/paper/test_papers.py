"""What is written for people agrees with the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
import yaml
from pydantic_core import PydanticUndefined

from bot.cli import cli
from bot.config import Settings
from bot.practices.catalogue import PRACTICES
from bot.surfaces.commands import OPENS, VERBS

HOUSE = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md")])
FILES = [
    "Makefile",
    "Dockerfile",
    ".dockerignore",
    "compose.yaml",
    "app.yaml",
    ".env.example",
    ".ci/run",
    ".importlinter",
]
SURFACE_WORDS = {"list", "find", *(word for verb in VERBS for word in verb.words)}
EMBER_WORDS = {"today", "channels", "forget", *OPENS}
EXAMPLE = "northwind"
ENVIRONMENT = re.compile(r"^#?([A-Z]+(?:_[A-Z]+)+)=(.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FOREIGN = re.compile(
    r"(?<![\w.~])/(?:home|root|Users|work|tmp)/|\b(?:DESIGN|SURFACES|PRACTICES|STYLE|SPARK|SLACK)\.md\b"
)


def read(name: str) -> str:
    return (HOUSE / name).read_text(encoding="utf-8")


def rows(document: str, heading: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the table whose first heading is given."""
    inside = False
    for line in document.splitlines():
        if line.startswith(f"| {heading} |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|--"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def by_name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_the_readme_lists_each_setting_with_its_default():
    listed = {quoted(name)[0]: quoted(default) for name, default, _ in rows(read("README.md"), "Variable")}
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if field.default is not None and field.default is not PydanticUndefined:
            assert listed[name.upper()] == [str(field.default)]


def test_the_example_environment_names_settings_only_and_all_of_them():
    given = {name: value for name, value in ENVIRONMENT.findall(read(".env.example")) if name != "POSTGRES_PASSWORD"}
    assert set(given) == {name.upper() for name in Settings.model_fields}
    for name, value in given.items():
        if value:
            assert value == str(Settings.model_fields[name.lower()].default)


def test_the_readme_lists_each_command_of_the_command_line():
    listed = {quoted(command)[0] for command, _ in rows(read("README.md"), "Command")}
    assert listed == {f"ember {name}" for name in typer.main.get_command(cli).commands}


def test_what_the_readme_says_to_type_in_slack_is_understood():
    verbs = {word for practice in PRACTICES for verb in practice.verbs for word in verb.words} | SURFACE_WORDS
    declared = {command["command"] for command in yaml.safe_load(read("app.yaml"))["features"]["slash_commands"]}
    for typed in (line for cells in rows(read("README.md"), "You type or click") for line in quoted(cells[0])):
        command, *words = typed.split()
        assert command in declared, typed
        known = {"/client": verbs, "/ember": EMBER_WORDS}.get(command, set())
        assert not words or words[0] == EXAMPLE or words[0] in known, typed


def test_the_readme_lists_each_command_shortcut_and_subcommand():
    typed = [line for cells in rows(read("README.md"), "You type or click") for line in quoted(cells[0])]
    features = yaml.safe_load(read("app.yaml"))["features"]
    assert {command["command"] for command in features["slash_commands"]} == {line.split()[0] for line in typed}
    verbs = {verb.words[0] for practice in PRACTICES for verb in practice.verbs} | SURFACE_WORDS
    assert verbs <= {line.split()[1] for line in typed if line.startswith("/client ")}
    assert {line.split()[1] for line in typed if line.startswith("/ember ")} >= EMBER_WORDS
    for shortcut in features["shortcuts"]:
        assert f"“{shortcut['name']}”" in read("README.md")


def test_the_security_page_names_exactly_the_scopes():
    named = {scope for cells in rows(read("docs/security.md"), "Scope") for scope in quoted(cells[0])}
    scopes = yaml.safe_load(read("app.yaml"))["oauth_config"]["scopes"]
    assert named == {*scopes["bot"], *scopes["bot_optional"]}


@pytest.mark.parametrize("path", DOCUMENTS, ids=by_name)
def test_each_make_target_that_is_named_exists(path):
    named = set(re.findall(r"(?:`|^|\s)make ([a-z]+)(?=`|$| [a-z]+=)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets(), path


@pytest.mark.parametrize("path", DOCUMENTS, ids=by_name)
def test_each_link_inside_the_house_leads_somewhere(path):
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", [*DOCUMENTS, *(HOUSE / name for name in FILES)], ids=by_name)
def test_nothing_points_outside_the_house(path):
    assert FOREIGN.findall(path.read_text(encoding="utf-8")) == []


def test_each_decision_is_in_the_list_of_decisions():
    kept = {path.name for path in (HOUSE / "docs/adr").glob("0*.md")}
    assert set(LINK.findall(read("docs/adr/README.md"))) == kept


def test_the_map_names_each_package_and_only_what_exists():
    text = read("CONTRIBUTING.md")
    packages = {path.parent for path in (HOUSE / "bot").rglob("__init__.py")} - {HOUSE / "bot", HOUSE / "bot/practices"}
    assert {f"{package.relative_to(HOUSE)}/" for package in packages} <= set(quoted(text))
    modules = {str(path.relative_to(HOUSE)) for path in (HOUSE / "bot").glob("*.py")} - {"bot/__init__.py"}
    assert modules <= set(quoted(text))
    starts = ("bot/", "tests/", "migrations/", "bench/", "docs/", ".importlinter", "app.yaml")
    named = [name for name in quoted(text) if name.startswith(starts)]
    assert [name for name in named if not (HOUSE / name).exists()] == []


def test_the_image_is_built_from_what_exists_and_runs_as_nobody_special():
    text = re.sub(r"\\\n\s*", "", read("Dockerfile"))
    stages = text.split("FROM ")[1:]
    assert [re.sub(r"\s.*", "", stage, flags=re.DOTALL) for stage in stages] == ["python:3.12-slim"] * 2
    build, run = stages
    copied = [name for line in re.findall(r"^COPY (.*) \S+$", build, re.MULTILINE) for name in line.split()]
    allowed = {line.removeprefix("!") for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert set(copied) == allowed
    assert all((HOUSE / name).exists() for name in copied)
    assert "COPY --from=build /app/.venv /app/.venv" in run
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["ember"]
    assert run.index("useradd") < run.index("USER ember") < run.index('CMD ["sh"')
    assert "/healthz" in run.partition("HEALTHCHECK")[2].splitlines()[0]
    assert run.rstrip().endswith('CMD ["sh", "-c", "ember migrate && exec ember serve"]')
    assert set(re.findall(r"(EMBER_\w+)=", run)) <= {name.upper() for name in Settings.model_fields}


def test_the_image_and_the_makefile_use_the_same_uv():
    (ours,) = re.findall(r"^UV_VERSION := (\S+)$", read("Makefile"), re.MULTILINE)
    assert re.findall(r"uv==(\S+)", read("Dockerfile")) == [ours]


def test_compose_waits_for_a_healthy_postgresql_and_keeps_no_secret():
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert services["db"]["image"] == "postgres:17"
    assert "pg_isready" in services["db"]["healthcheck"]["test"]
    assert services["ember"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["ember"]["env_file"] == ".env"
    assert services["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in services["ember"]["environment"]["EMBER_DATABASE_URL"]
    assert set(services["ember"]["environment"]) <= {name.upper() for name in Settings.model_fields}


def test_the_changelog_opens_with_the_version_of_the_package():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    (newest, *_) = re.findall(r"^## (\S+?),? ", read("CHANGELOG.md"), re.MULTILINE)
    assert newest == version

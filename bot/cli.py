"""The commands: serve, migrate, export, forget, tick, demo."""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from shutil import which
from typing import Annotated, Literal, NoReturn, TypeVar

import typer
from pydantic_settings import BaseSettings

from bot.config import BadSettings, DatabaseSettings, Settings, read_settings
from bot.interrupts import ends_at_once

Kind = TypeVar("Kind", bound=BaseSettings)

cli = typer.Typer(
    name="ember",
    help="Ember keeps every client relationship warm, inside Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.command()
def serve() -> None:
    """Run the bot: answer Slack over HTTP, or over Socket Mode when SLACK_APP_TOKEN is set."""
    import uvicorn

    from bot import log, memory
    from bot.app import build
    from bot.store.schema import NotMigrated, require_head

    _keep_to_ourselves()
    settings = _settings(Settings)
    log.set_up(as_json=not sys.stderr.isatty())
    ember = build(settings)
    memory.settle()

    async def run() -> None:
        try:
            await require_head(ember.store)
        finally:
            await ember.store.close()
        config = uvicorn.Config(
            ember.web,
            host=settings.ember_host,
            port=settings.ember_port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        await uvicorn.Server(config).serve()

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run())
    except NotMigrated as error:
        _stop(str(error))
    except KeyboardInterrupt:
        return


@cli.command()
def migrate() -> None:
    """Bring the database to the shape that this version needs; safe to repeat."""
    from bot.store.migrate import upgrade

    _keep_to_ourselves()
    settings = _settings(DatabaseSettings)
    upgrade(settings.ember_database_url)
    if settings.ember_engine == "distributed":
        from bot.courier.engines.queue_schema import prepare

        prepare(settings.ember_database_url)
    typer.echo("The database is up to date.")


@cli.command()
def export(
    form: Annotated[Literal["json"], typer.Option("--format", help="How to write it.")] = "json",
    out: Annotated[Path | None, typer.Option("--out", help="A file to write; without it, standard output.")] = None,
) -> None:
    """Write everything that is kept, private notes included: keep the file as you keep the database."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from bot.store.engine import Store
    from bot.store.schema import NotMigrated, require_head
    from bot.surfaces.export import export as write_everything

    _keep_to_ourselves()
    settings = _settings(DatabaseSettings)

    async def write(store: Store) -> None:
        await require_head(store)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} rows"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Exporting")
            with out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
                await write_everything(
                    store,
                    lambda text: print(text, end="", file=file),
                    lambda rows: progress.update(task, completed=rows),
                )

    async def run() -> None:
        store = Store(settings.ember_database_url)
        try:
            await write(store)
        finally:
            await store.close()

    try:
        asyncio.run(run())
    except NotMigrated as error:
        _stop(str(error))
    if out is not None:
        typer.echo(f"Wrote {out} ({form}).", err=True)


@cli.command()
def forget(
    client: Annotated[str, typer.Option("--client", help="The client's name.")],
    person: Annotated[str, typer.Option("--person", help="The person's name, as it is kept.")],
    workspace: Annotated[str, typer.Option("--workspace", help="Slack's team id, where there are several.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Forget them, for good; without it, only show.")] = False,
) -> None:
    """Show all that is kept about somebody at a client; with --yes, forget them, which can't be undone."""
    from bot.store.schema import NotMigrated
    from bot.surfaces.forgetting import NotFound, run

    _keep_to_ourselves()
    settings = _settings(DatabaseSettings)
    try:
        typer.echo(asyncio.run(run(settings.ember_database_url, workspace, client, person, for_good=yes)), nl=False)
    except (NotMigrated, NotFound) as error:
        _stop(str(error))


@cli.command()
def tick(
    at: Annotated[str, typer.Option("--at", help="The instant with its zone, such as 2026-05-14T09:00+02:00.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be said; nothing is kept.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")] = False,
    early: Annotated[
        bool, typer.Option("--yes-send-early", help="Say now what is due later; it is not said again then.")
    ] = False,
) -> None:
    """Plan and say what is due at an instant; with --dry-run, see what tomorrow brings."""
    import logging

    from bot import log, ticking
    from bot.store.schema import NotMigrated

    _keep_to_ourselves()
    log.set_up(as_json=not sys.stderr.isatty(), least=logging.WARNING)
    try:
        instant = ticking.instant(at)
        if not dry_run:
            ticking.require_past(instant, early=early)
        if dry_run:
            found = asyncio.run(ticking.rehearse(_settings(DatabaseSettings), instant))
        else:
            found = asyncio.run(ticking.send(_settings(Settings), instant))
    except (ticking.BadInstant, NotMigrated) as error:
        _stop(str(error))
    ticking.show(found, as_json=as_json)


def _on_this_machine(site: str) -> str:
    if site and not re.fullmatch(r"http://127\.0\.0\.1:\d+", site, re.ASCII):
        raise typer.BadParameter("it is http://127.0.0.1 and a port: no other machine's")
    return site


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port on this machine; 0 takes any free one.", min=0, max=65535)] = 8990,
    reset: Annotated[bool, typer.Option("--reset", help="Forget what was logged in the demo and start over.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Start without clients, in a file of its own.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open a browser.")] = False,
    calendars: Annotated[
        str, typer.Option(hidden=True, callback=_on_this_machine, help="A site here to link calendars of.")
    ] = "",
) -> None:
    """Try Ember in a Slack stand-in on this machine: a page to click in, and an agency with six clients."""
    try:
        _demo(port, reset=reset, empty=empty, opens=not no_open, calendars=calendars)
    except KeyboardInterrupt:
        return


def _demo(port: int, *, reset: bool, empty: bool, opens: bool, calendars: str) -> None:
    with ends_at_once():
        import logging

        from rich.console import Console

        from bot import log
        from bot.demo.files import NotHere
        from bot.demo.serving import Wanted, run

    _keep_to_ourselves()
    log.set_up(as_json=False, least=logging.WARNING)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            wanted = Wanted(port, reset=reset, empty=empty, opens=opens, calendars=calendars, ember=_typed())
            runner.run(run(wanted, Console()))
    except NotHere as error:
        _stop(str(error))


def _typed() -> str:
    """Return what was typed to start this: a path as it was given, or the name alone where that is enough."""
    program = sys.argv[0]
    name = Path(program).name
    if name == "__main__.py":
        return "python -m bot"
    return name if which(name) == program else program


def _keep_to_ourselves() -> None:
    """Let nobody else on the machine read the files that are made: the database, its journal, an export."""
    os.umask(0o077)


def _settings(kind: type[Kind]) -> Kind:
    try:
        return read_settings(kind)
    except BadSettings as error:
        _stop("Ember can't start with these settings:\n" + "\n".join(f"  {fault}" for fault in error.faults))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code=2)

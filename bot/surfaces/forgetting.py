"""`ember forget`: what is kept about somebody at a client, in full; and the way to have it forgotten."""

from bot.clock import Clock
from bot.practices.clients import service as clients
from bot.practices.clients.rules import fold
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.store.engine import Store
from bot.store.schema import require_head
from bot.store.session import Work
from bot.surfaces import forget
from bot.workspaces.installs import Workspace, all_workspaces


class NotFound(Exception):
    """No such workspace, client or person; the sentence says which."""


async def run(database_url: str, workspace: str, client: str, person: str, *, for_good: bool) -> str:
    """Return what is kept about a person, as plain text; for_good: they are forgotten, and it is what there was.

    Raises NotFound and store.schema.NotMigrated.
    """
    store = Store(database_url)
    try:
        await require_head(store)
        async with store.look(None) as session:
            found = _workspace(await all_workspaces(session), workspace)
        async with store.work(found.id) as session:
            contact = await _person(session, client, person)
            kept = await forget.read(session, contact.id, None)
            if for_good:
                await forget.forget(session, contact.id, by=None, now=Clock().now())
    finally:
        await store.close()
    return forget.as_text(kept) + ("\nAll of this is forgotten.\n" if for_good else "")


def _workspace(known: list[Workspace], slack_id: str) -> Workspace:
    fitting = [one for one in known if slack_id in {"", one.slack_id}]
    if len(fitting) != 1:
        raise NotFound(f"Name the workspace with --workspace: {', '.join(one.slack_id for one in known) or 'none'}.")
    return fitting[0]


async def _person(session: Work, client: str, person: str) -> Contact:
    split = await clients.split_line(session, client)
    if split is None or split[1]:
        raise NotFound(f"There is no client called {client}.")
    theirs = (await people.of_clients(session, [split[0].id]))[split[0].id]
    found = next((one for one in theirs if fold(one.name) == fold(person)), None)
    if found is None:
        raise NotFound(f"Nobody called {person} is kept at {client}.")
    return found

"""Serving an app on this machine for as long as a block lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

LOOK_SECONDS = 0.005


class DidNotStart(Exception):
    """The app's start-up failed; its own error is in the log."""


@asynccontextmanager
async def hosting(web: Starlette, *, port: int = 0) -> AsyncIterator[str]:
    """Serve an app on a free port of 127.0.0.1 in the running loop; yields its address."""
    config = uvicorn.Config(web, host="127.0.0.1", port=port, log_config=None, lifespan="on", access_log=False)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    try:
        await server.startup()
    except SystemExit as stopped:
        raise DidNotStart from stopped
    running = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        running.cancel()
        await asyncio.wait([running])
        await _shut_down(server)
        if not running.cancelled():
            running.result()


async def _shut_down(server: uvicorn.Server) -> None:
    """Do what uvicorn's own `shutdown` does, but look every few milliseconds whether all is answered."""
    for each in server.servers:
        each.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    while server.server_state.connections or server.server_state.tasks:  # noqa: ASYNC110  uvicorn tells nobody
        await asyncio.sleep(LOOK_SECONDS)
    for each in server.servers:
        await each.wait_closed()
    await server.lifespan.shutdown()

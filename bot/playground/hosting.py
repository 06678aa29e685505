"""Serving an app on this machine for as long as a block lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette


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
        server.should_exit = True
        await running
        await server.shutdown()

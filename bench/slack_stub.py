"""Slack's Web API as a benchmark needs it: answers after 80–150 ms, counts calls by method and connections.

`python -m bench.slack_stub PORT`; `GET /counts` tells.
"""

import asyncio
import random
import sys
from collections import Counter

from aiohttp import web

from bench.seed import CHANNEL, TEAM, USER

FASTEST, SLOWEST = 0.080, 0.150


class Counts:
    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.connections: set[int] = set()


COUNTS = web.AppKey("counts", Counts)


async def method(request: web.Request) -> web.Response:
    counts = request.app[COUNTS]
    name = request.match_info["method"]
    counts.calls[name] += 1
    counts.connections.add(id(request.transport))
    await request.read()
    await asyncio.sleep(random.uniform(FASTEST, SLOWEST))
    if name == "auth.test":
        return web.json_response(
            {
                "ok": True,
                "team_id": TEAM,
                "team": "Bench",
                "url": "https://bench.slack.com/",
                "user_id": "U0BOT",
                "bot_id": "B0BOT",
            }
        )
    if name == "users.list":
        user = {"id": USER, "team_id": TEAM, "name": "ana", "real_name": "Ana", "tz": "Europe/Berlin", "profile": {}}
        return web.json_response({"ok": True, "members": [user]})
    if name == "conversations.info":
        return web.json_response({"ok": True, "channel": {"id": CHANNEL, "name": "northwind"}})
    if name == "conversations.members":
        return web.json_response({"ok": True, "members": [USER]})
    return web.json_response({"ok": True, "view": {"id": "V1", "hash": "1"}})


async def told(request: web.Request) -> web.Response:
    counts = request.app[COUNTS]
    return web.json_response({"calls": dict(counts.calls), "connections": len(counts.connections)})


def main() -> None:
    app = web.Application()
    app[COUNTS] = Counts()
    app.router.add_route("*", "/api/{method}", method)
    app.router.add_get("/counts", told)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()

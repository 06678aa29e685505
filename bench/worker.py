"""One process of `bench.delivery`: says what is waiting, until it is killed.

A module of its own, with nothing in it but what saying messages needs: it is started again after every kill.
"""

import argparse
import asyncio

from bot.clock import Clock
from bot.courier import history
from bot.courier.desk import Courier
from bot.courier.guard import Clear
from bot.courier.kinds import Message, Speech
from bot.courier.timing import Timing
from bot.slack.client import SlackClients
from bot.store.engine import Store


async def work(url: str, slack_url: str, token: str, timing: Timing, engine: str, *, blind: bool) -> None:
    """Be one process: say what is waiting, until killed."""
    clock, store, clients = Clock(), Store(url), SlackClients(slack_url, token)
    await clients.open()
    look = _see_nothing if blind else history.look
    speech = Speech("count", _render)
    courier = Courier(store, clients.posting, clock, [speech], _clear, timing=timing, look=look)
    if engine == "embedded":
        from bot.courier.engines.embedded import EmbeddedEngine

        await EmbeddedEngine(courier, dispatch_seconds=min(1.0, timing.pace)).start()
    else:
        from bot.courier.engines.distributed import DistributedEngine

        await DistributedEngine(courier, url).start()
    await asyncio.Event().wait()


async def _render(_session, delivery, _now):
    return Message(str(delivery.subject.int))


async def _clear(_workspace, _recipient, _now):
    return Clear()


async def _see_nothing(_slack, _claim, _conversation):
    return history.Absent()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.worker", description=__doc__)
    parser.add_argument("database")
    parser.add_argument("slack")
    parser.add_argument("token")
    parser.add_argument("--engine", choices=["embedded", "distributed"], required=True)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--blind", action="store_true")
    given = parser.parse_args()
    timing = Timing().times(1 / given.speed)
    asyncio.run(work(given.database, given.slack, given.token, timing, given.engine, blind=given.blind))


if __name__ == "__main__":
    main()

"""Signed requests at a steady rate, whatever the answers take, and what the answers took."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bench.seed import CHANNEL, TEAM, USER
from bot.clock import Clock

SECRET, TOKEN = "a-bench-secret", "xoxb-bench"
NOTE = "Paused when asked about Q3, we owe her the plan by Friday"
_numbers = itertools.count()

Body = Callable[[], bytes]


@dataclass
class Took:
    """Seconds each answered request took, and how many were refused."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def at(self, share: float) -> float:
        """Return a percentile in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def command() -> bytes:
    fields = {
        "command": "/checkin",
        "text": "",
        "team_id": TEAM,
        "team_domain": "bench",
        "user_id": USER,
        "user_name": "ana",
        "channel_id": CHANNEL,
        "channel_name": "northwind",
        "api_app_id": "A0BENCH",
        "trigger_id": f"{next(_numbers)}.1",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return urlencode(fields).encode()


def submission(client_id: str) -> Body:
    option = {"text": {"type": "plain_text", "text": "Northwind"}, "value": client_id}
    values: dict[str, Any] = {
        "client": {"client": {"type": "external_select", "selected_option": option}},
        "feeling": {
            "feeling": {
                "type": "radio_buttons",
                "selected_option": {"text": {"type": "plain_text", "text": "Warm"}, "value": "4"},
            }
        },
        "note": {"note": {"type": "plain_text_input", "value": NOTE}},
    }
    blocks = [{"type": "input", "block_id": name, "element": {"action_id": name}} for name in values]

    def body() -> bytes:
        view = {
            "id": f"V{next(_numbers)}",
            "type": "modal",
            "callback_id": "checkin.save",
            "private_metadata": json.dumps({"n": str(uuid.uuid4()), "c": client_id}),
            "blocks": blocks,
            "state": {"values": values},
            "hash": "1.a",
        }
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "bench"},
            "user": {"id": USER, "team_id": TEAM},
            "api_app_id": "A0BENCH",
            "trigger_id": f"{next(_numbers)}.1",
            "view": view,
        }
        return urlencode({"payload": json.dumps(payload)}).encode()

    return body


def signed(body: bytes) -> dict[str, str]:
    timestamp = str(int(Clock().now().timestamp()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def send(session: aiohttp.ClientSession, url: str, body: bytes, took: Took) -> None:
    headers = signed(body)
    began = time.perf_counter()
    async with session.post(url, data=body, headers=headers) as response:
        answer = await response.read()
    elapsed = time.perf_counter() - began
    if response.status != 200 or b"errors" in answer:
        took.refused += 1
    else:
        took.seconds.append(elapsed)


async def steady(url: str, make: Body, *, rate: float, seconds: float) -> Took:
    """Send `rate` requests a second, each on time whether or not the ones before are answered."""
    took = Took()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        began = time.perf_counter()
        running = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            running.append(asyncio.create_task(send(session, url, make(), took)))
        await asyncio.gather(*running)
    return took


async def flat_out(url: str, make: Body, *, workers: int, seconds: float) -> float:
    """Send as fast as answers come, with some workers; return requests a second."""
    took = Took()
    began = time.perf_counter()

    async def work(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() - began < seconds:
            await send(session, url, make(), took)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(session) for _ in range(workers)))
    return len(took.seconds) / (time.perf_counter() - began)

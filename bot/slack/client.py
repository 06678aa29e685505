"""Every Slack client comes from here: one shared connection pool, one address, no surprises on a dropped line."""

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

CONNECTIONS = 32
TIMEOUT_SECONDS = 10


class SlackClients:
    """Makes Slack clients that share one session.  `open()` before the first call, `close()` at the end."""

    def __init__(self, api_url: str, token: str) -> None:
        self._session: aiohttp.ClientSession | None = None
        self.posting = AsyncWebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        self.reading = AsyncWebClient(
            token=token,
            base_url=api_url,
            timeout=TIMEOUT_SECONDS,
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(max_retry_count=1),
                AsyncRateLimitErrorRetryHandler(max_retry_count=2),
            ],
        )
        if urlsplit(api_url).hostname == "127.0.0.1":
            self.posting.proxy = self.reading.proxy = None  # the SDK took the environment's, which leads away from here

    async def open(self) -> None:
        """Open the shared session inside the running loop."""
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        self.posting.session = self.reading.session = self._session

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session.  Raises RuntimeError before `open()`."""
        if self._session is None:
            raise RuntimeError("the Slack session is not open yet")
        return self._session

    async def close(self) -> None:
        """Close the shared session."""
        if self._session is not None:
            await self._session.close()

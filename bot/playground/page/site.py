"""The page over HTTP: its files, its socket, and who may ask for them."""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.playground.delivery import Delivery
from bot.playground.ground import Ground
from bot.playground.page.facts import Facts
from bot.playground.page.glance import Glance
from bot.playground.page.live import Live
from bot.playground.page.stage import Stage

STATIC = Path(__file__).parent / "static"
IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
REMEMBERED = 2000


class Page:
    """The page of one stand-in.  facts: the app's manifest.  glance: its database, if it may be looked into."""

    def __init__(self, facts: Facts | None = None, *, glance: Glance | None = None, static: Path = STATIC) -> None:
        self._facts = facts or Facts()
        self._glance = glance
        self._static = static.resolve()
        self._stage: Stage | None = None
        self._live: Live | None = None

    def routes(self, ground: Ground, delivery: Delivery) -> list[web.RouteDef]:
        """Return the routes to serve for a stand-in; from now on its memory is bounded."""
        ground.remember(REMEMBERED)
        self._stage = Stage(ground, delivery, self._facts, self._glance)
        self._live = Live(self._stage)
        return [
            web.get("/", self.index),
            web.get("/static/{path:.+}", self.file),
            web.get("/live", self._live.serve),
        ]

    async def close(self) -> None:
        """Close every socket and end what goes on."""
        if self._live is not None and self._stage is not None:
            await self._live.close()
            await self._stage.close()

    async def index(self, request: web.Request) -> web.Response:
        """Serve the page, with a policy that lets it run its own files and its import map only."""
        text = (self._static / "index.html").read_text(encoding="utf-8")
        answer = web.Response(text=text, content_type="text/html", charset="utf-8")
        answer.etag = hashlib.sha256(text.encode()).hexdigest()[:32]
        answer.headers[hdrs.CACHE_CONTROL] = "no-cache"
        answer.headers["Content-Security-Policy"] = _policy(text, request.host)
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return answer

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Serve one of the page's files."""
        try:
            path = (self._static / request.match_info["path"]).resolve()
        except ValueError:  # a name that no file can have
            raise web.HTTPNotFound from None
        kind = TYPES.get(path.suffix.lower())
        if kind is None or not path.is_relative_to(self._static) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={hdrs.CONTENT_TYPE: kind, hdrs.CACHE_CONTROL: "no-cache"})


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site asks for, by whatever name it found its way here."""
    if not _is_ours(request):
        return web.Response(status=403, text="This page answers to this machine only.")
    answer = await handler(request)
    if not answer.prepared:
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _is_ours(request: web.Request) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    if not _is_here(f"http://{request.host}", request) or (origin is not None and not _is_here(origin, request)):
        return False
    if request.path == "/live" and origin is None:
        return False
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
    opened = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return opened or not from_elsewhere


def _is_here(address: str, request: web.Request) -> bool:
    socket = request.transport.get_extra_info("sockname") if request.transport is not None else None
    try:
        parts = urlsplit(address)
        here = parts.hostname in LOOPBACK and socket is not None and (parts.port or 80) == socket[1]
    except ValueError:
        return False
    return here and parts.scheme == "http"


def _policy(text: str, host: str) -> str:
    maps = [
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in IMPORT_MAP.findall(text)
    ]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *maps]),
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' ws://{host}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )

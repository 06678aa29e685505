"""How the log is written: one line an event, no payloads, no values of anybody's in a traceback."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

import structlog
from slack_sdk.errors import SlackApiError

SPEAKS_OF_CODE = (OSError, TypeError, AttributeError, NameError, ImportError, RuntimeError, AssertionError)
"""Errors whose message is about code or the network.  Others may quote what somebody wrote, a row or a token."""

CODE = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)
"""What a code of Slack's looks like: `channel_not_found`."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up(*, as_json: bool, least: int = logging.INFO) -> None:
    """Write our events (from a level on) and the libraries' warnings to standard error."""
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(told),
    ]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer() if as_json else plain],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class Discreet(logging.Formatter):
    """Formats the libraries' tracebacks as ours."""

    def formatException(self, ei: object) -> str:  # noqa: N802  logging's name
        """Return where it happened and what kind of error it was."""
        return told(ei)  # type: ignore[arg-type]  # the base class leaves room for (None, None, None)


def told(exc_info: ExcInfo) -> str:
    """Return a traceback, cause first: places in the code and the kinds of errors, never the values."""
    parts = []
    for error in reversed(list(_chain(exc_info[1]))):
        parts += ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__), _name(error), "\n"]
    return "".join(parts).rstrip()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _name(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, SlackApiError):
        return f"{kind}: {refusal(error)}"
    return f"{kind}: {error}" if isinstance(error, SPEAKS_OF_CODE) else kind


def refusal(error: BaseException) -> str:
    """Return Slack's code for why it said no, and nothing else that it answered; a broken line has "no answer"."""
    if not isinstance(error, SlackApiError):
        return "no answer"
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, Mapping) else None
    if isinstance(code, str) and CODE.fullmatch(code):
        return code
    return f"HTTP {getattr(error.response, 'status_code', 'error')}"

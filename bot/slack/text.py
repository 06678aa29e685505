"""Words on their way to Slack: what people typed is cleaned and escaped here, once."""

import datetime as dt
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString, cast

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_ESCAPES = str.maketrans({**_ENTITIES, **{chr(code): "" for code in _BIDI}})
_CONTROLS = str.maketrans({chr(code): "" for code in range(0x20) if chr(code) not in "\n\t"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEVER_LAST = "\u200d\ufe0e\ufe0f"  # a joiner or variation selector at the cut would dangle
_TOKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Markup(str):
    """Text that is safe to send as mrkdwn: escaped already, or written by us."""

    __slots__ = ()


def clean(text: str) -> str:
    """Return text that every database and Slack accept: no control characters but newline and tab, no lone surrogates.

    Line ends become a newline; nothing else is lost.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return _SURROGATE.sub("\ufffd", text)


def escape(text: str) -> Markup:
    """Return text in which nothing is a mention, a link or a change of direction; Markup is returned as it is."""
    return text if isinstance(text, Markup) else Markup(clean(text).translate(_ESCAPES))


def unescape(text: str) -> str:
    """Return what a person typed from what Slack delivers (`&amp;`, `&lt;`, `&gt;`); the result is not safe to send."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class _Escaping(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if isinstance(key, int):
            raise TypeError("a template names its values")
        return super().get_value(key, args, kwargs)

    def format_field(self, value: object, format_spec: str) -> str:
        return value if isinstance(value, Markup) else escape(format(value, format_spec))

    def convert_field(self, value: object, conversion: str | None) -> object:
        return value if conversion is None else escape(str(super().convert_field(value, cast(Any, conversion))))


def markup(template: LiteralString, /, **values: object) -> Markup:
    """Return a template filled in as `str.format` does, with every value escaped that is not Markup."""
    return Markup(_Escaping().vformat(template, (), values))


def lines(parts: Iterable[str], between: LiteralString = "\n") -> Markup:
    """Return the parts that are not empty, escaped where needed, joined."""
    return Markup(between.join(escape(part) for part in parts if part))


def together(names: Sequence[str]) -> Markup:
    """Return names as a sentence lists them: "Ana", "Ana and Tom", "Ana, Sam and Tom"."""
    return lines([lines(names[:-1], ", "), *names[-1:]], " and ")


def bold(text: str) -> Markup:
    """Return text in bold, on one line; an asterisk inside would end it, so it becomes a look-alike."""
    inner = " ".join(escape(text).replace("*", "∗").split())
    return Markup(f"*{inner}*" if inner else "")


def quote(text: str) -> Markup:
    """Return text as a quotation, each line marked."""
    return Markup("\n".join(f"> {line}".rstrip() for line in escape(text).split("\n")))


def shorten(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, ended by "…" where something was cut."""
    if len(text) <= limit:
        return text
    return _cut(text, limit - 1) if limit > 0 else ""


def one_line(text: str | None, limit: int) -> str:
    """Return text on one line, of at most `limit` characters; empty for none."""
    return shorten(" ".join((text or "").split()), limit)


def shorten_markup(text: str, limit: int) -> Markup:
    """Return mrkdwn of at most `limit` characters, never cut inside `<…>` or `&…;`."""
    if len(text) <= limit:
        return Markup(text)
    at = next((token.start() for token in _TOKEN.finditer(text) if token.start() < limit - 1 < token.end()), limit - 1)
    return Markup(_cut(text, at) if limit > 0 else "")


def _cut(text: str, at: int) -> str:
    return text[:at].rstrip().rstrip(_NEVER_LAST) + "…"


def when(instant: dt.datetime, fallback: str, pattern: LiteralString = "{date_short_pretty} at {time}") -> Markup:
    """Return an aware instant that Slack shows in each reader's own zone; `fallback` is read where it cannot."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return Markup(f"<!date^{int(instant.timestamp())}^{pattern}|{escape(fallback).replace('|', '/')}>")


def day(date: dt.date, today: dt.date | None = None) -> str:
    """Return a date as people say it: "Tue 14 May"; with its year when that is not today's."""
    year = "" if today is None or date.year == today.year else f" {date.year}"
    return f"{WEEKDAYS[date.weekday()][:3]} {date.day} {_MONTHS[date.month - 1]}{year}"

"""The fields that Slack or a lookup of ours fills: people, conversations, dates, files, clients."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import limits
from bot.slack.blocks import Element, option
from bot.slack.field import Field, FieldError, few, items, string
from bot.slack.text import clean, day, shorten

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_MEMBER = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)
_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{1,30}", re.ASCII)
_MENTION = re.compile(r"\s*<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>[,:]?(?=\s|$)", re.ASCII)
_EPOCH = range(10**9, 10**10)  # Slack's date and time picker speaks ten digits


@dataclass(frozen=True)
class Picked:
    """What was picked in a list that we served: the id is looked up and authorised again, the label only shown."""

    id: str
    label: str = ""


@dataclass(frozen=True)
class Upload:
    """A file that was handed over; what it is, ask Slack."""

    id: str
    name: str = ""


def _picked(item: object) -> Picked:
    value = item.get("value") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(value, str) or not 0 < len(value) <= limits.OPTION_VALUE:
        raise FieldError("Pick one from the list.")
    text = item.get("text")
    return Picked(clean(value), string(text, "text") if isinstance(text, Mapping) else "")


def _offered(picked: Picked) -> Element:
    return option(shorten(picked.label or picked.id, limits.OPTION_TEXT), picked.id)


@dataclass(frozen=True, kw_only=True)
class Lookup(Field[Picked]):
    """One out of a list that we serve as people type."""

    min_query_length: int = 1

    kind = "external_select"
    ask = "pick one from the list"

    def _settings(self) -> Element:
        return {"min_query_length": self.min_query_length}

    def _initial(self, value: Picked) -> Element:
        return {"initial_option": _offered(value)}

    def _parse(self, entry: Mapping[str, Any]) -> Picked | None:
        picked = entry.get("selected_option")
        return None if picked is None else _picked(picked)

    def says(self, value: Picked) -> str:
        """Return a value as people read it."""
        return value.label

    def usage(self) -> str:
        """Return how the field looks in a one-line example."""
        return f"[{self.name}]"


@dataclass(frozen=True, kw_only=True)
class Lookups(Field[tuple[Picked, ...]]):
    """Several out of a list that we serve as people type."""

    min_query_length: int = 1
    at_most: int | None = None

    kind = "multi_external_select"
    ask = "pick at least one from the list"

    def _settings(self) -> Element:
        most = {"max_selected_items": self.at_most} if self.at_most else {}
        return {"min_query_length": self.min_query_length, **most}

    def _initial(self, value: tuple[Picked, ...]) -> Element:
        return {"initial_options": [_offered(picked) for picked in value]} if value else {}

    def _parse(self, entry: Mapping[str, Any]) -> tuple[Picked, ...] | None:
        picked = {item.id: item for item in map(_picked, items(entry, "selected_options"))}
        return few(tuple(picked.values()), self.at_most)

    def _nothing(self) -> tuple[Picked, ...]:
        return ()


def _ids(entry: Mapping[str, Any], key: str, shape: re.Pattern[str]) -> tuple[str, ...]:
    found = items(entry, key)
    if not all(isinstance(item, str) and shape.fullmatch(item) for item in found):
        raise FieldError("Pick from the list.")
    return tuple(dict.fromkeys(found))


def _id(entry: Mapping[str, Any], key: str, shape: re.Pattern[str]) -> str | None:
    found = entry.get(key)
    return None if found is None else _ids({key: [found]}, key, shape)[0]


@dataclass(frozen=True, kw_only=True)
class MemberPick(Field[str]):
    """One person of the workspace, by id."""

    kind = "users_select"
    ask = "pick a person"

    def _initial(self, value: str) -> Element:
        return {"initial_user": value}

    def _parse(self, entry: Mapping[str, Any]) -> str | None:
        return _id(entry, "selected_user", _MEMBER)

    def take(self, text: str) -> tuple[str | None, str]:
        """Take a leading mention, as Slack escapes it."""
        match = _MENTION.match(text)
        return (match[1], text[match.end() :].strip()) if match else (None, text)

    def says(self, value: str) -> str:  # noqa: ARG002  an id is nothing to read
        """Return a value as people read it."""
        return "somebody else"

    def usage(self) -> str:
        """Return how the field looks in a one-line example."""
        return "@person" if self.required else "[@person]"


@dataclass(frozen=True, kw_only=True)
class MemberPicks(Field[tuple[str, ...]]):
    """Several people of the workspace, by id."""

    at_most: int | None = None

    kind = "multi_users_select"
    ask = "pick at least one person"

    def _settings(self) -> Element:
        return {"max_selected_items": self.at_most} if self.at_most else {}

    def _initial(self, value: tuple[str, ...]) -> Element:
        return {"initial_users": list(value)} if value else {}

    def _parse(self, entry: Mapping[str, Any]) -> tuple[str, ...] | None:
        return few(_ids(entry, "selected_users", _MEMBER), self.at_most)

    def _nothing(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ConversationFilter:
    """Which conversations a picker offers; `include` names kinds: im, mpim, private, public."""

    include: tuple[str, ...] = ()
    exclude_bot_users: bool = False
    exclude_external_shared_channels: bool = False
    default_to_current_conversation: bool = False

    def filtering(self) -> Element:
        """Return the element's filter."""
        chosen: Element = {"include": list(self.include)} if self.include else {}
        if self.exclude_bot_users:
            chosen["exclude_bot_users"] = True
        if self.exclude_external_shared_channels:
            chosen["exclude_external_shared_channels"] = True
        found: Element = {"filter": chosen} if chosen else {}
        return found | ({"default_to_current_conversation": True} if self.default_to_current_conversation else {})


@dataclass(frozen=True, kw_only=True)
class ConversationPick(Field[str], ConversationFilter):
    """One channel or conversation, by id; a value goes before the current conversation."""

    kind = "conversations_select"
    ask = "pick a channel"

    def _settings(self) -> Element:
        return self.filtering()

    def _initial(self, value: str) -> Element:
        return {"initial_conversation": value, "default_to_current_conversation": False}

    def _parse(self, entry: Mapping[str, Any]) -> str | None:
        return _id(entry, "selected_conversation", _CONVERSATION)


@dataclass(frozen=True, kw_only=True)
class ConversationPicks(Field[tuple[str, ...]], ConversationFilter):
    """Several channels or conversations, by id."""

    at_most: int | None = None

    kind = "multi_conversations_select"
    ask = "pick at least one channel"

    def _settings(self) -> Element:
        return self.filtering() | ({"max_selected_items": self.at_most} if self.at_most else {})

    def _initial(self, value: tuple[str, ...]) -> Element:
        return {"initial_conversations": list(value), "default_to_current_conversation": False} if value else {}

    def _parse(self, entry: Mapping[str, Any]) -> tuple[str, ...] | None:
        return few(_ids(entry, "selected_conversations", _CONVERSATION), self.at_most)

    def _nothing(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Day(Field[dt.date]):
    """A date, without a zone: keep the person's beside it."""

    kind = "datepicker"
    ask = "pick a date"

    def _initial(self, value: dt.date) -> Element:
        return {"initial_date": value.isoformat()}

    def says(self, value: dt.date) -> str:
        """Return a value as people read it."""
        return day(value)

    def _parse(self, entry: Mapping[str, Any]) -> dt.date | None:
        raw = string(entry, "selected_date")
        try:
            if raw and _DATE.fullmatch(raw):
                return dt.date.fromisoformat(raw)
        except ValueError:
            pass
        if raw or entry.get("selected_date") is not None:
            raise FieldError("Pick a date that exists.")
        return None


@dataclass(frozen=True, kw_only=True)
class Hour(Field[dt.time]):
    """A time of day, to the minute."""

    kind = "timepicker"
    ask = "pick a time"

    def _initial(self, value: dt.time) -> Element:
        return {"initial_time": value.strftime("%H:%M")}

    def _parse(self, entry: Mapping[str, Any]) -> dt.time | None:
        raw = entry.get("selected_time")
        if raw is None:
            return None
        match = _TIME.fullmatch(string(entry, "selected_time"))
        if match is None:
            raise FieldError("Pick a time such as 09:30.")
        return dt.time(int(match[1]), int(match[2]))


@dataclass(frozen=True, kw_only=True)
class Moment(Field[dt.datetime]):
    """An instant: read in UTC, shown in the reader's own zone."""

    kind = "datetimepicker"
    ask = "pick a day and a time"
    takes_placeholder = False

    def _initial(self, value: dt.datetime) -> Element:
        if value.tzinfo is None:
            raise ValueError("an instant has a zone")
        return {"initial_date_time": int(value.timestamp())}

    def _parse(self, entry: Mapping[str, Any]) -> dt.datetime | None:
        raw = entry.get("selected_date_time")
        if raw is None:
            return None
        if not isinstance(raw, int) or raw not in _EPOCH:
            raise FieldError("Pick a day and a time.")
        return dt.datetime.fromtimestamp(raw, dt.UTC)


@dataclass(frozen=True, kw_only=True)
class File(Field[tuple[Upload, ...]]):
    """Files; `filetypes` are endings without a dot."""

    filetypes: tuple[str, ...] = ()
    max_files: int = 1

    kind = "file_input"
    ask = "choose a file"
    takes_placeholder = False

    def _settings(self) -> Element:
        kinds = {"filetypes": list(self.filetypes)} if self.filetypes else {}
        return {"max_files": self.max_files, **kinds}

    def _initial(self, value: tuple[Upload, ...]) -> Element:  # noqa: ARG002  Slack shows no file again
        return {}

    def _parse(self, entry: Mapping[str, Any]) -> tuple[Upload, ...] | None:
        found = items(entry, "files")
        if not all(isinstance(item, Mapping) and string(item, "id") for item in found):
            raise FieldError("Choose the file again.")
        return few(tuple(Upload(string(item, "id"), string(item, "name")) for item in found), self.max_files)

    def _nothing(self) -> tuple[Upload, ...]:
        return ()

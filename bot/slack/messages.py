"""A Slack message as plain words: what a person would copy out of it, and whether a person said it at all."""

import re
from collections.abc import Mapping
from typing import Any

from bot.slack.text import clean, unescape

MARK = re.compile(r"<([^<>]+)>")
SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)")
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
STILL_SAID = {"file_share", "thread_broadcast", "me_message"}


def mentioned(message: Mapping[str, Any]) -> set[str]:
    """Return the Slack ids of the people a message mentions."""
    return set(PERSON.findall(_string(message, "text")))


def is_nobodys(event: Mapping[str, Any]) -> bool:
    """Return whether an event is no person's message: a bot's, an edit, a system line."""
    changed = event.get("subtype") not in {None, *STILL_SAID}
    return bool(event.get("bot_id")) or changed or (event.get("type") == "message" and not event.get("user"))


def words_of(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return a message's words: its text with names for mentions, a forwarded e-mail, what a clip says.

    names: Slack id to name.
    """
    parts = [_plain(_string(message, "text"), names)]
    files = message.get("files")
    for file in files if isinstance(files, list) else []:
        if isinstance(file, Mapping):
            parts += _file_words(file)
    if not any(parts):
        attachments = message.get("attachments")
        for attachment in attachments if isinstance(attachments, list) else []:
            if isinstance(attachment, Mapping):
                parts.append(_plain(_string(attachment, "text") or _string(attachment, "fallback"), names))
    return clean("\n".join(part for part in parts if part)).strip()


def _file_words(file: Mapping[str, Any]) -> list[str]:
    if _string(file, "mode") == "email":
        body = _string(file, "plain_text") or _string(file, "preview_plain_text") or _string(file, "preview")
        return [_string(file, "subject"), body]
    heard = file.get("transcription")
    preview = heard.get("preview") if isinstance(heard, Mapping) else None
    return [_string(preview, "content")] if isinstance(preview, Mapping) else []


def _plain(text: str, names: Mapping[str, str]) -> str:
    def read(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return "@" + (names.get(target[1:]) or label or "someone")
        if target.startswith("#"):
            return "#" + (label or "channel")
        if target.startswith("!"):
            return label or "@" + target[1:].partition("^")[0]
        bare = SCHEME.sub("", target)
        return f"{label} ({target})" if label and label not in {target, bare, bare.rstrip("/")} else (label or target)

    return unescape(MARK.sub(read, text))


def _string(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return value if isinstance(value, str) else ""


def permalink(address: str, channel: str, ts: str) -> str:
    """Return the address of a message in a workspace (`https://….slack.com/`)."""
    return f"{address.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

"""Reading what a page asks for."""

from collections.abc import Mapping
from typing import Any

from bot.playground.page.stage import Told

Json = dict[str, Any]


def text(ask: Mapping[str, Any], key: str, *, longest: int = 12_000) -> str:
    """Return a text that is there.  Told: when it is not."""
    value = ask.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Told(f"{key}: a text was expected.")
    return _within(value, key, longest)


def maybe(ask: Mapping[str, Any], key: str, *, longest: int = 12_000) -> str | None:
    """Return a text, or None when it is empty or not there.  Told: when it is something else."""
    value = ask.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Told(f"{key}: a text was expected.")
    return _within(value, key, longest)


def number(ask: Mapping[str, Any], key: str, default: int, *, most: int) -> int:
    """Return a whole number from 0 to `most`.  Told: when it is something else."""
    value = ask.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Told(f"{key}: a whole number up to {most} was expected.")
    return value


def mapping(ask: Mapping[str, Any], key: str) -> Json:
    """Return an object, {} when it is not there.  Told: when it is something else."""
    value = ask.get(key, {})
    if not isinstance(value, dict):
        raise Told(f"{key}: an object was expected.")
    return value


def values(ask: Mapping[str, Any], key: str) -> dict[str, dict[str, Json]]:
    """Return a form's values: block_id to action_id to state.  Told: when they are something else."""
    given = mapping(ask, key)
    for block_id, actions in given.items():
        for action_id in mapping(given, block_id):
            mapping(actions, action_id)
    return given


def _within(value: str, key: str, longest: int) -> str:
    if len(value) > longest:
        raise Told(f"{key}: at most {longest} characters.")
    return value

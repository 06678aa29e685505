"""What app.yaml tells Slack about the app, for the page to show."""

from pathlib import Path

from bot.demo.reading import read_yaml
from bot.playground.page.facts import Command, Facts, Shortcut, Step


def path() -> Path:
    """Return where app.yaml is: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "app.yaml"
    return inside if inside.is_file() else package.parent / "app.yaml"


def facts(tour: tuple[Step, ...], farewell: str = "") -> Facts:
    """Return the manifest's facts with the steps to try first, and what is said after them."""
    told = read_yaml(path())
    features = told["features"]
    return Facts(
        name=features["bot_user"]["display_name"],
        description=told["display_information"]["description"],
        commands=tuple(
            Command(one["command"], one["description"], one.get("usage_hint", "")) for one in features["slash_commands"]
        ),
        shortcuts=tuple(
            Shortcut(one["type"], one["name"], one["callback_id"], one.get("description", ""))
            for one in features["shortcuts"]
        ),
        events=frozenset(told["settings"]["event_subscriptions"]["bot_events"]),
        tour=tour,
        farewell=farewell,
    )

"""The forms about clients, and what is shown once they are saved."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from bot.practices.clients.rules import (
    LONGEST_NAME,
    LONGEST_RHYTHM,
    MAX_ALIASES,
    WHY_LABELS,
    Stage,
    WhyType,
    split_names,
    without_commas,
)
from bot.practices.clients.service import Client, Sheet
from bot.slack.blocks import Block, Element, View, actions, button, confirm, context, external_select, section
from bot.slack.fields import (
    Choice,
    ConversationPick,
    ConversationPicks,
    Day,
    Flag,
    MemberPick,
    MemberPicks,
    Number,
    Option,
    Radio,
    Text,
)
from bot.slack.forms import FieldErrors, Form, read_metadata, stamps
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.here import Here

OWN_RHYTHM = "own"
USUAL_RHYTHM = "7"
RHYTHMS = (
    Option("7", "Every week"),
    Option("14", "Every two weeks"),
    Option("30", "Every month"),
    Option(OWN_RHYTHM, "Another rhythm"),
)
STAGES = (
    Option(Stage.ONBOARDING.value, "Onboarding", "You speak twice as often as usual."),
    Option(Stage.STEADY.value, "Steady", "You speak as often as usual."),
    Option(Stage.RENEWAL.value, "Renewal ahead", "You speak twice as often as usual."),
    Option(Stage.WINDING_DOWN.value, "Winding down", "You speak half as often as usual."),
)
WHY_LENGTH = 1000
READERS = (
    Option(Visibility.TEAM.value, "The client's team"),
    Option(Visibility.EVERYONE.value, "Everyone here"),
    Option(Visibility.ME.value, "Only me"),
)
"""Who can read what is written down about a client, as every form asks it."""

NAME = Text("name", "Name", max_length=LONGEST_NAME, missing="Give the client a name.")
ALIASES = Text(
    "aliases",
    "Also called",
    required=False,
    hint="Other names people type, with commas: NW, North",
    max_length=MAX_ALIASES * (LONGEST_NAME + 20),
)
CLIENT_FORM = Form(
    "client.save",
    "Set up a client",
    "Save",
    (
        NAME,
        MemberPick("owner", "Who looks after them?", missing="Pick who looks after them."),
        Radio("rhythm", "How often do you usually speak?", options=RHYTHMS, missing="Choose how often."),
        Number(
            "days",
            "Another rhythm, in days",
            required=False,
            minimum=1,
            maximum=LONGEST_RHYTHM,
            hint="A number here counts instead of the choice above.",
        ),
        Choice(
            "stage",
            "Stage",
            options=STAGES,
            missing="Choose where you are with them.",
        ),
        MemberPick("backup", "Who covers?", required=False),
        MemberPicks("team", "Who else is in the team?", required=False, at_most=50),
        ConversationPicks(
            "heard_in",
            "Heard in",
            required=False,
            at_most=50,
            hint="The client's channels. /checkin knows the client there; Ember posts nothing.",
        ),
        ConversationPick(
            "digest",
            "Digest goes to",
            required=False,
            hint="A channel that only your own people can read.",
        ),
        ALIASES,
        Day("started", "Relationship started", required=False),
        Flag("key", "Key client", text="Comes first when several cool at once"),
    ),
)
RENAME_FORM = Form("client.rename", "Rename a client", "Rename", (NAME,))
ALIASES_FORM = Form("client.aliases", "Other names", "Save", (ALIASES,))
PAUSE_FORM = Form(
    "client.pause",
    "Pause a client",
    "Pause",
    (Day("until", "Until", required=False, hint="Leave it empty to pause until you resume."),),
)
WHY_FORM = Form(
    "client.why",
    "Why did they hire us?",
    "Save",
    (
        Text(
            "why",
            "Why did they hire us?",
            multiline=True,
            focus=True,
            max_length=WHY_LENGTH,
            hint="In their words, if you can. It stands on the card and opens each brief.",
        ),
        Choice(
            "why_type",
            "What kind of reason?",
            required=False,
            options=tuple(Option(kind.value, label.capitalize()) for kind, label in WHY_LABELS.items()),
        ),
    ),
)


def set_up_view(here: Here, *, name: str = "", draft_id: str = "") -> View:
    """Return the form that sets up a client; `draft_id` is a line that waits for it."""
    values = {
        "name": name[:LONGEST_NAME],
        "owner": here.member.slack_id,
        "rhythm": USUAL_RHYTHM,
        "stage": Stage.STEADY.value,
    }
    metadata = {"n": str(new_id())} | ({"d": draft_id} if draft_id else {})
    return CLIENT_FORM.view(values, metadata=metadata)


def edit_view(sheet: Sheet) -> View:
    """Return the same form, filled in with what is known."""
    client = sheet.client
    usual = str(client.steady_days)
    preset = usual if usual in {choice.value for choice in RHYTHMS} else OWN_RHYTHM
    values: dict[str, Any] = {
        "name": client.name,
        "owner": sheet.owner.slack_id if sheet.owner else None,
        "rhythm": preset,
        "days": client.steady_days if preset == OWN_RHYTHM else None,
        "stage": client.stage.value,
        "backup": sheet.backup.slack_id if sheet.backup else None,
        "team": tuple(member.slack_id for member in sheet.team),
        "heard_in": sheet.heard_in,
        "digest": sheet.digest_to,
        "aliases": listed_aliases(sheet.aliases),
        "started": client.started_on,
        "key": client.is_key,
    }
    return CLIENT_FORM.view(values, metadata=_about(client.id) | {"h": sheet.digest}, title="Edit a client")


def rename_view(client: Client, name: str = "") -> View:
    """Return the form that renames a client."""
    note = context(Markup("The old name goes on working."))
    return RENAME_FORM.view({"name": (name or client.name)[:LONGEST_NAME]}, metadata=_about(client.id), after=[note])


def aliases_view(client: Client, aliases: str) -> View:
    """Return the form for a client's other names, which are written with commas."""
    lead = section(markup("What else do people call {client}? At most {most}.", client=client.name, most=MAX_ALIASES))
    return ALIASES_FORM.view({"aliases": aliases}, metadata=_about(client.id), before=[lead])


def pause_view(client: Client) -> View:
    """Return the form that pauses a client."""
    lead = section(markup("{client} asks for nothing while paused. You can still log check-ins.", client=client.name))
    return PAUSE_FORM.view({"until": client.paused_until}, metadata=_about(client.id), before=[lead])


def why_view(client: Client) -> View:
    """Return the form that asks why a client hired us."""
    values = _why(client)
    carried = {**_about(client.id), **stamps(values)}
    return WHY_FORM.view(values, metadata=carried, before=[section(bold(client.name))])


def _why(client: Client) -> dict[str, Any]:
    return {"why": client.why_hired, "why_type": client.why_type.value if client.why_type is not None else None}


def read_why(view: Mapping[str, Any], client: Client) -> tuple[str, WhyType | None]:
    """Return why a client hired us and what kind of reason that is, as a submitted form says it.

    Raises FieldErrors, also where somebody has said something else meanwhile.
    """
    said = WHY_FORM.merge(WHY_FORM.read(view, always=("why",)), _why(client), read_metadata(view))
    return said["why"], WhyType(said["why_type"]) if said.get("why_type") else None


def typed_aliases(text: str | None) -> tuple[str, ...]:
    """Return the names that somebody wrote with commas, or on lines of their own."""
    return split_names(text or "")


def listed_aliases(aliases: Iterable[str]) -> str:
    """Return names as they are written in the form; reading them gives the same ones."""
    return ", ".join(dict.fromkeys(map(without_commas, aliases)))


def rhythm_days(values: Mapping[str, Any]) -> int | None:
    """Return the days between conversations that a form says, None when it says "another" and no number."""
    own: int | None = values.get("days")
    if own is not None:
        return own
    return None if values["rhythm"] == OWN_RHYTHM else int(values["rhythm"])


def end_button(client: Client) -> Element:
    """Return the button that ends a relationship, after asking."""
    asks = confirm(
        "End this relationship?",
        shorten(f"{client.name} leaves the lists and asks for nothing more. Every note stays.", 300),
        "End it",
        "Keep it",
    )
    return button("End", "client.end", value=str(client.id), style="danger", confirm=asks)


def set_up_panel(client: Client, draft_id: uuid.UUID | None) -> Panel:
    """Return what is shown once a client is set up; a line that waits for it is offered first."""
    value = str(client.id)
    say = markup("{client} is set up.", client=bold(client.name))
    buttons = [
        button("Log a check-in", "checkin.log", value=value),
        button("Add a person", "person.new", value=value),
        open_card(client.id),
    ]
    kept = ""
    if draft_id is not None:
        kept = "What you typed is kept."
        buttons.insert(0, button("Log what you typed", "draft.client", value=f"{draft_id}:{value}", style="primary"))
    hint = markup("Next time, `/checkin {client} 4 and a few words` logs in one go, anywhere.", client=client.name)
    blocks: list[Block] = [section(lines([say, kept], " ")), actions(*buttons), context(hint)]
    return Panel("Client set up", f"{client.name} is set up.", blocks)


def done_panel(title: str, sentence: Markup, client: Client, *more: Element) -> Panel:
    """Return what is shown once something about a client has changed."""
    return Panel(title, sentence, [section(sentence), actions(*more, open_card(client.id))], outcome=f"{title}.")


def another(action_id: str) -> Element:
    """Return the list of all clients, for where none of those that are offered is the right one."""
    return external_select(action_id, placeholder="Another client")


def open_card(client_id: uuid.UUID) -> Element:
    """Return the button that opens a client's card."""
    return button("Open card", "client.open", value=str(client_id))


def no_client() -> FieldErrors:
    """Return what a form says whose client is gone."""
    return FieldErrors({"client": "That client is not there any more. Pick another."})


def resume_button(client: Client) -> Element:
    """Return the button that takes up a client again."""
    return button("Resume", "client.resume", value=str(client.id))


def _about(client_id: uuid.UUID) -> dict[str, str]:
    return {"n": str(new_id()), "c": str(client_id)}

"""Any of Slack's payloads as one small value; a strange one is read as far as it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.envelope import INTERACTIVE, Envelope, Kind, open_envelope

ANA, OURS = {"id": "U0ANA", "team_id": "T0001"}, {"id": "T0001", "domain": "ours"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "checkin.save"}


def test_a_command():
    body = {
        "command": "/checkin",
        "team_id": "T0001",
        "user_id": "U0ANA",
        "channel_id": "C0NORTH",
        "text": "  Northwind 4 R&amp;D &lt;3\x00 ",
        "response_url": "https://hooks.slack.com/x",
        "trigger_id": "1.2",
    }
    assert open_envelope(body) == Envelope(
        Kind.COMMAND,
        name="/checkin",
        team="T0001",
        user="U0ANA",
        user_team="T0001",
        channel="C0NORTH",
        typed="Northwind 4 R&D <3",
        response_url="https://hooks.slack.com/x",
        trigger_id="1.2",
        delivery="command:1.2",
    )


def test_a_click_in_a_message():
    body = {
        "type": "block_actions",
        "team": OURS,
        "user": ANA,
        "channel": {"id": "C0NORTH"},
        "actions": [{"action_id": "client.open", "value": "x"}, {"action_id": "second"}],
        "response_url": "https://hooks.slack.com/x",
        "trigger_id": "1.2",
    }
    found = open_envelope(body)
    assert (found.kind, found.name, found.channel) == (Kind.ACTION, "client.open", "C0NORTH")
    assert (found.user, found.user_team, found.team) == ("U0ANA", "T0001", "T0001")
    assert (found.response_url, found.trigger_id, found.view) == ("https://hooks.slack.com/x", "1.2", {})


def test_a_click_in_a_view_is_named_after_the_action():
    found = open_envelope(
        {"type": "block_actions", "user": ANA, "view": VIEW, "actions": [{"action_id": "person.new"}]}
    )
    assert (found.name, found.view) == ("person.new", VIEW)


@pytest.mark.parametrize(("kind", "read"), [("view_submission", Kind.SUBMISSION), ("view_closed", Kind.CLOSED)])
def test_a_form_is_named_after_its_callback(kind, read):
    found = open_envelope({"type": kind, "team": OURS, "user": ANA, "view": VIEW})
    assert (found.kind, found.name, bool(found.view)) == (read, "checkin.save", True)


@pytest.mark.parametrize("kind", ["shortcut", "message_action"])
def test_a_shortcut_is_named_after_its_callback(kind):
    found = open_envelope({"type": kind, "callback_id": "log_checkin", "team": OURS, "user": ANA, "trigger_id": "1.2"})
    assert (found.kind, found.name, found.trigger_id) == (Kind.SHORTCUT, "log_checkin", "1.2")


def test_a_suggestion():
    assert open_envelope({"type": "block_suggestion", "team": OURS, "user": ANA}).kind is Kind.OPTIONS


def test_an_event():
    event = {"type": "message", "user": "U0ANA", "channel": "D1", "text": " Northwind &gt; all ", "user_team": "T0002"}
    found = open_envelope({"type": "event_callback", "team_id": "T0001", "event_id": "Ev1", "event": event})
    assert (found.kind, found.name, found.delivery) == (Kind.EVENT, "message", "event:Ev1")
    assert (found.team, found.user, found.user_team) == ("T0001", "U0ANA", "T0002")
    assert (found.channel, found.typed) == ("D1", "Northwind > all")


@pytest.mark.parametrize(
    ("event", "home"), [({"user_team": "T2", "team": "T3"}, "T2"), ({"team": "T3"}, "T3"), ({}, "T0001")]
)
def test_whoever_sends_an_event_is_of_the_team_slack_names_first(event, home):
    assert open_envelope({"type": "event_callback", "team_id": "T0001", "event": event}).user_team == home


def test_an_event_about_a_person_or_a_channel_names_them():
    event = {"type": "user_change", "user": {"id": "U0ANA"}, "channel": {"id": "C0NORTH"}}
    found = open_envelope({"type": "event_callback", "event": event})
    assert (found.user, found.channel) == ("U0ANA", "C0NORTH")


def test_a_stranger_who_clicks_in_a_shared_channel_keeps_their_own_team():
    stranger = {"id": "U0OMAR", "team_id": "T0OTHER"}
    found = open_envelope({"type": "block_actions", "team": OURS, "user": stranger})
    assert (found.team, found.user_team) == ("T0001", "T0OTHER")


def test_an_absent_team_is_read_from_the_user_and_the_other_way_round():
    assert open_envelope({"type": "shortcut", "team": None, "user": ANA}).team == "T0001"
    assert open_envelope({"type": "shortcut", "team": OURS, "user": {"id": "U1"}}).user_team == "T0001"


def test_what_is_none_of_these_is_other():
    assert open_envelope({}) == Envelope(Kind.OTHER)
    assert open_envelope({"type": "workflow_step_edit"}).kind is Kind.OTHER


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("command", "event", "team", "user", "channel", "view", "actions", "text", "trigger_id", "response_url", "id")
INNER = st.dictionaries(st.sampled_from([*FIELDS, "type", "team_id", "callback_id", "action_id"]), JSON, max_size=4)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from([*INTERACTIVE, "event_callback"]) | JSON,
        **dict.fromkeys(FIELDS, JSON | INNER | st.lists(INNER, max_size=2)),
    },
)


@given(body=BODIES | st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_no_payload_is_too_strange(body):
    found = open_envelope(body)
    texts = {name: value for name, value in vars(found).items() if name not in {"kind", "view"}}
    assert all(isinstance(value, str) for value in texts.values())

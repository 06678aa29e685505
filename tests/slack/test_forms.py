import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.blocks import divider
from bot.slack.blocks_lint import problems
from bot.slack.fields import (
    Checks,
    Choice,
    Choices,
    ConversationPick,
    ConversationPicks,
    Day,
    Email,
    FieldError,
    File,
    Flag,
    Hour,
    Lookup,
    Lookups,
    MemberPick,
    MemberPicks,
    Moment,
    Number,
    Option,
    Picked,
    Radio,
    Text,
    Upload,
    Url,
)
from bot.slack.forms import FieldErrors, Form, read_metadata, stamps

FELT = (
    Option("1", "Cold", words=("cold",), faces=("🥶", ":cold_face:")),
    Option("2", "Cool", words=("cool",)),
    Option("3", "Neutral", words=("neutral",), faces=("😐",)),
    Option("4", "Warm", words=("warm",), faces=("🙂", ":slightly_smiling_face:")),
    Option("5", "Glowing", words=("glowing",), faces=("☺️",)),
)
FEW = (Option("a", "A"), Option("b", "B", "the second"), Option("c", "C"))
RATING = Radio("rating", "How did it leave them?", options=FELT, inline=True, hint="your best read")
CHECKIN = Form(
    "checkin",
    "Log a check-in",
    "Save",
    (
        Lookup("client", "Client", inline=True, placeholder="Start typing"),
        RATING,
        Text(
            "note",
            "What happened?",
            multiline=True,
            focus=True,
            inline=True,
            max_length=200,
            missing="Write a sentence about what happened.",
        ),
    ),
    usage_prefix="/checkin",
)
EVERYTHING = Form(
    "everything",
    "Everything",
    "Save",
    (
        Text("text", "Text", min_length=2, max_length=50, required=False, hint="A few words", dispatch=True),
        Number("number", "Number", minimum=1, maximum=99),
        Number("decimal", "Decimal", decimal=True),
        Choice("choice", "Choice", options=FEW),
        Radio("radio", "Radio", options=FELT),
        Checks("checks", "Checks", options=FEW, required=False),
        Choices("choices", "Choices", options=FEW, at_most=2),
        Flag("flag", "Flag", text="Agreed"),
        Lookup("lookup", "Lookup"),
        Lookups("lookups", "Lookups", required=False, at_most=3),
        MemberPick("member", "Member"),
        MemberPicks("members", "Members", required=False),
        ConversationPick(
            "channel",
            "Channel",
            include=("public", "private"),
            exclude_bot_users=True,
            default_to_current_conversation=True,
        ),
        ConversationPicks("channels", "Channels", exclude_external_shared_channels=True, required=False, at_most=5),
        Day("day", "Day"),
        Hour("hour", "Hour"),
        Moment("moment", "Moment"),
        Url("url", "Url"),
        Email("email", "E-mail"),
        File("file", "File", filetypes=("csv",), required=False),
    ),
)
IDS = st.from_regex(r"[A-Z0-9]{2,8}", fullmatch=True)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=2, max_size=20)
PICKED = st.builds(Picked, WORDS, WORDS)
ORDERED = st.sets(st.sampled_from("abc"), max_size=2).map(lambda found: tuple(sorted(found)))
ANSWERS = {
    "text": WORDS | st.none(),
    "number": st.integers(1, 99),
    "decimal": st.decimals(-1000, 1000, places=2),
    "choice": st.sampled_from("abc"),
    "radio": st.sampled_from("12345"),
    "checks": ORDERED,
    "choices": ORDERED.filter(bool),
    "flag": st.booleans(),
    "lookup": PICKED,
    "lookups": st.lists(PICKED, max_size=3, unique_by=lambda picked: picked.id).map(tuple),
    "member": IDS.map("U{}".format),
    "members": st.lists(IDS.map("W{}".format), unique=True).map(tuple),
    "channel": IDS.map("C{}".format),
    "channels": st.lists(IDS.map("G{}".format), max_size=5, unique=True).map(tuple),
    "day": st.dates(),
    "hour": st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    "moment": st.integers(10**9, 10**10 - 1).map(lambda epoch: dt.datetime.fromtimestamp(epoch, dt.UTC)),
    "url": st.just("https://example.com/a?b=c"),
    "email": st.just("ana@example.com"),
}


def kept(view):
    """Return the view as Slack sends it back when nothing is touched."""
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = {"type": element["type"]}
        for key, value in element.items():
            if key == "initial_value":
                entry["value"] = value
            elif key.startswith("initial_"):
                entry[key.replace("initial", "selected")] = value
        values[block["block_id"]] = {element["action_id"]: entry}
    return {**view, "state": {"values": values}}


def submitted(name, **entry):
    return {"blocks": [{"block_id": name}], "state": {"values": {name: {name: entry}}}}


def complaint(field, **entry):
    with pytest.raises(FieldError) as caught:
        field.read(entry)
    return str(caught.value)


def picked(value):
    return {"text": {"type": "plain_text", "text": value}, "value": value}


@settings(max_examples=60)
@given(st.fixed_dictionaries(ANSWERS))
def test_what_a_view_shows_is_what_is_read(answers):
    view = EVERYTHING.view(answers, metadata={"id": "1"})
    assert problems(view, "modal") == []
    assert EVERYTHING.read(kept(view)) == {**answers, "file": ()}
    typed = EVERYTHING.state(kept(view))
    assert typed == {name: value for name, value in answers.items() if value not in (None, ())}
    assert read_metadata(view) == {"id": "1"}


def test_an_empty_view_is_sound_and_reports_every_missing_answer_at_once():
    view = EVERYTHING.view()
    assert problems(view, "modal") == []
    with pytest.raises(FieldErrors) as caught:
        EVERYTHING.read(kept(view))
    required = {field.name for field in EVERYTHING.fields if field.required}
    assert set(caught.value.errors) == required
    assert caught.value.errors["number"] == "Number: write a number."


def test_errors_name_the_block_of_the_view():
    view = kept(CHECKIN.view({"note": "hi"}, shown={"rating", "note"}, before=[divider()]))
    with pytest.raises(FieldErrors) as caught:
        CHECKIN.read(view)
    message = "How did it leave them: choose one."
    assert caught.value.response() == {"response_action": "errors", "errors": {"rating": message}}
    assert "rating" in str(caught.value)


NOTE = Form(
    "note",
    "A note",
    "Save",
    (
        Text("what", "What?"),
        Text("why", "Why?", required=False),
        Day("on", "When?"),
        Choice("how", "How?", options=(Option("loud", "Aloud"), Option("low", "In a low voice"))),
    ),
)
SHOWN = {"what": "a plan", "why": None, "on": dt.date(2026, 5, 12), "how": "loud"}


def test_what_somebody_else_changed_stays_where_a_form_left_it_as_it_was():
    kept = {**SHOWN, "why": "for the launch", "how": "low"}
    said = {**SHOWN, "what": "two plans", "how": "low"}
    assert NOTE.merge(said, kept, stamps(SHOWN)) == {**kept, "what": "two plans"}
    assert NOTE.merge(said, kept, {}) == said


def test_what_two_people_change_at_once_is_asked_at_its_field():
    kept = {"what": "two plans", "why": None, "on": dt.date(2026, 5, 13), "how": "low"}
    shown = {**SHOWN, "why": "for the launch", "how": "aside"}
    said = {"what": "three plans", "why": "for spring", "on": dt.date(2026, 5, 14), "how": "loud"}
    with pytest.raises(FieldErrors) as caught:
        NOTE.merge(said, kept, stamps(shown))
    told = {name: sentence.partition(" meanwhile.")[0] for name, sentence in caught.value.errors.items()}
    assert told == {
        "what": "Somebody changed this to “two plans”",
        "why": "Somebody cleared this",
        "on": "Somebody changed this to “Wed 13 May”",
        "how": "Somebody changed this to “In a low voice”",
    }


def test_whitespace_is_no_answer():
    with pytest.raises(FieldErrors) as caught:
        CHECKIN.read(submitted("note", value=" \n\t "))
    assert caught.value.errors == {"note": "Write a sentence about what happened."}


def test_a_field_that_is_not_in_the_view_is_not_read_unless_it_must_be():
    assert CHECKIN.read(submitted("note", value=" hi\x00 ")) == {"note": "hi"}
    assert CHECKIN.read({"state": {"values": {"note": {"note": {"value": "hi"}}}}}) == {"note": "hi"}
    with pytest.raises(FieldErrors) as caught:
        CHECKIN.read({}, always={"client"})
    assert caught.value.errors == {"client": "Client: pick one from the list."}


def test_what_is_half_typed_is_kept():
    text = EVERYTHING["text"]
    assert EVERYTHING.state(submitted("text", value=" x")) == {"text": " x"}
    assert complaint(text, value="x") == "Write at least 2 characters; so far there are 1."
    assert EVERYTHING.state(submitted("email", value="ana@")) == {"email": "ana@"}
    assert EVERYTHING.state(submitted("choice", selected_option=picked("z"))) == {}
    assert EVERYTHING.state(submitted("flag", selected_options=[])) == {"flag": False}
    assert EVERYTHING.state(None) == {}


def test_answers_that_cannot_be_used_say_what_to_do():
    number = EVERYTHING["number"]
    assert complaint(number, value="many") == "Write a number from 1 to 99, in digits."
    assert complaint(number, value="2.5") == "Write a whole number from 1 to 99."
    assert complaint(number, value="100") == "Write a number from 1 to 99."
    assert complaint(Number("n", "N", minimum=1), value="0") == "Write a number of at least 1."
    assert complaint(Number("n", "N", maximum=1), value="2") == "Write a number of at most 1."
    assert complaint(EVERYTHING["text"], value="x" * 51) == "Shorten this to 50 characters; now there are 51."
    assert complaint(EVERYTHING["choice"], selected_option=picked("z")).startswith("Choose from the list")
    assert complaint(EVERYTHING["choices"], selected_options=[picked(v) for v in "abc"]) == "Choose at most 2."
    assert complaint(EVERYTHING["lookup"], selected_option={"value": ""}) == "Pick one from the list."
    assert complaint(EVERYTHING["member"], selected_user="nobody") == "Pick from the list."
    assert complaint(EVERYTHING["day"], selected_date="2026-02-30") == "Pick a date that exists."
    assert complaint(EVERYTHING["day"], selected_date=[]) == "Pick a date that exists."
    assert complaint(EVERYTHING["hour"], selected_time="25:00") == "Pick a time such as 09:30."
    assert complaint(EVERYTHING["moment"], selected_date_time=5) == "Pick a day and a time."
    assert complaint(EVERYTHING["url"], value="javascript:alert(1)").startswith("Paste a link")
    assert complaint(EVERYTHING["url"], value="https://[").startswith("Paste a link")
    assert complaint(EVERYTHING["email"], value="ana").startswith("Write an e-mail")
    assert complaint(EVERYTHING["file"], files=[{}]) == "Choose the file again."
    assert complaint(Flag("f", "Agree?", required=True)) == "Agree: tick the box to go on."


def test_a_file_is_an_id_and_a_name():
    assert EVERYTHING.read(submitted("file", files=[{"id": "F1", "name": "clients.csv", "url_private": "x"}])) == {
        "file": (Upload("F1", "clients.csv"),)
    }


def test_a_decimal_stays_exact():
    assert EVERYTHING["decimal"].read({"value": "0.10"}) == Decimal("0.10")


def test_a_moment_has_a_zone():
    with pytest.raises(ValueError, match="zone"):
        EVERYTHING["moment"].block(dt.datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("line", "value", "rest"),
    [
        ("4 paused when asked", "4", "paused when asked"),
        ("  4", "4", ""),
        ("4, paused", "4", "paused"),
        ("4: paused", "4", "paused"),
        ("4 - paused", "4", "paused"),
        ("4. Paused", "4", "Paused"),
        ("Warm and kind", "4", "and kind"),
        ("COLD: no answer", "1", "no answer"),
        ("🙂 good call", "4", "good call"),
        ("🙂\ufe0f good", "4", "good"),
        ("☺ good", "5", "good"),
        ("🙂thanks", "4", "thanks"),
        (":slightly_smiling_face: good", "4", "good"),
        (":cold_face:, no", "1", "no"),
    ],
)
def test_a_rating_is_read_at_the_start_of_a_line(line, value, rest):
    assert RATING.take(line) == (value, rest)


@pytest.mark.parametrize(
    "line",
    [
        "4th of May",
        "4pm call",
        "2026 plan",
        "4.5 hours",
        "4:30 call",
        "4-5 people",
        "6 people",
        "44",
        "we met 4",
        "",
        "warmth",
        "🙂\u200d↔️ no",
        "coo\u017f",
        "\ufe0f",
    ],
)
def test_a_line_without_a_rating_is_left_whole(line):
    assert RATING.take(line) == (None, line)


def test_usage_and_help_come_from_the_fields():
    assert CHECKIN.usage() == "/checkin [client] 1–5 note"
    assert CHECKIN.help() == [
        "Client",
        "How did it leave them? (your best read): 1 Cold, 2 Cool, 3 Neutral, 4 Warm, 5 Glowing",
        "What happened?",
    ]
    optional = Choice("kind", "Kind", options=FEW, required=False)
    assert (optional.usage(), optional.describe()) == ("[a|b|c]", "Kind (optional): A, B, C")
    assert Text("why", "Why", required=False).usage() == "[why]"


def test_a_form_declared_wrongly_is_refused():
    twice = (Text("a", "A"), Text("a", "A"))
    with pytest.raises(ValueError, match="names"):
        Form("f", "F", "Save", twice)
    with pytest.raises(ValueError, match="focus"):
        Form("f", "F", "Save", (Text("a", "A", focus=True), Text("b", "B", focus=True)))


@pytest.mark.parametrize("packed", ["", "{", "[]", "1", '{"a": 1}', None, [], "[" * 100_000])
def test_metadata_that_is_not_ours_is_nothing(packed):
    assert read_metadata({"private_metadata": packed}) == {}
    assert read_metadata(packed) == {}


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["a", "U1"])
KEYS = st.sampled_from(
    [
        "value",
        "text",
        "id",
        "files",
        "selected_option",
        "selected_options",
        "selected_user",
        "selected_users",
        "selected_date",
        "selected_time",
        "selected_date_time",
        "selected_conversation",
        "selected_conversations",
    ]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
NAMES = st.sampled_from([field.name for field in EVERYTHING.fields])
ENTRIES = st.dictionaries(NAMES, st.dictionaries(NAMES, JSON, max_size=3) | JSON, max_size=6)
VIEWS = JSON | st.fixed_dictionaries(
    {"state": JSON | st.fixed_dictionaries({"values": ENTRIES | JSON})},
    optional={"blocks": JSON | st.lists(st.fixed_dictionaries({"block_id": NAMES | JSON}) | JSON, max_size=4)},
)


def outcome(view):
    """Return the values read and the errors shown; one of them is empty."""
    try:
        return EVERYTHING.read(view), {}
    except FieldErrors as errors:
        return {}, errors.errors


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS)
def test_no_payload_raises_anything_but_field_errors(view):
    values, errors = outcome(view)
    assert set(values) <= {field.name for field in EVERYTHING.fields}
    assert all(errors.values())
    EVERYTHING.state(view)
    read_metadata(view)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, st.dictionaries(KEYS, JSON, max_size=4))
def test_no_entry_of_a_field_raises_anything_but_field_errors(name, entry):
    view = {"state": {"values": {name: {name: entry}}}}
    values, errors = outcome(view)
    assert [*values, *errors] == [name]
    EVERYTHING.state(view)

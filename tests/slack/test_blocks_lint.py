import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slackblocks import _limits

from bot.slack import blocks, limits
from bot.slack.blocks_lint import Surface, fit, problems
from bot.slack.text import Markup, escape

OPTIONS = [blocks.option("One", "1"), blocks.option("Two", "2")]


def said(payload, surface="message"):
    return {(problem.path, problem.rule) for problem in problems(payload, surface)}


def message(*parts, text="A sentence."):
    return blocks.message(text, parts)


def modal(*parts, submit="Save", **extra):
    return blocks.modal("Title", parts, callback_id="form", submit=submit, **extra)


def asked(element, **extra):
    return {"type": "input", "label": blocks.plain("Label"), "element": element, **extra}


def box(**extra):
    return {"type": "plain_text_input", "action_id": "a", **extra}


def menu(kind="static_select", options=OPTIONS, **extra):
    return {"type": kind, "action_id": "m", "options": options, **extra}


def table(rows, columns, word="x"):
    cells = [{"type": "raw_text", "text": word}] * columns
    return {"type": "data_table", "caption": "Caption", "rows": [cells] * rows}


def chart(series=1, points=1, title="Title", label="May"):
    data = [{"label": label, "value": number} for number in range(points)]
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "line", "series": [{"name": "n", "data": data}] * series},
    }


SOUND = [
    blocks.header("Head"),
    blocks.section(Markup("*Body*"), fields=[Markup("one")], accessory=blocks.overflow("more", OPTIONS)),
    blocks.plain_section("Body", block_id="plain"),
    blocks.context(Markup("small"), {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "i"}),
    blocks.divider(),
    blocks.actions(
        blocks.button(
            "Go",
            "go",
            value="1",
            style="danger",
            url="https://example.com",
            accessibility_label="Go on",
            confirm=blocks.confirm("Sure?", "This deletes 3 notes.", "Delete", "Keep"),
        ),
        menu(option_groups=[{"label": blocks.plain("Group"), "options": OPTIONS}], initial_option=OPTIONS[0]),
        block_id="row",
    ),
    blocks.image("https://example.com/i.png", "A chart", title="Spark"),
]
INPUTS = [
    asked(box(max_length=20, initial_value="hello", focus_on_load=True), hint=blocks.plain("Hint"), block_id="i1"),
    asked(menu("radio_buttons", initial_option=OPTIONS[0]), block_id="i2"),
    asked(menu("checkboxes", initial_options=OPTIONS), block_id="i3"),
    asked({"type": "datepicker", "action_id": "d", "initial_date": "2024-02-29"}),
    asked({"type": "timepicker", "action_id": "t", "initial_time": "23:59", "timezone": "Europe/Berlin"}),
    asked({"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1_778_751_000}),
    asked({"type": "file_input", "action_id": "f", "max_files": 2}),
]


def test_sound_payloads_have_no_problems_and_fit_as_they_are():
    sound: list[tuple[Surface, Any]] = [
        ("message", message(*SOUND, table(2, 2), chart())),
        ("modal", modal(*SOUND, *INPUTS, blocks.alert("Mind", level="warning"), metadata={"id": "1"})),
        ("home", blocks.home([*SOUND, {"type": "container", "child_blocks": SOUND}])),
    ]
    for surface, payload in sound:
        assert problems(payload, surface) == []
        assert fit(payload, surface) == payload


LONG = "x" * 50_000
BROKEN = [
    (message(text=""), "text", "empty"),
    ({"blocks": [blocks.divider()]}, "text", "empty"),
    (message(text=LONG), "text", "long"),
    (message(*[blocks.divider()] * 51), "blocks", "many"),
    (message(blocks.header(LONG)), "blocks[0].text.text", "long"),
    (message({"type": "header", "text": blocks.mrkdwn(Markup("x"))}), "blocks[0].text.type", "plain"),
    (message({"type": "header"}), "blocks[0].text", "empty"),
    (message(blocks.section(Markup("  "))), "blocks[0].text.text", "empty"),
    (message(blocks.section(Markup(LONG))), "blocks[0].text.text", "long"),
    (message(blocks.section(None, fields=[Markup("x")] * 11)), "blocks[0].fields", "many"),
    (message(blocks.section(None, fields=[Markup(LONG)])), "blocks[0].fields[0].text", "long"),
    (message(blocks.section(None)), "blocks[0].text", "empty"),
    (message(blocks.context(*[Markup("x")] * 11)), "blocks[0].elements", "many"),
    (message(blocks.actions()), "blocks[0].elements", "few"),
    (message(blocks.actions(*[blocks.button("x", f"b{n}") for n in range(26)])), "blocks[0].elements", "many"),
    (message(blocks.actions(blocks.button("a", "b"), blocks.button("c", "b"))), "blocks[0].elements[1]", "duplicate"),
    (message(blocks.actions(blocks.button(LONG, "b"))), "blocks[0].elements[0].text.text", "long"),
    (message(blocks.actions(blocks.button("x", "b", value=LONG))), "blocks[0].elements[0].value", "id"),
    (message(blocks.actions(blocks.button("x", LONG))), "blocks[0].elements[0].action_id", "id"),
    (message(blocks.actions(blocks.button("x", "b", url="javascript:1"))), "blocks[0].elements[0].url", "url"),
    (message(blocks.actions(blocks.button("x", "b") | {"style": "red"})), "blocks[0].elements[0].style", "value"),
    (
        message(blocks.actions(blocks.button("x", "b", confirm=blocks.confirm(LONG, "x", "y", "n")))),
        "blocks[0].elements[0].confirm.title.text",
        "long",
    ),
    (
        message(blocks.actions(blocks.button("x", "b", confirm=blocks.confirm("t", "x", "y", "")))),
        "blocks[0].elements[0].confirm.deny.text",
        "empty",
    ),
    (message(blocks.actions(box())), "blocks[0].elements[0]", "type"),
    (message(blocks.actions(blocks.overflow("o", OPTIONS * 3))), "blocks[0].elements[0].options", "many"),
    (message(blocks.section(Markup("x"), accessory=menu(options=[]))), "blocks[0].accessory.options", "few"),
    (message(blocks.section(Markup("x"), accessory={"type": "knob"})), "blocks[0].accessory", "type"),
    (message(blocks.divider() | {"block_id": LONG}), "blocks[0].block_id", "id"),
    (message(*[blocks.divider() | {"block_id": "d"}] * 2), "blocks[1].block_id", "duplicate"),
    (message(blocks.image("ftp://example.com", "i")), "blocks[0].image_url", "url"),
    (message({"type": "image", "alt_text": "i"}), "blocks[0]", "url"),
    (message(blocks.alert("x")), "blocks[0]", "surface"),
    (message({"type": "mystery"}), "blocks[0]", "surface"),
    (message(None), "blocks[0]", "surface"),
    (message(*[{"type": "markdown", "text": "x" * 7000}] * 2), "blocks[1].text", "long"),
    (message(*[{"type": "markdown", "text": "x" * 12000}] * 2), "blocks[1].text", "long"),
    (message({"type": "table", "rows": [[{}]] * 101}), "blocks[0].rows", "many"),
    (message(*[{"type": "table", "rows": [[{}]]}] * 2), "blocks[1]", "surplus"),
    (message(table(1, 2)), "blocks[0].rows", "few"),
    (message(table(202, 2)), "blocks[0].rows", "many"),
    (message(table(2, 21)), "blocks[0].rows[0]", "many"),
    (message(table(50, 2, "x" * 500)), "blocks[0].rows", "many"),
    (message(table(2, 2, "")), "blocks[0].rows[0][0]", "shape"),
    (message(table(2, 2) | {"page_size": 0}), "blocks[0].page_size", "value"),
    (message(table(2, 2) | {"rows": [[{"text": "a"}], [{"text": "b"}] * 2]}), "blocks[0].rows", "shape"),
    (message(*[chart()] * 3), "blocks[2]", "surplus"),
    (message(chart(series=13)), "blocks[0].chart.series", "many"),
    (message(chart(points=21)), "blocks[0].chart.series[0].data", "many"),
    (message(chart(title=LONG)), "blocks[0].title", "long"),
    (message(chart(label=LONG)), "blocks[0].chart.series[0].data[0].label", "long"),
    (message(chart() | {"chart": {"type": "cake"}}), "blocks[0].chart", "type"),
    (
        message(chart() | {"chart": {"type": "pie", "segments": [{"label": "a", "value": "b"}]}}),
        "blocks[0].chart.segments[0]",
        "value",
    ),
    (message({"type": "card", "title": blocks.plain(LONG), "actions": []}), "blocks[0].actions", "few"),
    (message({"type": "carousel", "elements": [blocks.divider()]}), "blocks[0].elements[0]", "surface"),
    (message({"type": "plan", "tasks": [{}] * 51}), "blocks[0].tasks", "many"),
]
BROKEN_MODALS = [
    (modal(*[blocks.divider()] * 101), "blocks", "many"),
    (modal({"type": "markdown", "text": "x"}), "blocks[0]", "surface"),
    (modal(table(2, 2)), "blocks[0]", "surface"),
    (modal(asked(box(max_length=3001))), "blocks[0].element.max_length", "value"),
    (modal(asked(box(max_length=2, min_length=3))), "blocks[0].element.min_length", "value"),
    (modal(asked(box(max_length=2, initial_value="abc"))), "blocks[0].element.initial_value", "long"),
    (modal(asked(box(placeholder=blocks.plain(LONG)))), "blocks[0].element.placeholder.text", "long"),
    (modal(asked(box()) | {"label": blocks.plain(LONG)}), "blocks[0].label.text", "long"),
    (modal(asked(box()) | {"hint": blocks.mrkdwn(Markup("x"))}), "blocks[0].hint.type", "plain"),
    (modal(*[asked(box(focus_on_load=True))] * 2), "blocks[1].element.focus_on_load", "focus"),
    (modal(*[asked(box(), block_id="same")] * 2), "blocks[1].block_id", "duplicate"),
    (modal(asked(menu(options=OPTIONS * 51))), "blocks[0].element.options", "many"),
    (modal(asked(menu(options=[*OPTIONS, OPTIONS[0]]))), "blocks[0].element.options[2]", "duplicate"),
    (modal(asked(menu(options=[blocks.option("x", LONG)]))), "blocks[0].element.options[0].value", "id"),
    (modal(asked(menu(options=[blocks.option(LONG, "x", LONG)]))), "blocks[0].element.options[0].text.text", "long"),
    (modal(asked(menu(initial_option=blocks.option("3", "3")))), "blocks[0].element.initial_option", "value"),
    (
        modal(asked(menu("checkboxes", initial_options=[blocks.option("3", "3")]))),
        "blocks[0].element.initial_options[0]",
        "value",
    ),
    (modal(asked(menu("radio_buttons", options=OPTIONS * 6))), "blocks[0].element.options", "many"),
    (modal(asked(menu(option_groups=[]))), "blocks[0].element.option_groups", "few"),
    (
        modal(asked({"type": "datepicker", "action_id": "d", "initial_date": "2026-02-30"})),
        "blocks[0].element.initial_date",
        "value",
    ),
    (
        modal(asked({"type": "timepicker", "action_id": "t", "initial_time": "9:00"})),
        "blocks[0].element.initial_time",
        "value",
    ),
    (
        modal(asked({"type": "timepicker", "action_id": "t", "timezone": "Mars/North"})),
        "blocks[0].element.timezone",
        "value",
    ),
    (
        modal(asked({"type": "datetimepicker", "action_id": "t", "initial_date_time": "soon"})),
        "blocks[0].element.initial_date_time",
        "value",
    ),
    (modal(asked({"type": "file_input", "max_files": 11})), "blocks[0].element.max_files", "value"),
    (modal(asked(blocks.button("x", "b"))), "blocks[0].element", "type"),
    (modal() | {"title": blocks.plain(LONG)}, "title.text", "long"),
    (modal() | {"close": blocks.mrkdwn(Markup("x"))}, "close.type", "plain"),
    (modal(*[blocks.section(Markup("x" * 3000))] * 99), "blocks", "many"),
]


@pytest.mark.parametrize(
    ("payload", "surface", "path", "rule"),
    [(payload, "message", path, rule) for payload, path, rule in BROKEN]
    + [(payload, "modal", path, rule) for payload, path, rule in BROKEN_MODALS],
)
def test_what_slack_refuses_is_found_and_mended(payload, surface, path, rule):
    before = copy.deepcopy(payload)
    assert (path, rule) in said(payload, surface)
    assert problems(fit(payload, surface), surface) == []
    assert payload == before


def test_what_no_cutting_mends_is_reported_and_left():
    view = modal(asked(box()), submit=None) | {"callback_id": LONG, "private_metadata": LONG, "title": None}
    found = {("submit", "submit"), ("callback_id", "id"), ("private_metadata", "id"), ("title", "empty")}
    assert said(view, "modal") == found
    assert fit(view, "modal") == view
    assert ("type", "type") in said(view, "home")


def test_a_dangerous_button_never_loses_its_question():
    broken = blocks.button("Forget", "forget", confirm=blocks.confirm("", "x", "y", "n"))
    assert fit(message(blocks.section(Markup("x")), blocks.actions(broken)), "message")["blocks"] == [
        blocks.section(Markup("x"))
    ]


def test_options_and_what_they_start_with_are_shortened_alike():
    long = blocks.option("x" * 80, "1")
    element = fit(modal(asked(menu(options=[long], initial_option=long))), "modal")["blocks"][0]["element"]
    assert element["initial_option"] == element["options"][0]


def test_metadata_that_would_be_refused_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="3000"):
        modal(metadata={"note": LONG})


def test_another_librarys_table_of_limits_agrees():
    pairs = {
        "HEADER": "HEADER_TEXT_MAX_LENGTH",
        "TEXT": "SECTION_TEXT_MAX_LENGTH",
        "SECTION_FIELDS": "SECTION_FIELDS_MAX_ITEMS",
        "SECTION_FIELD": "SECTION_FIELDS_ITEM_MAX_LENGTH",
        "ACTIONS": "ACTIONS_ELEMENTS_MAX_ITEMS",
        "ALERT": "ALERT_TEXT_MAX_LENGTH",
        "PLACEHOLDER": "SELECT_PLACEHOLDER_MAX_LENGTH",
        "BUTTON_TEXT": "BUTTON_TEXT_MAX_LENGTH",
        "OVERFLOW": "OVERFLOW_OPTIONS_MAX_ITEMS",
        "RADIO": "RADIO_BUTTONS_OPTIONS_MAX_ITEMS",
        "CONFIRM_TEXT": "CONFIRMATION_TEXT_MAX_LENGTH",
        "CONFIRM_BUTTON": "CONFIRMATION_DENY_MAX_LENGTH",
        "DATA_TABLE_ROWS": "DATA_TABLE_ROWS_MAX_ITEMS",
        "DATA_TABLE_TEXT": "DATA_TABLE_CONTENT_MAX_LENGTH",
        "CHART_TITLE": "DATA_VISUALIZATION_TITLE_MAX_LENGTH",
        "CHART_SERIES": "DATA_VISUALIZATION_SERIES_MAX_ITEMS",
        "CHART_LABEL": "DATA_VISUALIZATION_POINT_LABEL_MAX_LENGTH",
        "MARKDOWN": "MARKDOWN_TEXT_MAX_LENGTH",
    }
    ours = {mine: getattr(limits, mine) for mine in pairs}
    assert ours == {mine: getattr(_limits, theirs) for mine, theirs in pairs.items()}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(st.tuples(st.text(), st.integers(0, 4000)), max_size=60))
def test_any_words_fit(words):
    sections = [blocks.section(escape(word * size)) for word, size in words if len(word) * size < 20_000]
    safe = fit(blocks.message("".join(word for word, _ in words), sections), "message")
    assert problems(safe, "message") == []
    assert len(safe["blocks"]) <= limits.MESSAGE_BLOCKS


KEYS = [
    "type",
    "text",
    "fields",
    "elements",
    "accessory",
    "element",
    "options",
    "label",
    "block_id",
    "action_id",
    "rows",
    "chart",
    "title",
    "initial_option",
    "initial_options",
    "option_groups",
    "value",
    "url",
    "image_url",
    "max_length",
    "timezone",
    "focus_on_load",
    "confirm",
    "child_blocks",
    "page_size",
    "initial_date_time",
]
KINDS = [
    "section",
    "input",
    "actions",
    "context",
    "header",
    "plain_text",
    "mrkdwn",
    "button",
    "static_select",
    "image",
    "checkboxes",
    "plain_text_input",
    "data_table",
    "data_visualization",
    "pie",
    "container",
    "markdown",
    "card",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=150)
@given(st.lists(ANYTHING, max_size=5), st.sampled_from(["message", "home"]))
def test_whatever_the_blocks_are_the_rest_is_sent(parts, surface):
    payload = message(*parts) if surface == "message" else blocks.home(parts)
    assert problems(fit(payload, surface), surface) == []

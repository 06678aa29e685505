"""The check-in form: what it asks, what it carries, what it reads."""

import uuid

import pytest

from bot.practices.checkins import forms
from bot.practices.checkins.rules import Via
from bot.slack.blocks_lint import problems
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata

NONCE, CLIENT = uuid.uuid4(), uuid.uuid4()


def submitted(**answers):
    kept = {
        "client": {"selected_option": {"text": {"type": "plain_text", "text": "Northwind"}, "value": str(CLIENT)}},
        "feeling": {"selected_option": {"value": "4"}},
        "note": {"value": "Fine"},
    } | answers
    return {"state": {"values": {name: {name: entry} for name, entry in kept.items()}}}


@pytest.mark.parametrize("expanded", [False, True])
def test_both_sizes_of_the_form_are_drawn_as_slack_allows(expanded):
    view = forms.blank(NONCE, expanded=expanded, metadata={"c": str(CLIENT)})
    assert problems(view, "modal") == []
    assert read_metadata(view) == {"c": str(CLIENT), "n": str(NONCE)}


def test_three_answers_are_enough():
    note = forms.read(submitted(), {})
    assert (note.client_id, note.feeling, note.text, note.via) == (CLIENT, 4, "Fine", Via.MODAL)
    assert (note.visibility, note.purpose, note.said_on, note.promise) == ("team", None, None, None)


def test_every_missing_answer_is_named_at_once():
    with pytest.raises(FieldErrors) as refusal:
        forms.read({"state": {"values": {}}}, {})
    assert set(refusal.value.errors) == {"client", "feeling", "note"}


def test_a_client_that_is_no_id_is_refused():
    with pytest.raises(Refused):
        forms.read(submitted(client={"selected_option": {"value": "northwind"}}), {})


@pytest.mark.parametrize(
    ("metadata", "via", "source"),
    [
        ({"s": "C0123456789", "t": "1778578200.000100"}, Via.MESSAGE, ("C0123456789", "1778578200.000100")),
        ({"s": "C0123456789", "t": ""}, Via.MESSAGE, (None, None)),
        ({"s": "C1|<!channel>", "t": "1778578200.000100"}, Via.MESSAGE, (None, None)),
        ({}, Via.MODAL, (None, None)),
    ],
)
def test_a_message_is_linked_only_when_it_looks_like_one(metadata, via, source):
    note = forms.read(submitted(), metadata)
    assert note.via is via
    assert (note.source_channel, note.source_ts) == source

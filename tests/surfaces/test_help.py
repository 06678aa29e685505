import re

import pytest

from bot.practices.catalogue import PRACTICES
from bot.practices.checkins.rules import Feeling
from bot.practices.clients.rules import RESERVED
from bot.slack.blocks_lint import problems
from bot.surfaces import help as helping
from bot.surfaces.card import Cards
from bot.surfaces.commands import OPENS, Desk

VERBS = Desk(PRACTICES, Cards(PRACTICES)).verbs
WORDS = {word for verb in VERBS for word in verb.words}
PANELS = {
    "/checkin": helping.of_checkin,
    "/client": lambda client="", **more: helping.of_client(VERBS, client, **more),
    "/ember": helping.of_ember,
}


def words(panel):
    texts = []
    for block in panel.blocks:
        texts += [part["text"] for part in (block.get("text"), *block.get("elements", ())) if part and "text" in part]
    return "\n".join(str(text) for text in texts)


@pytest.mark.parametrize("command", PANELS)
@pytest.mark.parametrize("client", ["", "Halden", "Müller & <Söhne>`", "N" * 80])
def test_slack_takes_every_help_and_its_title(command, client):
    panel = PANELS[command](client)
    assert problems(panel.as_message(), "message") == []
    assert problems(panel.as_modal(), "modal") == []


@pytest.mark.parametrize("command", PANELS)
def test_help_shows_exactly_three_examples_and_what_to_do_when_it_does_not_work(command):
    panel = PANELS[command]("Halden")
    (tried,) = (block["text"]["text"] for block in panel.blocks if "*Try*" in str(block.get("text", "")))
    assert len(re.findall(r"^`/", tried, re.MULTILINE)) == 3
    assert "Halden" in tried
    assert "When it does not work" in words(panel)


def test_the_help_of_client_names_every_word_that_it_answers_to():
    shown = words(helping.of_client(VERBS))
    assert {"brief", "new", "promise"} <= WORDS
    for verb in VERBS:
        assert verb.example in shown
        assert verb.example.startswith(tuple(f"/client {word}" for word in verb.words)), verb
    assert "`/client list`" in shown
    assert "`/client find budget`" in shown


def test_the_help_of_ember_names_every_word_that_it_answers_to():
    shown = words(helping.of_ember())
    for word in ("today", "list", "find budget", "forget", "channels", *OPENS):
        assert f"`/ember {word}`" in shown


def test_a_client_can_have_any_name_but_a_word_that_ember_listens_to():
    ratings = {word for feeling in Feeling for word in (str(int(feeling)), feeling.word)}
    assert {*("help", "list", "find", "today", "forget", "channels"), *OPENS, *WORDS, *ratings} == RESERVED


def test_the_help_of_checkin_shows_the_syntax_and_the_ratings():
    shown = words(helping.of_checkin())
    assert "/checkin [client] 1–5 note" in shown
    assert "1 cold, 2 cool, 3 neutral, 4 warm, 5 glowing" in shown
    assert "Northwind stands for one of your clients." in shown


def test_a_name_that_stands_for_a_client_is_explained_only_where_it_is_used():
    assert "stands for one of your clients" not in words(helping.of_checkin("Halden"))
    assert "stands for one of your clients" not in words(helping.of_ember("Halden"))
    assert "stands for one of your clients" in words(helping.of_client(VERBS, "Halden"))
    assert "stands for one of your clients" not in words(helping.of_client(VERBS, "Northwind"))


def test_the_help_of_ember_begins_with_today():
    tried = words(helping.of_ember("Halden")).partition("*Try*\n")[2]
    assert tried.startswith("`/ember today` shows what is worth doing now")


def test_what_was_typed_stays_and_is_harmless():
    shown = words(helping.of_ember(unknown="frobnicate <!channel>"))
    assert "&gt; frobnicate" not in shown
    assert "> frobnicate &lt;!channel&gt;" in shown


@pytest.mark.parametrize(
    ("text", "asks"), [("help", True), (" HELP ", True), ("?", True), ("help me", False), ("", False)]
)
def test_a_call_for_help_is_one_word(text, asks):
    assert helping.is_asked_for(text) is asks


@pytest.mark.parametrize(("text", "greets"), [("hi", True), (" Hello ", True), ("hi Northwind", False), ("", False)])
def test_a_greeting_is_one_word(text, greets):
    assert helping.is_greeting(text) is greets

"""A message as the words a person would copy out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.messages import is_nobodys, mentioned, permalink, words_of

NAMES = {"U0ANA": "Ana", "W0TOM": "Tom"}
TEXTS = {
    "hello": "hello",
    "  hello \n": "hello",
    "thanks <@U0ANA> and <@W0TOM|tom>": "thanks @Ana and @Tom",
    "<@U0NEW|newcomer> joined": "@newcomer joined",
    "<@U0NEW> joined": "@someone joined",
    "see <#C0NORTH|northwind> or <#C0ELSE>": "see #northwind or #channel",
    "<!here> <!channel> <!subteam^S0|@design> <!subteam^S0>": "@here @channel @design @subteam",
    "due <!date^1747042200^{date}|12 May>": "due 12 May",
    "<https://northwind.example|the plan>": "the plan (https://northwind.example)",
    "<https://northwind.example>": "https://northwind.example",
    "<northwind.example|northwind.example>": "northwind.example",
    "<mailto:sam@northwind.example|sam@northwind.example>": "sam@northwind.example",
    "<mailto:sam@northwind.example|Sam>": "Sam (mailto:sam@northwind.example)",
    "<http://northwind.example/|northwind.example>": "northwind.example",
    "a &lt; b &amp;&amp; c &gt; d": "a < b && c > d",
    "&amp;lt;@U0ANA&amp;gt;": "&lt;@U0ANA&gt;",
    "a\x00b\x07": "ab",
    "3 < 4": "3 < 4",
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_reads_as_it_is_shown(text):
    assert words_of({"text": text}, NAMES) == TEXTS[text]


def test_a_forwarded_e_mail_gives_its_subject_and_its_body():
    mail = {"mode": "email", "subject": "Plan", "plain_text": "Hello,\nhere it is."}
    assert words_of({"text": "", "files": [mail]}, {}) == "Plan\nHello,\nhere it is."
    short = {"mode": "email", "preview_plain_text": "Hello"}
    assert words_of({"text": "fyi", "files": [short]}, {}) == "fyi\nHello"
    assert words_of({"files": [{"mode": "email", "preview": "Hello"}]}, {}) == "Hello"


def test_a_clip_gives_what_is_said_in_it():
    clip = {"mode": "hosted", "transcription": {"preview": {"content": "Hi, quick update"}}}
    assert words_of({"text": "", "files": [clip]}, {}) == "Hi, quick update"


@pytest.mark.parametrize(
    "files",
    [None, "x", {}, [None], ["x"], [{}], [{"transcription": None}], [{"transcription": {"preview": "x"}}]],
)
def test_files_without_words_add_none(files):
    assert words_of({"text": "hello", "files": files}, {}) == "hello"


def test_attachments_speak_only_where_nothing_else_does():
    shared = [{"text": "from <@U0ANA>", "fallback": "fallback"}, {"fallback": "a &amp; b"}, {}, None]
    assert words_of({"text": "", "attachments": shared}, NAMES) == "from @Ana\na & b"
    assert words_of({"text": "look", "attachments": shared}, NAMES) == "look"
    assert words_of({"attachments": "x"}, NAMES) == ""


def test_who_is_mentioned():
    assert mentioned({"text": "<@U0ANA> <@W0TOM|tom> <@U0ANA> <#C0NORTH> @U0NOT <!here>"}) == {"U0ANA", "W0TOM"}
    assert mentioned({"text": None}) == mentioned({}) == set()


@pytest.mark.parametrize("more", [{}, {"subtype": None}, {"subtype": "file_share"}, {"subtype": "thread_broadcast"}])
def test_what_a_person_says_is_theirs(more):
    assert not is_nobodys({"type": "message", "user": "U0ANA", **more})


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"user": ""}, {"user": None}])
def test_what_a_bot_says_an_edit_and_a_system_line_are_nobodys(more):
    assert is_nobodys({"type": "message", "user": "U0ANA", **more})


def test_a_home_that_is_opened_is_opened_by_a_person():
    assert not is_nobodys({"type": "app_home_opened", "user": "U0ANA"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FILES = st.dictionaries(
    st.sampled_from(["mode", "subject", "plain_text", "preview", "transcription"]), JSON | st.just("email")
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "text": JSON | st.text("<>@#!|^& ampltgU0", max_size=40),
        "files": JSON | st.lists(FILES | JSON),
        "attachments": JSON | st.lists(st.dictionaries(st.sampled_from(["text", "fallback"]), JSON) | JSON),
    },
)


@given(message=MESSAGES)
def test_no_message_is_too_strange(message):
    found = words_of(message, NAMES)
    assert found == found.strip()
    assert "\x00" not in found
    assert all(isinstance(one, str) for one in mentioned(message))


@pytest.mark.parametrize("address", ["https://ours.slack.com/", "https://ours.slack.com"])
def test_a_permalink_is_where_slack_puts_it(address):
    assert (
        permalink(address, "C0NORTH", "1747042200.000100")
        == "https://ours.slack.com/archives/C0NORTH/p1747042200000100"
    )

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import text
from bot.slack.text import Markup, markup


def test_a_template_escapes_what_people_typed_and_keeps_markup():
    assert markup("*{name}* {link}", name="<!channel> & co", link=Markup("<https://example.com|here>")) == (
        "*&lt;!channel&gt; &amp; co* <https://example.com|here>"
    )
    assert markup("{share:.0%} {name!r}", share=0.091, name="<b>") == "9% '&lt;b&gt;'"
    assert isinstance(markup("plain"), Markup)


def test_a_template_names_its_values():
    with pytest.raises(TypeError):
        markup("{0}")


def test_escaping_twice_changes_nothing_and_direction_overrides_are_dropped():
    once = text.escape("a<b\u202e\u2066c")
    assert once == "a&lt;bc"
    assert text.escape(once) == once
    assert text.unescape("&lt;b&gt; &amp;amp;") == "<b> &amp;"


def test_cleaning_drops_controls_and_loses_nothing_else():
    assert text.clean("a\x00b\x07\tc\r\nd\re\ud800") == "ab\tc\nd\ne\ufffd"


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_encoded_and_stays_as_it_is(words):
    cleaned = text.clean(words)
    cleaned.encode("utf-8")
    assert text.clean(cleaned) == cleaned


@given(st.text(), st.integers(0, 40))
def test_shortened_text_fits(words, limit):
    assert len(text.shorten(words, limit)) <= limit
    assert len(text.shorten_markup(text.escape(words), limit)) <= limit


def test_shortening_never_cuts_an_entity_a_link_or_a_joined_emoji():
    assert text.shorten("hello world", 6) == "hello…"
    assert text.shorten("ab\u200dcd", 4) == "ab…"
    assert text.shorten_markup("ab &amp; more", 6) == "ab…"
    assert text.shorten_markup("see <https://example.com|it> now", 12) == "see…"
    assert text.shorten_markup("short", 12) == "short"
    assert text.shorten_markup("long", 0) == ""


def test_bold_stays_on_one_line_and_inside_its_asterisks():
    assert text.bold("5 * 3\n<x>") == "*5 ∗ 3 &lt;x&gt;*"
    assert text.bold("  ") == ""


def test_a_quote_marks_each_line():
    assert text.quote("one\n\n<two>") == "> one\n>\n> &lt;two&gt;"


def test_lines_leave_out_what_is_empty():
    assert text.lines([Markup("*a*"), "", "<b>"]) == "*a*\n&lt;b&gt;"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), ""),
        (("Ana",), "Ana"),
        (("Ana", "Tom"), "Ana and Tom"),
        (("Ana", "Bo", "<Cy>"), "Ana, Bo and &lt;Cy&gt;"),
    ],
)
def test_names_are_listed_as_in_a_sentence(names, says):
    assert text.together(names) == says


def test_an_instant_is_shown_in_the_readers_zone():
    instant = dt.datetime(2026, 5, 14, 9, 30, tzinfo=dt.UTC)
    assert text.when(instant, "14 May | 9:30") == "<!date^1778751000^{date_short_pretty} at {time}|14 May / 9:30>"
    with pytest.raises(ValueError, match="zone"):
        text.when(instant.replace(tzinfo=None), "now")


def test_a_date_is_short():
    assert text.day(dt.date(2024, 5, 14)) == "Tue 14 May"

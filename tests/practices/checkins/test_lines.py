"""One typed line, and what is taken for a name."""

import pytest

from bot.practices.checkins.lines import likely_name, without_name


@pytest.mark.parametrize(
    ("text", "name", "feeling", "words"),
    [
        ("nortwind 4 paused", "Northwind", 4, "paused"),
        ("Nortwind: warm and funny", "Northwind", 4, "and funny"),
        ("northwnd is happy", "Northwind", None, "is happy"),
        ("blu harbor 2 asked for a call", "Blue Harbour", 2, "asked for a call"),
        ("blue 2 asked for a call", "Blue Harbour", 2, "asked for a call"),
        ("acme 5 signed", "Acme Corporation Ltd", 5, "signed"),
        ("the acm 5 signed", "Northwind", None, "the acm 5 signed"),
        ("we met 4 people", "Northwind", None, "we met 4 people"),
        ("met 4 people", "Northwind", None, "met 4 people"),
        ("harbour talks went well", "Blue Harbour", None, "harbour talks went well"),
        ("4 nothing of the name", "Northwind", 4, "nothing of the name"),
        ("warm homes 4 fine", "Warm Homes", 4, "fine"),
        ("nortwind", "Northwind", None, ""),
        ("nortwind\n4 first\nsecond", "Northwind", 4, "first\nsecond"),
        ("", "Northwind", None, ""),
    ],
)
def test_only_what_stands_for_the_name_is_taken_out_of_a_line(text, name, feeling, words):
    heard = without_name(text, name)
    assert (heard.feeling, heard.words) == (feeling, words)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Orchard 4 signed", "Orchard"),
        ("Blue Harbour 🙂 signed", "Blue Harbour"),
        ("Orchard called", "Orchard"),
        ("4 signed", ""),
        ("warm call", ""),
        ("", ""),
    ],
)
def test_the_words_before_a_rating_are_offered_as_a_new_clients_name(text, name):
    assert likely_name(text) == name

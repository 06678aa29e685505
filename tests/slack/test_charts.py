"""A chart is what Slack takes, and a modal does without one."""

import datetime as dt

import pytest

from bot.slack import blocks, limits
from bot.slack.blocks_lint import problems
from bot.slack.panel import Panel

DAYS = ["3 May", "10 May", "17 May"]


def test_each_series_has_a_value_for_each_category_in_order():
    drawn = blocks.chart("Spark", DAYS, {"Now": [80, 61.5, 40], "Usual": [70, 70, 70]}, y_label="Spark in %")
    assert drawn == {
        "type": "data_visualization",
        "title": "Spark",
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": "Now",
                    "data": [
                        {"label": "3 May", "value": 80},
                        {"label": "10 May", "value": 61.5},
                        {"label": "17 May", "value": 40},
                    ],
                },
                {"name": "Usual", "data": [{"label": label, "value": 70} for label in DAYS]},
            ],
            "axis_config": {"categories": DAYS, "y_label": "Spark in %"},
        },
    }


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_messages_and_home_take_every_kind(kind):
    drawn = blocks.chart("Spark", DAYS, {"Now": [1, 2, 3]}, kind=kind, x_label="Day", block_id="spark")
    assert problems(blocks.message("A chart of the spark.", [drawn]), "message") == []
    assert problems(blocks.home([drawn]), "home") == []


def test_a_value_too_few_is_an_error():
    with pytest.raises(ValueError, match="shorter"):
        blocks.chart("Spark", DAYS, {"Now": [1, 2]})


def test_the_linter_knows_a_chart_that_is_too_large():
    many = [f"day {number}" for number in range(limits.CHART_POINTS + 1)]
    drawn = blocks.chart("Spark", many, {"Now": [1.0] * len(many)})
    assert [problem.rule for problem in problems(blocks.message("A chart.", [drawn]), "message")] == ["many"]


def test_a_panel_leaves_its_chart_out_of_a_modal():
    drawn = blocks.chart("Spark", DAYS, {"Now": [1, 2, 3]})
    panel = Panel("Why?", "The spark fell from 80% to 40%.", [drawn, blocks.divider()])
    assert [block["type"] for block in panel.as_message()["blocks"]] == ["data_visualization", "divider"]
    assert [block["type"] for block in panel.as_modal()["blocks"]] == ["divider"]


def test_a_day_to_pick_may_be_chosen_and_has_no_name_but_its_placeholder():
    picker = blocks.datepicker("day", placeholder="Another day", on=dt.date(2026, 5, 12))
    assert picker["initial_date"] == "2026-05-12"
    assert problems(blocks.message("Pick a day.", [blocks.actions(picker)]), "message") == []
    named = picker | {"accessibility_label": "Another day"}
    [problem] = problems(blocks.message("Pick a day.", [blocks.actions(named)]), "message")
    assert problem.message == "invalid additional property: accessibility_label"
    assert blocks.datepicker("day") == {"type": "datepicker", "action_id": "day"}

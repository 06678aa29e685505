import asyncio
import json

import pytest

from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups, first_input, reference, tell, with_typed
from tests.listening import listening


async def test_follow_ups_are_finished_before_the_end():
    done, followups = [], Followups()

    async def work(again):
        await asyncio.sleep(0.05)
        done.append(again)
        if again:
            followups.start("more", work(False))

    followups.start("something", work(True))
    await followups.drain()
    assert done == [True, False]


async def test_a_follow_up_that_hangs_is_stopped_and_gone_when_the_drain_returns():
    ended, followups = [], Followups()

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    task = followups.start("hangs", work())
    await followups.drain(0.05)
    assert (ended, task.cancelled()) == ([True], True)


async def test_a_follow_up_that_fails_is_logged_under_its_name_and_raises_nothing():
    followups = Followups()

    wrote = "what somebody " + "wrote"

    async def work():
        raise ValueError(wrote)

    with listening() as log:
        task = followups.start("something", work())
        await followups.drain()
    assert task.exception() is None
    for part in ("follow-up failed", "what=something", "in work", "ValueError"):
        assert part in log.getvalue()
    assert wrote not in log.getvalue()


def test_references_differ():
    assert len({reference() for _ in range(100)}) > 95


@pytest.mark.parametrize(
    ("envelope", "answer"),
    [
        (Envelope(Kind.COMMAND), {"response_type": "ephemeral", "text": "Sorry, &lt;you&gt;."}),
        (Envelope(Kind.OPTIONS), {"options": []}),
        (
            Envelope(Kind.SUBMISSION, view={"blocks": [{"type": "section"}, 3, {"type": "input", "block_id": "note"}]}),
            {"response_action": "errors", "errors": {"note": "Sorry, <you>."}},
        ),
        (Envelope(Kind.SUBMISSION, view={"blocks": "none"}), None),
        (Envelope(Kind.ACTION), None),
        (Envelope(Kind.EVENT), None),
        (Envelope(Kind.CLOSED), None),
        (Envelope(Kind.OTHER), None),
    ],
)
def test_a_sentence_is_said_where_the_kind_of_request_shows_it(envelope, answer):
    told = tell(envelope, "Sorry, <you>.")
    assert told.status == 200
    assert (json.loads(told.body) if told.body else None) == answer


def test_a_block_without_an_id_is_no_place_for_an_error():
    assert first_input(Envelope(Kind.SUBMISSION, view={"blocks": [{"type": "input"}]})) == ""


def test_what_was_typed_comes_back_whole_up_to_a_limit_and_harmless():
    text = with_typed(Envelope(Kind.COMMAND, typed="one\n<!channel>"), "Sorry.")
    assert text == "Sorry.\nYou typed:\n> one\n> &lt;!channel&gt;"
    assert len(with_typed(Envelope(Kind.COMMAND, typed="x" * 100_000), "Sorry.")) < 13_000

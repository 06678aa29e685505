import asyncio
import datetime as dt

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.elements import ClientSideError
from tests.playground.conftest import hasty


@pytest.fixture
def opened(app, client, me):
    """Open a modal the way an app does: in answer to a command."""

    async def open_it(view):
        async def answer(payload):
            await client.views_open(trigger_id=payload["trigger_id"], view=view)

        app.answer = answer
        await me.command("/checkin")
        app.answer = None
        return await me.modal()

    return open_it


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_a_modal_opens_for_the_person_behind_the_trigger(opened, make):
    modal = await opened(make.modal(make.text("note~2")))
    assert (modal.title, modal.labels(), modal.block("note")["block_id"]) == ("Form", ["Note~2"], "note~2")


async def test_a_trigger_works_once_and_for_three_seconds(me, app, client, make, clock):
    await me.command("/checkin")
    trigger = app.last["trigger_id"]
    await client.views_open(trigger_id=trigger, view=make.modal())
    assert await refusal(client.views_open(trigger_id=trigger, view=make.modal())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=make.modal())) == "invalid_trigger_id"
    await me.command("/checkin")
    clock.advance(dt.timedelta(seconds=3.1))
    late = client.views_open(trigger_id=app.last["trigger_id"], view=make.modal())
    assert await refusal(late) == "expired_trigger_id"


async def test_an_invalid_view_is_refused_and_the_trigger_stays_good(me, app, client, make):
    await me.command("/checkin")
    trigger = app.last["trigger_id"]
    no_submit = make.modal(make.text("note"))
    del no_submit["submit"]
    assert await refusal(client.views_open(trigger_id=trigger, view=no_submit)) == "invalid_arguments"
    large = make.modal(*[{"type": "section", "text": make.plain("x" * 2900)} for _ in range(90)])
    assert await refusal(client.views_open(trigger_id=trigger, view=large)) == "view_too_large"
    await client.views_open(trigger_id=trigger, view=make.modal())


async def test_a_submission_carries_the_state_slack_builds(opened, me, app, make):
    rating = {"type": "radio_buttons", "action_id": "rate", "options": make.options("warm", "cold")}
    day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-05-14"}
    signals = {"type": "multi_static_select", "action_id": "tags", "options": make.options("paused", "blocker")}
    modal = await opened(
        make.modal(
            make.field("rating", rating),
            make.text("note~1"),
            make.field("day", day),
            make.field("signals", signals, optional=True),
            make.field("who", {"type": "users_select", "action_id": "who"}, optional=True),
        )
    )
    answer = await me.submit(rating="warm", note="went well", who=me.member)
    assert answer.ok
    payload = app.last
    assert payload["type"] == "view_submission"
    assert payload["user"]["team_id"] == payload["team"]["id"]
    assert payload["view"]["id"] == modal.id
    assert payload["view"]["state"]["values"] == {
        "rating": {"rate": {"type": "radio_buttons", "selected_option": make.options("warm")[0]}},
        "note~1": {"value": {"type": "plain_text_input", "value": "went well"}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-05-14"}},
        "signals": {"tags": {"type": "multi_static_select", "selected_options": []}},
        "who": {"who": {"type": "users_select", "selected_user": me.id}},
    }
    assert me.modals() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "note"),
        ({"note": "x" * 11}, "note"),
        ({"note": "ok", "odds": "many"}, "odds"),
        ({"note": "ok", "odds": "1.5"}, "odds"),
        ({"note": "ok", "odds": 100}, "odds"),
        ({"note": "ok", "mood": "sunny"}, "mood"),
        ({"note": "ok", "tags": "paused"}, "tags"),
        ({"note": "ok", "day": "soon"}, "day"),
        ({"note": "ok", "mail": "nobody"}, "mail"),
        ({"note": "ok", "unknown": "x"}, "unknown"),
    ],
)
async def test_the_client_refuses_what_slack_would_not_send(opened, me, app, make, values, field):
    await opened(
        make.modal(
            make.text("note", max_length=10),
            make.field(
                "odds",
                {"type": "number_input", "action_id": "v", "is_decimal_allowed": False, "max_value": "99"},
                optional=True,
            ),
            make.field(
                "mood", {"type": "static_select", "action_id": "v", "options": make.options("warm")}, optional=True
            ),
            make.field(
                "tags", {"type": "checkboxes", "action_id": "v", "options": make.options("paused")}, optional=True
            ),
            make.field("day", {"type": "datepicker", "action_id": "v"}, optional=True),
            make.field("mail", {"type": "email_text_input", "action_id": "v"}, optional=True),
        )
    )
    before = len(app.requests)
    with pytest.raises(ClientSideError) as caught:
        await me.submit(**values)
    assert caught.value.field == field
    assert len(app.requests) == before


async def test_errors_stand_under_their_fields_and_what_was_typed_stays(opened, me, app, make):
    modal = await opened(make.modal(make.text("note~7")))
    app.answer = {"response_action": "errors", "errors": {"note~7": "Say more."}}
    answer = await me.submit(note="x")
    assert answer.errors == {"note": "Say more."}
    assert (await me.modal()).errors == {"note": "Say more."}
    assert modal.value("note") == "x"


async def test_errors_for_a_block_that_is_not_there_are_a_failure(opened, me, app, make):
    await opened(make.modal(make.text("note")))
    app.answer = {"response_action": "errors", "errors": {"nothing": "x"}}
    answer = await me.submit(note="x")
    assert answer.error == "invalid_errors"
    assert answer.told == "We had some trouble connecting. Try again?"


async def test_update_keeps_the_view_and_the_text_of_blocks_that_stay(opened, me, app, make):
    modal = await opened(make.modal(make.text("note"), make.text("more")))
    app.answer = {
        "response_action": "update",
        "view": make.modal(make.text("note"), make.text("more~2"), title=make.plain("Next")),
    }
    await me.submit(note="kept", more="lost")
    assert (modal.id, modal.title) == ((await me.modal()).id, "Next")
    assert (modal.value("note"), modal.value("more")) == ("kept", None)


async def test_push_goes_three_high_and_clear_closes_all(opened, me, app, make):
    await opened(make.modal())
    app.answer = {"response_action": "push", "view": make.modal(title=make.plain("Two"))}
    await me.submit()
    await me.submit()
    assert [modal.title for modal in me.modals()] == ["Form", "Two", "Two"]
    assert (await me.submit()).error == "push_limit_reached"
    app.answer = {"response_action": "clear"}
    await me.submit()
    assert me.modals() == []


async def test_a_bad_view_in_the_answer_is_shown_as_trouble(opened, me, app, make):
    await opened(make.modal())
    app.answer = {"response_action": "update", "view": make.modal(*[{"type": "divider"}] * 101)}
    answer = await me.submit()
    assert (answer.error, answer.told) == ("invalid_view", "We had some trouble connecting. Try again?")
    assert answer.problems
    assert len(me.modals()) == 1


@hasty
async def test_a_submission_that_times_out_leaves_the_modal_open(opened, me, app, make):
    await opened(make.modal(make.text("note")))

    async def late(_):
        await asyncio.sleep(1)

    app.answer = late
    assert (await me.submit(note="x")).error == "operation_timeout"
    assert (await me.modal()).value("note") == "x"


async def test_a_view_is_found_by_one_id_and_its_hash_guards_it(opened, client, me, make):
    modal = await opened(make.modal(external_id="mine"))
    old = modal.view["hash"]
    await client.views_update(external_id="mine", hash=old, view=make.modal(external_id="mine"))
    assert await refusal(client.views_update(view_id=modal.id, hash=old, view=make.modal())) == "hash_conflict"
    both = client.api_call("views.update", json={"view_id": modal.id, "external_id": "mine", "view": make.modal()})
    assert await refusal(both) == "invalid_arguments"
    assert await refusal(client.api_call("views.update", json={"view": make.modal()})) == "missing_argument"
    await me.close_modal()
    assert await refusal(client.views_update(view_id=modal.id, view=make.modal())) == "not_found"


async def test_an_external_id_is_used_by_one_open_view(opened, me, app, client, make):
    await opened(make.modal(external_id="mine"))
    await me.shortcut("log")
    again = client.views_open(trigger_id=app.last["trigger_id"], view=make.modal(external_id="mine"))
    assert await refusal(again) == "duplicate_external_id"


async def test_views_push_stacks_at_most_three(opened, me, app, client, make):
    blocks = make.message(make.button("more"))
    await opened(make.modal(*blocks))
    for _ in range(2):
        await me.click("more")
        await client.views_push(trigger_id=app.last["trigger_id"], view=make.modal(*blocks))
    await me.click("more")
    push = client.views_push(trigger_id=app.last["trigger_id"], view=make.modal())
    assert await refusal(push) == "push_limit_reached"
    assert len(me.modals()) == 3


async def test_closing_tells_the_app_only_when_it_asked(opened, me, app, make):
    await opened(make.modal())
    before = len(app.requests)
    await me.close_modal()
    assert len(app.requests) == before
    modal = await opened(make.modal(notify_on_close=True))
    await me.close_modal()
    assert (app.last["type"], app.last["view"]["id"], app.last["is_cleared"]) == ("view_closed", modal.id, False)


async def test_a_button_in_a_modal_carries_what_was_typed(opened, me, app, make):
    await opened(make.modal(make.text("note"), *make.message(make.button("more", value="1"))))
    await me.fill(note="half a thought")
    await me.click("more")
    payload = app.last
    assert payload["view"]["state"]["values"]["note"]["value"]["value"] == "half a thought"
    assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
    assert payload["actions"][0]["value"] == "1"
    assert "response_url" not in payload


async def test_an_external_select_is_searched_and_picked(opened, me, app, make):
    element = {"type": "external_select", "action_id": "client", "min_query_length": 2}
    await opened(make.modal(make.field("client", element)))

    async def suggest(payload):
        names = ["northwind", "northgate", "halden"]
        return {"options": make.options(*[name for name in names if name.startswith(payload["value"].lower())])}

    app.answer = suggest
    assert await me.search("client", "n") == []
    assert [option["value"] for option in await me.search("client", "nor")] == ["northwind", "northgate"]
    assert (app.last["type"], app.last["value"], app.last["block_id"]) == ("block_suggestion", "nor", "client")
    with pytest.raises(ClientSideError, match="does not name one option"):
        await me.fill(client="north")
    await me.fill(client="Northwind")
    app.answer = None
    await me.submit()
    state = app.last["view"]["state"]["values"]["client"]["client"]
    assert state == {"type": "external_select", "selected_option": make.options("northwind")[0]}


async def test_options_slack_cannot_show_are_a_failure(opened, me, app, make):
    await opened(make.modal(make.field("client", {"type": "external_select", "action_id": "client"})))
    app.answer = {"options": make.options("x" * 76)}
    with pytest.raises(ClientSideError, match="could not be loaded"):
        await me.search("client", "nor")


async def test_waiting_for_a_modal_that_never_opens_times_out(me):
    with pytest.raises(TimeoutError):
        await me.modal(timeout=0.01)


async def test_a_double_click_on_submit_sends_the_same_view_twice(opened, me, app, make):
    await opened(make.modal(make.text("note")))
    first, second = await asyncio.gather(me.submit(note="x"), me.submit(note="x"))
    assert first.ok
    assert second.ok
    assert len({payload["view"]["id"] for payload, _ in app.requests if payload.get("type") == "view_submission"}) == 1


async def test_home_is_published_updated_and_guarded_by_its_hash(client, me, slack, make, app):
    home = {"type": "home", "blocks": make.message(make.button("more"))}
    assert me.home() is None
    first = await client.views_publish(user_id=me.id, view=home)
    await client.views_publish(user_id=me.id, view=home, hash=first["view"]["hash"])
    assert await refusal(client.views_publish(user_id=me.id, view=home, hash=first["view"]["hash"])) == "hash_conflict"
    assert await refusal(client.views_publish(user_id=me.id, view=make.modal())) == "invalid_arguments"
    assert await refusal(client.views_publish(user_id="U404", view=home)) == "user_not_found"
    await me.click("more", in_="home")
    assert app.last["view"]["type"] == "home"
    await me.open_home()
    assert app.last["event"]["type"] == "app_home_opened"
    assert app.last["event"]["view"]["id"] == me.home()["id"]


@pytest.fixture
def shown(client, me):
    """Publish blocks as Home, without ids of their own unless one is given; returns the ids they have then."""

    async def publish(*blocks):
        published = await client.views_publish(user_id=me.id, view={"type": "home", "blocks": list(blocks)})
        return [block["block_id"] for block in published["view"]["blocks"]]

    return publish


LINE = {"type": "divider"}


def row(*elements):
    return {"type": "actions", "elements": list(elements)}


def line(words, **extra):
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}} | extra


async def test_what_is_drawn_again_keeps_its_id(shown, make):
    log, label = make.button("log", value="halden"), {"type": "plain_text", "text": "Log it"}
    menu = {"type": "overflow", "action_id": "more", "options": make.options("halden")}
    blocks = [
        LINE,
        row(log),
        LINE,
        row(make.button("log", value="northwind")),
        line("Quiet."),
        line("Due.", accessory=menu),
    ]
    first = await shown(*blocks)
    assert len({*first}) == len(first)
    again = await shown(
        blocks[3], LINE, LINE, row(log | {"text": label}), line("Late.", accessory=menu), line("Quiet.")
    )
    assert again == [first[at] for at in (3, 0, 2, 1, 5, 4)]


async def test_what_is_another_gets_an_id_of_its_own(shown, make):
    menu = {"type": "overflow", "action_id": "more", "options": make.options("halden")}
    opens = make.button("open")
    first = await shown(line("Quiet."), row(menu), line("Halden", accessory=opens), line("Northwind", accessory=opens))
    other = menu | {"options": make.options("northwind")}
    again = await shown(line("Late."), row(other), line("Northwind", accessory=opens))
    assert not {*again[:2]} & {*first}
    assert again[2] == first[3]


async def test_what_is_filled_in_gets_another_id_and_so_does_what_had_one_of_the_apps(shown, make):
    at = {"type": "timepicker", "action_id": "at"}
    first = await shown(row(at), row(make.button("open")) | {"block_id": "of the app"})
    again = await shown(row(at), row(make.button("open")))
    assert not {*again} & {*first}


async def test_an_id_that_the_app_gives_is_not_given_twice(shown):
    (taken,) = await shown(LINE)
    assert (await shown(LINE, LINE | {"block_id": taken}))[0] != taken


async def test_every_kind_of_field_takes_what_a_person_would_say(opened, me, app, make, northwind):
    await opened(
        make.modal(
            make.field("where", {"type": "multi_conversations_select", "action_id": "v"}),
            make.field("at", {"type": "timepicker", "action_id": "v"}),
            make.field("when", {"type": "datetimepicker", "action_id": "v"}),
            make.field("link", {"type": "url_text_input", "action_id": "v"}),
            make.field(
                "odds", {"type": "number_input", "action_id": "v", "is_decimal_allowed": True, "min_value": "1"}
            ),
            make.field("story", {"type": "rich_text_input", "action_id": "v"}),
            make.field("box", {"type": "checkboxes", "action_id": "v", "options": make.options("a", "b")}),
            make.field("who", {"type": "multi_external_select", "action_id": "v"}),
            make.field("kind", {"type": "static_select", "action_id": "v", "options": make.options("call", "chat")}),
        )
    )
    app.answer = {"options": make.options("priya")}
    modal = await me.fill(who=["Priya", make.options("omar")[0]])
    app.answer = None
    assert modal.value("who") == ["priya", "omar"]
    await me.submit(
        {"where": [northwind], "at": dt.time(9, 30), "when": dt.datetime(2026, 5, 14, tzinfo=dt.UTC)},
        link="https://example.com",
        odds=2.5,
        story="It rained.",
        box=["b"],
        kind="Call",
    )
    values = {block: state["v"] for block, state in app.last["view"]["state"]["values"].items()}
    assert values["where"]["selected_conversations"] == [northwind.id]
    assert values["at"]["selected_time"] == "09:30"
    assert values["when"]["selected_date_time"] == 1778716800
    assert values["odds"]["value"] == "2.5"
    assert values["story"]["rich_text_value"]["type"] == "rich_text"
    assert values["box"]["selected_options"][0]["value"] == "b"
    assert values["kind"]["selected_option"]["value"] == "call"


async def test_a_choice_with_dispatch_action_is_told_at_once(opened, me, app, make):
    select = {"type": "static_select", "action_id": "pick", "options": make.options("a", "b")}
    await opened(make.modal(make.field("kind", select, dispatch_action=True)))
    await me.fill(kind="b")
    assert app.last["actions"][0]["selected_option"]["value"] == "b"
    await me.fill(kind=None)
    with pytest.raises(ClientSideError, match="required"):
        await me.submit()


async def test_closing_everything_says_so(opened, me, app, make):
    await opened(make.modal(notify_on_close=True))
    app.answer = {"response_action": "push", "view": make.modal(notify_on_close=True)}
    await me.submit()
    app.answer = None
    await me.close_modal(everything=True)
    assert [payload["is_cleared"] for payload, _ in app.requests if payload.get("type") == "view_closed"] == [
        True,
        True,
    ]
    assert me.modals() == []


async def test_the_words_of_a_modal_can_be_read(opened, make):
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Northwind*"}, "accessory": make.button("more")}
    modal = await opened(make.modal(block, {"type": "context", "elements": [make.plain("19 days")]}))
    assert modal.text() == "*Northwind*\nGo\n19 days"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        ({"type": "modal"}, "invalid_arguments"),
        ({"type": "modal", "blocks": ["x"]}, "invalid_arguments"),
        ({"type": "home", "blocks": []}, "invalid_arguments"),
        ("[", "invalid_arguments"),
    ],
)
async def test_what_is_not_a_modal_is_refused(me, app, client, view, error):
    await me.command("/checkin")
    call = client.api_call("views.open", json={"trigger_id": app.last["trigger_id"], "view": view})
    assert await refusal(call) == error


async def test_a_key_that_slack_does_not_document_is_refused_in_a_modal_too(opened, me, app, client, make):
    says = "[ERROR] invalid additional property: submit_disabled [json-pointer:/view]"
    await me.command("/checkin")
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=app.last["trigger_id"], view=make.modal(submit_disabled=True))
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [says]
    await opened(make.modal())
    app.answer = {"response_action": "update", "view": make.modal(submit_disabled=True)}
    answer = await me.submit()
    assert (answer.error, answer.problems) == ("invalid_view", [says])


async def test_a_key_that_slack_does_not_document_is_refused_in_what_a_search_offers(opened, me, app, make):
    await opened(make.modal(make.field("client", {"type": "external_select", "action_id": "v"})))
    app.answer = {"options": [option | {"colour": "red"} for option in make.options("northwind")]}
    with pytest.raises(ClientSideError, match="invalid additional property: colour"):
        await me.fill(client="Northwind")


async def test_a_push_without_a_modal_below_is_refused(me, app, client, make):
    await me.command("/checkin")
    assert await refusal(client.views_push(trigger_id=app.last["trigger_id"], view=make.modal())) == "not_found"


async def test_an_answer_slack_does_not_know_is_trouble(opened, me, app, make):
    await opened(make.modal())
    app.answer = {"response_action": "dance"}
    answer = await me.submit()
    assert (answer.error, answer.told) == ("invalid_view", "We had some trouble connecting. Try again?")


async def test_a_modal_without_a_button_cannot_be_submitted(opened, me, make):
    modal = await opened(make.modal(submit=None))
    with pytest.raises(ClientSideError, match="no submit button"):
        await me.submit()
    with pytest.raises(KeyError):
        modal.block("nothing")

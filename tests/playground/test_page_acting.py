import asyncio
import datetime as dt

import pytest
from starlette.responses import PlainTextResponse

from tests.playground.conftest import hasty
from tests.playground.tabs import tab_of

TROUBLE = "We had some trouble connecting. Try again?"


@pytest.fixture
def opens(app, client):
    """Let the app open a view for the next trigger, then answer nothing."""

    def set_up(view):
        async def answer(payload):
            if "trigger_id" in payload and payload.get("type") != "view_submission":
                app.answer = None
                await client.views_open(trigger_id=payload["trigger_id"], view=view)

        app.answer = answer

    return set_up


@pytest.fixture
def opened(tab, opens):
    """Open a modal before Ana and return it as her page shows it."""

    async def open_(view):
        opens(view)
        assert (await tab.ask("shortcut", callback_id="log"))["ok"]
        return (await tab.until("views"))["stack"][-1]

    return open_


async def late(_):
    await asyncio.sleep(1)


async def refuse(tab, deed, **ask):
    answer = await tab.ask(deed, **ask)
    assert answer["ok"] is False
    return answer.get("told") or answer["errors"]


async def test_a_command_opens_a_modal_that_is_pushed(tab, opens, make, northwind, app):
    opens(make.modal(make.text("note")))
    assert (await tab.ask("command", channel=northwind.id, name="/checkin", text="4 fine"))["ok"]
    [view] = (await tab.until("views"))["stack"]
    assert (view["title"]["text"], view["blocks"][0]["block_id"], view["errors"]) == ("Form", "note", {})
    assert view["state"]["values"] == {"note": {"value": {"type": "plain_text_input", "value": None}}}
    assert (app.last["command"], app.last["text"], app.last["channel_id"]) == ("/checkin", "4 fine", northwind.id)


async def slackbot_says(tab, channel):
    answer = await tab.ask("command", channel=channel.id, name="/checkin", text="")
    assert (answer["ok"], "told" in answer) == (False, False)
    message = (await tab.until("message"))["message"]
    assert (message["user"], message["only_you"]) == ("USLACKBOT", True)
    return message["text"]


@hasty
async def test_slack_says_what_went_wrong_in_its_own_words(tab, app, slack, northwind, make):
    app.answer = late
    assert await slackbot_says(tab, northwind) == '/checkin failed with the error "operation_timeout"'
    assert await refuse(tab, "shortcut", callback_id="log") == TROUBLE
    app.answer = PlainTextResponse("", status_code=500)
    assert await slackbot_says(tab, northwind) == '/checkin failed with the error "dispatch_failed"'
    app.answer = {"text": "x", "blocks": [{"type": "divider"}] * 51}
    assert await slackbot_says(tab, northwind) == '/checkin failed with the error "invalid_command_response"'
    command = {"channel": northwind.id, "name": "/other", "text": ""}
    assert await refuse(tab, "command", **command) == "/other is not a valid command."
    slack.connect(None)
    assert await refuse(tab, "command", **command | {"name": "/checkin"}) == "No app is connected."


async def test_what_slackbot_says_about_a_command_is_for_whoever_typed_it(tab, toms, app, northwind):
    app.answer = PlainTextResponse("", status_code=500)
    assert "dispatch_failed" in await slackbot_says(tab, northwind)
    assert (await toms.ask("history", channel=northwind.id))["messages"] == []


async def test_a_shortcut_that_is_not_offered_is_not_run(tab, app, northwind):
    assert await refuse(tab, "shortcut", callback_id="keep") == "There is no such shortcut."
    assert app.requests == []


async def test_a_shortcut_on_a_message_carries_the_message(tab, toms, app, northwind):
    ts = (await toms.ask("say", channel=northwind.id, text="They want more"))["ts"]
    assert (await tab.ask("message_shortcut", callback_id="keep", channel=northwind.id, ts=ts))["ok"]
    assert (app.last["type"], app.last["callback_id"], app.last["message"]["text"]) == (
        "message_action",
        "keep",
        "They want more",
    )
    answer = await refuse(tab, "message_shortcut", callback_id="keep", channel=northwind.id, ts="1.2")
    assert answer == "That message is gone."


async def test_a_button_is_pressed_where_it_stands(tab, client, app, northwind, make):
    blocks = make.message(make.button("spoken", value="one"))
    first = await client.chat_postMessage(channel=northwind.id, text="First", blocks=blocks)
    await client.chat_postMessage(channel=northwind.id, text="Second", blocks=blocks)
    place = {"channel": northwind.id, "ts": first["ts"]}
    assert (await tab.ask("action", place=place, block_id="row", action_id="spoken", state={}))["ok"]
    assert (app.last["container"]["message_ts"], app.last["actions"][0]["value"]) == (first["ts"], "one")


async def test_what_was_redrawn_a_moment_ago_is_pressed_as_it_was_seen(tab, client, app, northwind, make, me):
    row = {"type": "actions", "elements": [make.button("spoken", value="one")]}
    posted = await client.chat_postMessage(channel=northwind.id, text="x", blocks=[row])
    home = await client.views_publish(user_id=me.id, view={"type": "home", "blocks": [row]})
    [in_message], [in_home] = posted["message"]["blocks"], home["view"]["blocks"]
    other = {**row, "elements": [make.button("spoken", value="two")]}
    await client.chat_update(channel=northwind.id, ts=posted["ts"], text="x", blocks=[other])
    await client.views_publish(user_id=me.id, view={"type": "home", "blocks": [other]})
    places = ({"channel": northwind.id, "ts": posted["ts"]}, in_message), ({"view": home["view"]["id"]}, in_home)
    for place, seen in places:
        app.requests.clear()
        assert (await tab.ask("action", place=place, block_id=seen["block_id"], action_id="spoken", state={}))["ok"]
        assert app.last["actions"][0]["value"] == "one"


async def test_what_is_not_there_cannot_be_pressed(tab, client, app, northwind, make):
    menu = {"type": "overflow", "action_id": "more", "options": make.options("edit", "delete")}
    posted = await client.chat_postMessage(channel=northwind.id, text="x", blocks=make.message(menu))
    place = {"channel": northwind.id, "ts": posted["ts"]}
    where = {"place": place, "block_id": "row"}
    gone = "That is not there any more."
    assert await refuse(tab, "action", **where, action_id="less", state={}) == gone
    assert await refuse(tab, "action", **where | {"block_id": "other"}, action_id="more", state={}) == gone
    for state in ({}, {"selected_option": {"value": "steal"}}, {"selected_option": "edit"}, {"selected_option": {}}):
        assert "is not offered" in await refuse(tab, "action", **where, action_id="more", state=state)
    assert app.requests == []
    edit = {"selected_option": make.options("edit")[0]}
    assert (await tab.ask("action", **where, action_id="more", state=edit))["ok"]
    assert app.last["actions"][0]["selected_option"]["value"] == "edit"


async def test_what_was_chosen_in_a_message_stays_chosen(tab, client, app, northwind, make):
    select = {"type": "static_select", "action_id": "how", "options": make.options("warm", "cold")}
    posted = await client.chat_postMessage(channel=northwind.id, text="x", blocks=make.message(select))
    place, warm = {"channel": northwind.id, "ts": posted["ts"]}, {"selected_option": make.options("warm")[0]}
    await tab.ask("action", place=place, block_id="row", action_id="how", state=warm)
    [message] = (await tab.ask("history", channel=northwind.id))["messages"]
    assert message["state"]["values"]["row"]["how"]["selected_option"]["value"] == "warm"
    assert app.last["state"]["values"]["row"]["how"]["selected_option"]["value"] == "warm"


KINDS = [
    ({"type": "datepicker"}, {"selected_date": "2026-05-12"}, {"selected_date": "12 May"}),
    ({"type": "timepicker"}, {"selected_time": "09:30"}, {"selected_time": "9.30"}),
    ({"type": "datetimepicker"}, {"selected_date_time": 1780000000}, {"selected_date_time": "soon"}),
    ({"type": "checkboxes", "options": ["a", "b"]}, {"selected_options": ["a"]}, {"selected_options": ["c"]}),
    ({"type": "multi_static_select", "options": ["a", "b"]}, {"selected_options": ["b"]}, {"selected_options": "b"}),
    ({"type": "radio_buttons", "options": ["a", "b"]}, {"selected_option": "b"}, {"selected_option": ["b"]}),
    ({"type": "users_select"}, {"selected_user": "USLACKBOT"}, {"selected_user": "U1"}),
    ({"type": "conversations_select"}, {"selected_conversation": "northwind"}, {"selected_conversation": "C1"}),
    ({"type": "multi_channels_select"}, {"selected_channels": ["northwind"]}, {"selected_channels": ["C1"]}),
    ({"type": "plain_text_input"}, {"value": "words"}, {"value": 7}),
    ({"type": "rich_text_input"}, {"rich_text_value": {"type": "rich_text", "elements": []}}, {"rich_text_value": "x"}),
]


@pytest.mark.parametrize(("element", "right", "wrong"), KINDS, ids=[kind["type"] for kind, _, _ in KINDS])
async def test_a_field_takes_what_fits_it_and_nothing_else(tab, opened, make, northwind, element, right, wrong):
    def spelled(value):
        if isinstance(value, list):
            return [spelled(one) for one in value]
        if value == "northwind":
            return northwind.id
        return make.options(value)[0] if value in ("a", "b", "c") else value

    def state(given):
        return {key: spelled(value) for key, value in given.items()}

    element = {**element, "action_id": "value"}
    if "options" in element:
        element["options"] = make.options(*element["options"])
    view = await opened(make.modal(make.field("field", element)))
    where = {"view": view["id"], "block_id": "field", "action_id": "value"}
    assert (await tab.ask("type", **where, state=state(wrong)))["ok"] is False
    assert (await tab.ask("submit", view=view["id"], values={"field": {"value": {}}}))["errors"] == {
        "field": "Please complete this required field."
    }
    assert (await tab.ask("type", **where, state=state(right)))["ok"]
    assert (await tab.ask("submit", view=view["id"], values={}))["ok"]
    assert (await tab.until("views"))["stack"] == []


async def test_a_form_is_checked_before_it_is_sent_each_field_in_slacks_words(tab, opened, make, app):
    view = await opened(
        make.modal(
            make.text("note", min_length=5),
            make.text("long", max_length=3),
            make.field("many", {"type": "number_input", "action_id": "value", "max_value": "9"}),
            make.field("mail", {"type": "email_text_input", "action_id": "value"}),
            make.field("site", {"type": "url_text_input", "action_id": "value"}),
            make.text("other"),
            make.field("free", {"type": "plain_text_input", "action_id": "value"}, optional=True),
        )
    )  # fmt: skip
    sent = len(app.requests)
    given = {"note": "Hi", "long": "long", "many": "10", "mail": "ana", "site": "example"}
    values = {block: {"value": {"value": text}} for block, text in given.items()}
    assert await refuse(tab, "submit", view=view["id"], values=values) == {
        "note": "Must be at least 5 characters.",
        "long": "Must be at most 3 characters.",
        "many": "Must be at most 9.",
        "mail": "Please enter a valid email address.",
        "site": "Please enter a valid URL.",
        "other": "Please complete this required field.",
    }
    assert len(app.requests) == sent


async def test_the_apps_errors_stand_at_their_fields_until_one_types(tab, opened, make, app):
    view = await opened(make.modal(make.text("note")))
    app.answer = {"response_action": "errors", "errors": {"note": "Not a word about this."}}
    values = {"note": {"value": {"value": "Secret"}}}
    assert await refuse(tab, "submit", view=view["id"], values=values) == {"note": "Not a word about this."}
    [shown] = tab.told("views")[-1]["stack"]
    assert shown["errors"] == {"note": "Not a word about this."}
    assert shown["state"]["values"]["note"]["value"]["value"] == "Secret"
    app.answer = None
    await tab.ask("type", view=view["id"], block_id="note", action_id="value", state={"value": "S"})
    assert (await tab.ask("submit", view=view["id"], values=values))["ok"]


@hasty
async def test_a_submission_that_fails_leaves_the_form_as_it_is(tab, opened, make, app):
    view = await opened(make.modal(make.text("note")))
    values = {"note": {"value": {"value": "Kept"}}}
    app.answer = late
    assert await refuse(tab, "submit", view=view["id"], values=values) == TROUBLE
    app.answer = {"response_action": "dance"}
    assert await refuse(tab, "submit", view=view["id"], values=values) == TROUBLE
    app.answer = None
    assert (await tab.ask("submit", view=view["id"], values={}))["ok"]
    assert app.last["view"]["state"]["values"]["note"]["value"]["value"] == "Kept"


async def test_a_form_without_a_button_is_not_sent(tab, opened, make):
    view = await opened({key: value for key, value in make.modal().items() if key != "submit"})
    assert await refuse(tab, "submit", view=view["id"], values={}) == "This modal has no submit button."


async def test_typing_tells_the_app_only_where_it_asked_for_it(tab, opened, make, app):
    view = await opened(make.modal(make.text("note"), make.text("name")))
    where = {"view": view["id"], "action_id": "value"}
    sent = len(app.requests)
    await tab.ask("type", **where, block_id="note", state={"value": "typed"})
    assert len(app.requests) == sent
    await tab.ask("type", **where, block_id="name", state={"value": "said"}, dispatch=True)
    assert (app.last["type"], app.last["actions"][0]["value"]) == ("block_actions", "said")
    assert app.last["view"]["state"]["values"]["note"]["value"]["value"] == "typed"


async def test_a_search_offers_what_the_app_says_and_only_that_can_be_chosen(tab, opened, make, app):
    element = {"type": "external_select", "action_id": "client", "min_query_length": 0}
    view = await opened(make.modal(make.field("client", element)))
    app.answer = {"options": make.options("northwind", "halden")}
    where = {"block_id": "client", "action_id": "client"}
    found = await tab.ask("options", place={"view": view["id"]}, **where, query="n")
    assert [option["value"] for option in found["options"]] == ["northwind", "halden"]
    assert (app.last["type"], app.last["value"]) == ("block_suggestion", "n")
    app.answer = {"option_groups": [{"label": make.plain("Clients"), "options": make.options("orchard")}]}
    found = await tab.ask("options", place={"view": view["id"]}, **where, query="")
    assert found["option_groups"][0]["options"][0]["value"] == "orchard"
    app.answer = None

    def choice(name):
        return {"client": {"client": {"selected_option": make.options(name)[0]}}}

    assert "is not offered" in await refuse(tab, "submit", view=view["id"], values=choice("invented"))
    assert (await tab.ask("submit", view=view["id"], values=choice("halden")))["ok"]


@hasty
async def test_a_search_that_fails_says_so(tab, opened, make, app):
    element = {"type": "external_select", "action_id": "client", "min_query_length": 0}
    view = await opened(make.modal(make.field("client", element), make.text("note")))
    where = {"place": {"view": view["id"]}, "block_id": "client", "action_id": "client", "query": "n"}
    app.answer = late
    assert await refuse(tab, "options", **where) == "The options could not be loaded: operation_timeout."
    app.answer = {"options": [{"text": "x"}]}
    assert (await refuse(tab, "options", **where)).startswith("The options could not be loaded: option text")
    no = await refuse(tab, "options", **where | {"block_id": "note", "action_id": "value"})
    assert no == "This menu has its own options."


async def test_what_the_app_already_chose_may_stay_chosen(tab, opened, make):
    chosen = make.options("orchard")
    element = {"type": "multi_external_select", "action_id": "who", "initial_options": chosen}
    view = await opened(make.modal(make.field("who", element)))
    values = {"who": {"who": {"selected_options": chosen}}}
    assert (await tab.ask("submit", view=view["id"], values=values))["ok"]


async def test_windows_are_stacked_and_closed_one_by_one_or_together(tab, opened, make, app, client):
    async def push(payload):
        app.answer = None
        await client.views_push(trigger_id=payload["trigger_id"], view=make.modal(notify_on_close=True))

    row = make.message(make.button("more"))
    view = await opened(make.modal(*row, notify_on_close=True))
    for closing in ({}, {"everything": True}):
        app.answer = push
        await tab.ask("action", place={"view": view["id"]}, block_id="row", action_id="more", state={})
        stack = (await tab.until("views", lambda body: len(body["stack"]) == 2))["stack"]
        app.requests.clear()
        assert (await tab.ask("close", view=stack[-1]["id"], **closing))["ok"]
        left = (await tab.until("views"))["stack"]
        assert {payload["type"] for payload, _ in app.requests} == {"view_closed"}
        assert (len(left), len(app.requests)) == ((0, 2) if closing else (1, 1))
    assert await refuse(tab, "close", view=view["id"]) == "That window is closed."


async def test_home_is_opened_published_and_pressed(tab, app, client, ana, make):
    async def publish(payload):
        app.answer = None
        view = {"type": "home", "blocks": make.message(make.button("log"))}
        await client.views_publish(user_id=payload["event"]["user"], view=view)

    app.answer = publish
    assert (await tab.ask("open_home", tab="home"))["ok"]
    view = (await tab.until("home"))["view"]
    assert (app.last["event"]["type"], app.last["event"]["tab"]) == ("app_home_opened", "home")
    assert (await tab.ask("action", place={"view": view["id"]}, block_id="row", action_id="log", state={}))["ok"]
    assert (app.last["container"], app.last["user"]["id"]) == ({"type": "view", "view_id": view["id"]}, ana.id)


async def test_what_lies_before_one_person_is_not_anothers_to_touch(tab, toms, opened, make):
    view = await opened(make.modal(make.text("note")))
    assert await refuse(toms, "submit", view=view["id"], values={}) == "That window is closed."
    assert toms.told("views") == []


async def test_the_same_person_in_two_tabs_sees_the_same_windows(tab, slack, ana, opens, make, app):
    async with tab_of(slack, ana) as other:
        opens(make.modal(make.text("note")))
        assert (await tab.ask("shortcut", callback_id="log"))["ok"]
        [view] = (await other.until("views"))["stack"]
        assert (await other.ask("submit", view=view["id"], values={"note": {"value": {"value": "x"}}}))["ok"]
        assert (await tab.until("views", lambda body: not body["stack"]))["stack"] == []


async def test_a_slow_app_holds_nobody_up(tab, app, northwind):
    free = asyncio.Event()

    async def slowly(_):
        await free.wait()

    app.answer = slowly
    slow = await tab.start("command", channel=northwind.id, name="/checkin", text="")
    assert (await tab.ask("history", channel=northwind.id))["ok"]
    assert slow not in tab._answers
    free.set()
    assert (await tab.answer(slow))["ok"]


async def test_a_ticket_that_expired_long_ago_is_forgotten(tab, app, slack, clock):
    for _ in range(5):
        await tab.ask("shortcut", callback_id="log")
        clock.advance(dt.timedelta(hours=2))
    assert len(slack.ground.tickets._triggers) == 1

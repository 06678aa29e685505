import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_the_app_learns_who_it_is(client, slack):
    me = await client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == (
        slack.world.team.id,
        slack.world.bot.id,
        slack.world.bot.bot_id,
    )
    assert (await client.team_info())["team"]["name"] == "Example"


async def test_tokens_are_checked(client, slack):
    async def with_token(token):
        return await refusal(AsyncWebClient(token=token, base_url=slack.url, session=client.session).auth_test())

    assert await with_token(None) == "not_authed"
    assert await with_token("xoxb-wrong") == "invalid_auth"
    assert await with_token("xapp-test") == "not_allowed_token_type"
    assert await refusal(client.api_call("emoji.dance")) == "unknown_method"


async def test_a_member_has_a_zone_and_flags(client, slack, ana):
    user = (await client.users_info(user=ana.id, include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"] in {3600, 7200}, user["locale"]) == ("Europe/Berlin", True, "en-GB")
    assert (user["is_restricted"], user["is_bot"], user["deleted"]) == (False, False, False)
    guest = slack.world.add_member("Priya", guest=True)
    stranger = slack.world.add_member("Omar", team="T0000OTHER")
    assert (await client.users_info(user=guest.id))["user"]["is_restricted"] is True
    assert (await client.users_info(user=stranger.id))["user"]["team_id"] == "T0000OTHER"
    assert await refusal(client.users_info(user="U404")) == "user_not_found"


async def test_the_directory_is_listed_by_pages(client, slack):
    for number in range(5):
        slack.world.add_member(f"Person {number}", deleted=number == 4)
    slack.world.add_member("Helper", bot=True)
    slack.world.add_member("Omar", team="T0000OTHER")
    pages = [page["members"] async for page in await client.users_list(limit=3)]
    members = [member for page in pages for member in page]
    assert [len(page) for page in pages] == [3, 3, 2]
    assert {member["name"] for member in members if member["is_bot"]} == {"ember", "helper"}
    assert [member["name"] for member in members if member["deleted"]] == ["person.4"]
    assert "USLACKBOT" in {member["id"] for member in members}


async def test_a_channel_tells_who_can_read_it(client, slack, ana):
    world = slack.world
    shared = world.add_channel("shared", members=[ana], shared=True, pending=True)
    channel = (await client.conversations_info(channel=shared.id, include_num_members=True))["channel"]
    assert (channel["is_ext_shared"], channel["is_pending_ext_shared"], channel["num_members"]) == (True, True, 2)
    members = await client.conversations_members(channel=shared.id, limit=1)
    assert members["members"] == [ana.id]
    assert members["response_metadata"]["next_cursor"]
    hidden = world.add_channel("hidden", private=True, bot=False)
    assert await refusal(client.conversations_info(channel=hidden.id)) == "channel_not_found"
    outside = world.add_channel("outside", bot=False)
    assert (await client.conversations_info(channel=outside.id))["channel"]["is_member"] is False


async def test_conversations_are_listed_by_type(client, slack, ana):
    world = slack.world
    world.add_channel("old", archived=True)
    world.add_channel("open", bot=False)
    world.add_channel("inner", private=True)
    world.add_channel("hidden", private=True, bot=False)
    world.dm(ana)

    async def names(**args):
        return [channel.get("name", "im") for channel in (await client.conversations_list(**args))["channels"]]

    assert await names() == ["old", "open"]
    assert await names(types="public_channel,private_channel,im", exclude_archived=True) == ["open", "inner", "im"]
    assert await refusal(client.conversations_list(types="rooms")) == "invalid_types"


async def test_a_dm_opens_with_people_but_not_with_the_gone_or_with_bots(client, slack):
    gone = slack.world.add_member("Gone", deleted=True)
    robot = slack.world.add_member("Robot", bot=True)
    assert await refusal(client.conversations_open(users=gone.id)) == "user_disabled"
    assert await refusal(client.conversations_open(users=robot.id)) == "cannot_dm_bot"
    assert await refusal(client.chat_postMessage(channel=gone.id, text="x")) == "channel_not_found"
    assert await refusal(client.api_call("conversations.open", json={})) == "users_list_not_supplied"


async def test_a_guest_sees_only_the_channels_they_are_in(slack, northwind):
    guest = slack.world.add_member("Priya", guest=True)
    slack.person(slack.world.add_member("Tom")).post(northwind, "hello")
    assert slack.person(guest).sees(northwind) == []
    northwind.members.append(guest.id)
    assert len(slack.person(guest).sees(northwind)) == 1

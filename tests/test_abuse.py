"""Two thousand requests that no sane Slack sends: nothing breaks, nobody is mentioned, nothing is half saved."""

import asyncio
import contextlib
import json
import re
import uuid
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.clock import MovableClock
from bot.playground import payloads
from bot.practices.anticipations.rows import AnticipationRow
from bot.practices.blockers.rows import BlockerRow
from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.practices.clients.rows import ClientRow
from bot.practices.differences.rows import DifferenceRow
from bot.practices.listening.rows import AnswerRow, QuestionRow
from bot.practices.milestones.rows import MilestoneRow
from bot.practices.nuance.rows import FactRow
from bot.practices.promises.rows import PromiseRow
from bot.slack.web import MAX_BODY
from bot.store.search import Kind, SearchEntry
from tests.conftest import NOW
from tests.front_door import agency, listened_to

MANY = {"sqlite": 15 * settings().max_examples, "postgresql": 5 * settings().max_examples}
AT_ONCE = 10
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MENTION = re.compile(r"<[!@#](?!date\^)|<https?:[^>]*evil|[\u202a-\u202e\u2066-\u2069]")

NASTY = [
    "<!channel>",
    "<!here|x>",
    "<@U0000000BOT>",
    "<#C1>",
    "<https://evil.example|Northwind>",
    "&lt;!channel&gt;",
    "%00",
    "payload=",
    "*_~`",
    "{client}",
    "{}",
    "%s",
    '"',
    "\\",
    "Northwind",
    "4",
    "5",
    "🔥",
    "👩\u200d👩\u200d👧",
    "שלום",
    "\u202e",
    "\u2067",
    "\x00",
    "\ud800",
    "a\r\nb",
    "\u200f",
    "\ufeff",
]
NASTY += ["'; DROP TABLE checkin; --", "we owe her the plan by Friday", "4 ", "﷽" * 20, "a" * 4000]
hostile = st.lists(st.sampled_from(NASTY) | st.text(max_size=12), max_size=6).map(" ".join)
keys = st.sampled_from(["id", "type", "value", "text"]) | hostile
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)

pytestmark = pytest.mark.without_coverage
FIELDS = [
    "client",
    "feeling",
    "note",
    "visibility",
    "when",
    "people",
    "signals",
    "promise",
    "promise_due",
    "name",
    "rhythm",
    "owner",
]
EVENTS = ["message", "app_home_opened", "user_change", "channel_shared", "team_join", "unheard_of"]
PARTS = st.sampled_from(["team", "user", "view", "actions", "channel", "type", "event", "state", "authorizations"])
ids = st.uuids().map(str)


def header(*known):
    """Bytes that an HTTP client can send as a header, and some known ones."""
    raw = st.binary(max_size=70).map(lambda raw: re.sub(rb"[\x00-\x1f\x7f]", b"", raw).strip())
    return raw | st.sampled_from(known)


def one(kind, *parts):
    return st.tuples(st.just(kind), *parts)


commands = one("command", st.sampled_from(["/checkin", "/client", "/ember", "/unheard"]), hostile)
lines = one("command", st.just("/checkin"), hostile.map(lambda words: f"Northwind 4 {words}"))
metadata = st.dictionaries(st.sampled_from(["n", "e", "c", "k", "p"]), hostile | ids, max_size=3) | hostile
typed = st.dictionaries(st.sampled_from(FIELDS), hostile | anything, max_size=6)
saves = one("save", hostile)
events = one("event", st.sampled_from(EVENTS), hostile, anything)
mangled = one("mangled", st.dictionaries(PARTS, anything))
torn = st.sampled_from([b"", b"payload=", b"payload=%7B", b"command", b"[]", b"{", b'{"type":', b"\xff\xfe"])
spoken = anything.map(lambda value: json.dumps(value).encode())
junk = one("junk", st.sampled_from([FORM, JSON, "", "text/plain; charset=x"]), st.binary(max_size=60) | torn | spoken)
cut = one("cut", st.floats(0, 1))
headers = one("headers", header(b"0", b"9" * 30, b"-1", b"1e5", "²".encode()), header(b"v0=", b"v0=" + b"0" * 64))
huge = one("huge", st.integers(1, 100))
rarely = st.one_of(huge, headers, junk)
rest = st.one_of(commands, lines, saves, events, mangled, junk, cut, headers, rarely)


def requests(listens):
    """Return what to send to an app that listens to these names, by kind, and to one that nobody listens to."""
    clicked, submitted = ([*sorted(listens[kind]), "unheard.of"] for kind in ("action", "view_submission"))
    clicks = one("click", st.sampled_from(clicked), hostile | ids, anything)
    submissions = one("submission", st.sampled_from(submitted), typed, metadata)
    return st.one_of(clicks, submissions, clicks, submissions, rest, rest, rest)


class Siege:
    """One Ember under fire, and every request it was sent."""

    def __init__(self, place, client_id):
        self.place, self.client_id, self.count = place, client_id, 0

    async def fire(self, volley):
        """Send some requests at once, then look at everything that Ember said meanwhile."""
        before = len(self.place.slack.wire)
        answers = await asyncio.gather(*[self._send(request) for request in volley])
        shown = answers + [
            record.payload for record in self.place.slack.wire[before:] if record.direction == "from_app"
        ]
        leaks = [leak for payload in shown for leak in mentions(payload)]
        assert leaks == [], volley

    async def _send(self, request):
        kind, *how = request
        body, content_type, more, allowed = getattr(self, f"_{kind}")(*how)
        signed = {**self.place.slack.sign(body), "Content-Type": content_type, **more}
        answer = await self.place.slack.raw(body, signed)
        self.count += 1
        assert answer.status in allowed, (request, answer)
        return answer.body

    def _fields(self, name, text):
        member = self.place.ana.member
        where = self.place.northwind if len(text) % 2 else self.place.slack.world.dm(member)
        return payloads.command(self.place.slack.ground, member, where, name, text)

    def _payload(self, kind, **more):
        return payloads.interaction(self.place.slack.ground, self.place.ana.member, kind) | more

    def _command(self, name, text):
        return form(self._fields(name, text)), FORM, {}, {200}

    def _click(self, action_id, value, strange):
        action = {"action_id": action_id, "block_id": "b", "type": "button", "value": value, "selected_option": strange}
        view = {"id": "V1", "type": "modal", "callback_id": "checkin.save", "state": strange, "blocks": strange}
        more = {"actions": [action], "view": view} if len(value) % 3 == 0 else {"actions": [action]}
        return interactive(self._payload("block_actions", **more)), FORM, {}, {200}

    def _submission(self, callback_id, values, metadata):
        state = {
            "values": {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        }
        view = {"id": "V1", "type": "modal", "callback_id": callback_id, "state": state, "blocks": []}
        view["private_metadata"] = metadata if isinstance(metadata, str) else json.dumps(metadata)
        return interactive(self._payload("view_submission", view=view)), FORM, {}, {200}

    def _save(self, note):
        def picked(value):
            return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}

        values = {"client": picked(self.client_id), "feeling": picked("4"), "note": {"value": note}}
        state = {"values": {name: {name: {"type": "x", **value}} for name, value in values.items()}}
        view = {"id": "V1", "type": "modal", "callback_id": "checkin.save", "state": state, "blocks": []}
        view["private_metadata"] = json.dumps({"n": str(uuid.uuid4())})
        return interactive(self._payload("view_submission", view=view)), FORM, {}, {200}

    def _event(self, kind, text, strange):
        member = self.place.ana.member
        channel = self.place.slack.world.dm(member).id
        inner = {"type": kind, "user": member.id, "channel": channel, "channel_type": "im", "text": text, "ts": "1.1"}
        inner |= {"tab": strange, "files": strange, "event_ts": strange} if kind != "user_change" else {"user": strange}
        return json.dumps(payloads.event(self.place.slack.ground, inner)).encode(), JSON, {}, {200, 400}

    def _mangled(self, parts):
        return interactive(self._payload("block_actions", actions=[{"action_id": "x"}]) | parts), FORM, {}, {200, 400}

    def _junk(self, content_type, raw):
        return raw, content_type, {}, {200, 400}

    def _cut(self, part):
        whole = form(self._fields("/checkin", "4 fine"))
        return whole[: int(len(whole) * part)], FORM, {}, {200, 400}

    def _headers(self, timestamp, signature):
        more = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
        return form(self._fields("/checkin", "4 fine")), FORM, more, {401}

    def _huge(self, extra):
        return b"x" * (MAX_BODY + extra), FORM, {}, {413}


def form(fields):
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}).encode()


def interactive(payload):
    return urlencode({"payload": json.dumps(payload)}).encode()


def mentions(payload):
    """Return every text Slack would read for mentions, links and turns of direction that has one."""
    if isinstance(payload, list | tuple):
        return [leak for part in payload for leak in mentions(part)]
    if not isinstance(payload, dict):
        return []
    if payload.get("type") == "plain_text":
        return []
    text = payload.get("text")
    own = [text] if isinstance(text, str) and MENTION.search(text) else []
    return own + [leak for key, part in payload.items() if key != "errors" for leak in mentions(part)]


TABLES = {
    Kind.CHECKIN: CheckinRow,
    Kind.PROMISE: PromiseRow,
    Kind.FACT: FactRow,
    Kind.ANSWER: AnswerRow,
    Kind.DIFFERENCE: DifferenceRow,
    Kind.BLOCKER: BlockerRow,
    Kind.ANTICIPATION: AnticipationRow,
    Kind.DATE: MilestoneRow,
    Kind.QUESTION: QuestionRow,
    Kind.WHY: ClientRow,
}


def is_findable(row):
    """Return whether a row is to be found: of questions those to ask somebody, of clients those who said why."""
    if isinstance(row, QuestionRow):
        return row.contact_id is not None and row.retired_at is None
    return not isinstance(row, ClientRow) or bool(row.why_hired)


async def what_is_half_saved(place):
    """Return what is kept of one thing without the other."""
    checkins, drafts = await place.rows(CheckinRow), await place.rows(DraftRow)
    entries = await place.rows(SearchEntry)
    indexed = {kind: {entry.ref for entry in entries if entry.kind is kind} for kind in Kind}
    kept = {kind: {row.id for row in await place.rows(table) if is_findable(row)} for kind, table in TABLES.items()}
    assert len(checkins) > 5  # some of the requests were good ones, or nothing was tried
    assert drafts
    assert {row.note for row in checkins if "\x00" in row.note or not row.note.strip()} == set()
    if place.ember.store.dialect == "sqlite":
        async with place.ember.store.work(None) as session:
            check = sa.text("INSERT INTO search_text(search_text) VALUES ('integrity-check')")
            await session.execute(check, execution_options={"all_workspaces": "the index is one"})
    halves = {kind: indexed[kind] ^ kept[kind] for kind in Kind if indexed[kind] ^ kept[kind]}
    return halves, [row.id for row in drafts if not (row.text.strip() and row.author_id and row.via)]


@contextlib.contextmanager
def siege(database_url):
    """One server for every example, in one loop that runs while a request is under way."""
    with asyncio.Runner() as runner:
        around = agency(database_url, MovableClock(NOW))
        place = runner.run(around.__aenter__())
        runner.run(place.ana.command("/client", "new Northwind", channel=place.northwind))
        runner.run(place.ana.submit(name="Northwind", rhythm="7"))
        [client] = runner.run(place.rows(ClientRow))
        runner.run(place.ana.close_modal(everything=True))
        try:
            yield runner, Siege(place, str(client.id))
        finally:
            runner.run(place.quiet())
            runner.run(around.__aexit__(None, None, None))


@pytest.mark.many_examples
@pytest.mark.timeout(300)
def test_nothing_that_anybody_sends_breaks_or_mentions_or_half_saves_anything(database_url):
    many = MANY["sqlite" if database_url.startswith("sqlite") else "postgresql"]
    with siege(database_url) as (runner, under_fire):
        listens = listened_to(under_fire.place.ember.bolt)
        assert {"draft.feel", "draft.feel:4", "checkin.undo"} <= listens["action"]
        assert {"checkin.save", "client.save", "person.save"} <= listens["view_submission"]

        @settings(
            max_examples=many // AT_ONCE,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(requests(listens), min_size=AT_ONCE, max_size=AT_ONCE))
        def fire(volley):
            runner.run(under_fire.fire(volley))

        fire()
        runner.run(under_fire.place.quiet())
        assert under_fire.count >= many
        assert runner.run(what_is_half_saved(under_fire.place)) == ({}, [])

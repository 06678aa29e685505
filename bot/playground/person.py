"""A driver: act in Slack as one person, with exactly the requests that Slack would send."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.playground import payloads
from bot.playground.acting import Acting
from bot.playground.answers import post_response
from bot.playground.delivery import Answer, Delivery, Parcel
from bot.playground.elements import ClientSideError, Field
from bot.playground.ground import Ground
from bot.playground.modal import Modal
from bot.playground.people import Channel, Member, Message
from bot.playground.refusal import Refused
from bot.playground.submitting import Submitting
from bot.playground.touching import Place, find_element
from bot.playground.views import View

Json = dict[str, Any]

WAIT = 2.0


class Person:
    """One member at their screen."""

    def __init__(self, ground: Ground, delivery: Delivery, member: Member) -> None:
        self.member = member
        self.confirmed: list[Json] = []
        self._ground = ground
        self._delivery = delivery
        self.hand = Acting(ground, delivery, member)
        self._submitting = Submitting(ground, delivery, member)

    @property
    def id(self) -> str:
        """Return the member's id."""
        return self.member.id

    async def command(self, name: str, text: str = "", *, channel: Channel | None = None) -> Answer:
        """Type a slash command in a channel (in the DM with the app by default)."""
        where = channel or self._ground.world.dm(self.member)
        fields = payloads.command(self._ground, self.member, where, name, text)
        answer = await self._delivery.send(Parcel("slash_commands", "command", fields))
        if answer.error is not None:
            answer.told = f'{name} failed with the error "{answer.error}"'
        elif answer.body:
            self._show_answer(answer, fields["response_url"].rsplit("/", 1)[-1], name)
        return answer

    async def shortcut(self, callback_id: str) -> Answer:
        """Run a global shortcut."""
        payload = payloads.interaction(self._ground, self.member, "shortcut")
        payload |= {"callback_id": callback_id, "action_ts": self._ground.world.ts()}
        return await self._delivery.send(Parcel("interactive", "shortcut", payload))

    async def message_shortcut(self, callback_id: str, message: Message) -> Answer:
        """Run a shortcut on a message."""
        ground = self._ground
        payload = payloads.interaction(ground, self.member, "message_action")
        place = payloads.place_of(ground, self.member, message, hook=True)
        payload |= {"callback_id": callback_id, "action_ts": ground.world.ts(), "message_ts": message.ts}
        payload |= {key: place[key] for key in ("channel", "response_url")}
        payload["message"] = ground.world.shown(message)
        return await self._delivery.send(Parcel("interactive", "message_action", payload))

    async def modal(self, timeout: float = WAIT) -> Modal:  # noqa: ASYNC109  the caller says how long
        """Wait until a modal is open and return the one on top; TimeoutError when none comes."""
        return Modal(await self._ground.world.until(self._top, timeout))

    async def fill(self, values: Mapping[str, object] | None = None, /, **named: object) -> Modal:
        """Fill fields of the modal on top without submitting; raises ClientSideError as submit does."""
        modal = await self.modal()
        for name, value in {**(values or {}), **named}.items():
            await self._set(modal, modal.field(name), value)
        return modal

    async def submit(self, values: Mapping[str, object] | None = None, /, **named: object) -> Answer:
        """Fill fields of the modal on top, then press its button.

        Values are given by block_id without "~version": text, an option's value or text, a date, a Member, a Channel,
        a list of those, None to empty.  Raises ClientSideError, with the field's name, where Slack would not send.
        """
        modal = await self.fill(values, **named)
        if not modal.shown.source.get("submit"):
            raise ClientSideError(modal.title, "this modal has no submit button")
        modal.check()
        return await self._submitting.press(modal)

    async def close_modal(self, *, everything: bool = False) -> list[Answer]:
        """Close the modal on top, or all; the app hears of those with notify_on_close."""
        return await self.close((await self.modal()).shown, everything=everything)

    async def close(self, view: View, *, everything: bool = False) -> list[Answer]:
        """Close a modal and what lies above it, or all; the app hears of those with notify_on_close."""
        closed = self._ground.world.views.close(view, everything=everything or bool(view.source.get("clear_on_close")))
        answers = []
        for one in closed:
            if one.source.get("notify_on_close"):
                payload = payloads.interaction(self._ground, self.member, "view_closed", trigger=False)
                payload |= {"view": one.seen(), "is_cleared": len(closed) > 1}
                answers.append(await self._delivery.send(Parcel("interactive", "view_closed", payload)))
        return answers

    async def click(
        self, action_id: str, value: str | None = None, *, label: str | None = None, in_: Place | None = None
    ) -> Answer:
        """Press a button: in the modal on top if one is open, else the newest message that has it, else Home.

        in_: a Message, or "message", "modal", "home".  A confirm dialog is accepted and kept in `confirmed`.
        """
        where, block, element = self._find(action_id, in_, kinds={"button", "icon_button"}, value=value, label=label)
        return await self._act(where, block, element, {})

    async def choose(self, action_id: str, value: object, *, in_: Place | None = None) -> Answer:
        """Choose in a select, overflow menu, radio group, checkboxes, date or time picker outside a submission."""
        where, block, element = self._find(action_id, in_)
        if element["type"] == "overflow":
            state = payloads.overflow_choice(element, str(value))
            if not state:
                raise ClientSideError(action_id, f"{value!r} is not offered")
        else:
            one = Field(block, element)
            state = one.state(await self._searched(where, one, value))
            where.typed.setdefault(one.block_id, {})[one.action_id] = state
        return await self._act(where, block, element, state)

    async def search(self, action_id: str, query: str, *, in_: Place | None = None) -> list[Json]:
        """Type into an external select and return the options offered; [] below its min_query_length.

        Raises ClientSideError when the app's answer is late or cannot be shown.
        """
        where, block, element = self._find(action_id, in_)
        return await self._submitting.suggest(where, Field(block, element), query)

    async def dm(self, text: str, *, thread: Message | None = None) -> Answer:
        """Write to the app directly."""
        return await self.deliver(self.post(self._ground.world.dm(self.member), text, thread=thread))

    async def deliver(self, message: Message) -> Answer:
        """Let the app hear of a message in its own conversation."""
        where = {"channel": message.channel_id, "channel_type": "im", "event_ts": message.ts}
        return await self._event(self._ground.world.shown(message) | where)

    async def open_home(self, tab: Literal["home", "messages"] = "home") -> Answer:
        """Open the app's Home (or its Messages tab)."""
        home = self._ground.world.views.home(self.id)
        inner: Json = {"type": "app_home_opened", "user": self.id, "tab": tab, "event_ts": self._ground.world.ts()}
        inner["channel"] = self._ground.world.dm(self.member).id
        inner |= {"view": home.seen()} if home is not None and tab == "home" else {}
        return await self._event(inner)

    def post(self, channel: Channel, text: str, *, thread: Message | None = None, **extra: object) -> Message:
        """Write in a channel; the app is told nothing (a message shortcut needs a message)."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.write(channel, escaped, thread=thread, **extra)

    def write(self, channel: Channel, text: str, *, thread: Message | None = None, **extra: object) -> Message:
        """Write in a channel, in Slack's markup."""
        message = Message(channel.id, "", self.id, text, extra=dict(extra))
        message.thread_ts = (thread.thread_ts or thread.ts) if thread else None
        return self._ground.world.post(message)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Return the messages before this person's eyes, ephemeral ones included, newest last."""
        return self._ground.world.sees(self.member, channel.id if channel else None)

    def home(self) -> Json | None:
        """Return the published Home view."""
        view = self._ground.world.views.home(self.id)
        return view.seen() if view else None

    def modals(self) -> list[Modal]:
        """Return the open modals, the one on top last."""
        return [Modal(view) for view in self._ground.world.views.stack(self.id)]

    def _top(self) -> View | None:
        stack = self._ground.world.views.stack(self.id)
        return stack[-1] if stack else None

    def _find(
        self,
        action_id: str,
        in_: Place | None,
        *,
        kinds: set[str] | None = None,
        value: str | None = None,
        label: str | None = None,
    ) -> tuple[View | Message, Json, Json]:
        return find_element(
            self._ground.world, self.member, action_id, in_, kinds=kinds or set(), value=value, label=label
        )

    async def _act(self, where: View | Message, block: Json, element: Json, state: Json) -> Answer:
        if "confirm" in element:
            self.confirmed.append(element["confirm"])
        return await self.hand.send(where, block, element, state)

    async def _set(self, modal: Modal, one: Field, value: object) -> None:
        modal.type_in(one, one.state(await self._searched(modal.shown, one, value)))
        if one.block.get("dispatch_action") and one.element["type"] not in {"plain_text_input", "number_input"}:
            state = modal.shown.values()[one.block_id][one.action_id]
            await self._act(modal.shown, one.block, one.element, state)

    async def _searched(self, where: View | Message, one: Field, value: object) -> object:
        """Turn the words for an external select into the option the app offers for them."""
        if one.element["type"] == "external_select" and isinstance(value, str):
            return await self._submitting.pick(where, one, value)
        if one.element["type"] == "multi_external_select" and isinstance(value, list | tuple):
            return [await self._submitting.pick(where, one, item) if isinstance(item, str) else item for item in value]
        return value

    async def _event(self, inner: Json) -> Answer:
        return await self._delivery.send_event(
            Parcel("events_api", f"event:{inner['type']}", payloads.event(self._ground, inner))
        )

    def _show_answer(self, answer: Answer, token: str, name: str) -> None:
        body = answer.json if isinstance(answer.body, dict) else {"text": answer.body}
        try:
            answer.message = post_response(self._ground, self._ground.tickets.peek(token), body)
        except Refused as no:
            complaints = no.extra.get("errors")
            answer.problems = list(complaints) if isinstance(complaints, list) else [no.error]
            answer.error = "invalid_command_response"
            answer.told = f'{name} failed with the error "{answer.error}"'

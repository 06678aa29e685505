"""What Slack's client does when a modal is submitted or an external select is typed into."""

from typing import Any

from bot.playground import payloads
from bot.playground.delivery import TROUBLE, Answer, Delivery, Parcel
from bot.playground.elements import ClientSideError, Field, options_of, plain_name
from bot.playground.ground import Ground
from bot.playground.modal import Modal
from bot.playground.people import Member, Message
from bot.playground.refusal import Refused
from bot.playground.validity import check_view, faults_in_options
from bot.playground.views import View

Json = dict[str, Any]

SHORTEST_QUERY = 3


class Submitting:
    """One person's submissions and searches."""

    def __init__(self, ground: Ground, delivery: Delivery, member: Member) -> None:
        self._ground = ground
        self._delivery = delivery
        self._member = member

    async def press(self, modal: Modal) -> Answer:
        """Send the modal and do what the answer says: close, errors, update, push or clear."""
        view = modal.shown
        view.renew()
        view.errors = {}
        payload = payloads.interaction(self._ground, self._member, "view_submission")
        payload |= {"view": view.seen(), "response_urls": []}
        answer = await self._delivery.send(Parcel("interactive", "view_submission", payload))
        if answer.error is None:
            try:
                self._obey(view, answer)
            except Refused as no:
                complaints = no.extra.get("messages")
                answer.problems = list(complaints) if isinstance(complaints, list) else [no.error]
                answer.error, answer.told = no.error, TROUBLE
        return answer

    async def suggest(self, where: View | Message, one: Field, query: str) -> list[Json]:
        """Ask the app for the options to a query, those in groups included."""
        return options_of(await self.load(where, one, query))

    async def load(self, where: View | Message, one: Field, query: str) -> Json:
        """Ask the app for the options to a query; return them as it groups them.  Too short a query offers nothing."""
        if len(query) < int(one.element.get("min_query_length", SHORTEST_QUERY)):
            return {"options": []}
        payload = payloads.interaction(self._ground, self._member, "block_suggestion", trigger=False)
        payload |= payloads.place_of(self._ground, self._member, where, hook=False)
        payload |= {"action_id": one.action_id, "block_id": one.block_id, "value": query}
        answer = await self._delivery.send(Parcel("interactive", "block_suggestion", payload))
        wrong = [answer.error] if answer.error else faults_in_options(answer.body)
        if wrong:
            raise ClientSideError(one.action_id, f"the options could not be loaded: {'; '.join(wrong)}")
        return {key: answer.json[key] for key in ("options", "option_groups") if answer.json.get(key) is not None}

    async def pick(self, where: View | Message, one: Field, words: str) -> Json:
        """Search for some words and return the one option that is meant: same text or value, else the only one."""
        options = await self.suggest(where, one, words)
        same = [option for option in options if words in {option["value"], option["text"]["text"]}]
        if len(same or options) != 1:
            offered = ", ".join(option["text"]["text"] for option in options) or "nothing"
            raise ClientSideError(one.name, f"{words!r} does not name one option (offered: {offered})")
        return (same or options)[0]

    def _obey(self, view: View, answer: Answer) -> None:
        views = self._ground.world.views
        if not answer.body:
            views.close(view)
            return
        action = answer.json.get("response_action")
        if action == "errors":
            self._show_errors(view, answer)
        elif action == "update":
            source = _checked(answer.json.get("view"))
            if view in views.stack(view.user_id):
                views.update(source, view_id=view.id, external_id="", hash_="")
        elif action == "push":
            views.push(view.user_id, _checked(answer.json.get("view")))
        elif action == "clear":
            views.close(view, everything=True)
        else:
            raise Refused("invalid_view", messages=[f"unknown response_action: {answer.body!r}"])

    def _show_errors(self, view: View, answer: Answer) -> None:
        errors = answer.json.get("errors")
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise Refused("invalid_errors", messages=[f"errors must name input blocks: {errors!r}"])
        view.errors = {block: str(message) for block, message in errors.items()}
        answer.errors = {plain_name(block): message for block, message in view.errors.items()}
        self._ground.world.views.touched(view)


def _checked(source: object) -> Json:
    try:
        return check_view(source, home=False)
    except Refused as no:
        metadata = no.extra.get("response_metadata")
        messages = metadata["messages"] if isinstance(metadata, dict) else [no.error]
        raise Refused("invalid_view", messages=messages) from None

"""What stays of a message once its words have to go."""

from bot.courier.emptying import without_words
from bot.slack.blocks import button, section
from bot.slack.text import Markup
from bot.store.base import new_id


def test_a_message_without_its_words_keeps_the_ids_that_lead_to_it():
    key, channel = new_id(), "C0123"
    shown = button("Open", f"person.profile:{key}", value=f"12:{key} Priya")
    body = {"text": f"Priya <#{channel}>", "blocks": [section(Markup("Priya"), accessory=shown)]}
    rest = without_words(body)
    assert "Priya" not in str(rest)
    assert rest["text"] == f"<#{channel}>"
    assert rest["blocks"][0]["accessory"]["value"] == str(key)

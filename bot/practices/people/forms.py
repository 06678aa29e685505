"""The form about a person at a client."""

from collections.abc import Sequence

from bot.practices.clients.rules import LONGEST_NAME
from bot.practices.clients.service import Client
from bot.practices.people.rules import LONGEST_JOB
from bot.practices.people.service import Contact
from bot.slack import limits
from bot.slack.blocks import Element, View, option, section
from bot.slack.fields import Email, Flag, Lookup, Picked, Text
from bot.slack.forms import Form, stamps
from bot.slack.text import markup, shorten
from bot.store.base import new_id

PEOPLE, REPORTS_TO = "people", "reports_to"
FORM = Form(
    "person.save",
    "Person",
    "Save",
    (
        Lookup("client", "Client", min_query_length=0, missing="Pick the client."),
        Text("name", "Name", focus=True, max_length=LONGEST_NAME, missing="Write their name."),
        Text("job", "Role", required=False, max_length=LONGEST_JOB, hint="What they do there."),
        Email("email", "E-mail", required=False, hint="Ember never writes to it; a meeting is known by it."),
        Lookup(REPORTS_TO, "Reports to", required=False, min_query_length=0, placeholder="Type a name"),
        Lookup("zone", "Time zone", required=False, min_query_length=0, placeholder="Type a city"),
        Flag("left", "Still there?", text="Has left"),
    ),
)
NEW = ("client", "name", "job", "email", "zone")
KNOWN = ("name", "job", "email", REPORTS_TO, "zone", "left")


def blank(client: Client | None, *, name: str = "", job: str = "") -> View:
    """Return the form for a new person."""
    values = {
        "client": Picked(str(client.id), client.name) if client else None,
        "name": name[:LONGEST_NAME],
        "job": job[:LONGEST_JOB],
    }
    return FORM.view(values, metadata={"n": str(new_id())}, shown=NEW)


def filled(contact: Contact, client: Client, boss: Contact | None) -> View:
    """Return the form with what is known about a person."""
    values = {
        "name": contact.name,
        "job": contact.job,
        "email": contact.email,
        REPORTS_TO: Picked(str(boss.id), boss.name) if boss is not None else None,
        "zone": Picked(contact.tz, place(contact.tz)) if contact.tz else None,
        "left": contact.has_left,
    }
    lead = section(markup("At {client}", client=client.name))
    carried = {"p": str(contact.id), "c": str(client.id), **stamps({"email": contact.email})}
    return FORM.view(values, metadata=carried, shown=KNOWN, before=[lead], title="Edit a person")


def offered(contacts: Sequence[Contact]) -> list[Element]:
    """Return people as the choices of a picker."""
    return [_offered(contact) for contact in contacts]


def _offered(contact: Contact) -> Element:
    mark = " (left)" if contact.has_left else ""
    return option(shorten(contact.name, limits.OPTION_TEXT - len(mark)) + mark, str(contact.id))


def place(zone: str) -> str:
    """Return a time zone as people read it."""
    return zone.replace("_", " ")

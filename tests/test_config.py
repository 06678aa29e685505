"""The environment as settings: every fault at once, no secret in sight."""

import os
from pathlib import Path

import pytest

from bot.config import BadSettings, DatabaseSettings, Settings, read_settings

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-a-secret",
    "SLACK_SIGNING_SECRET": "signing-a-secret",
    "SLACK_APP_TOKEN": "xapp-a-secret",
}
OURS = (
    *SECRETS,
    "SLACK_API_URL",
    "EMBER_DATABASE_URL",
    "EMBER_ENGINE",
    "EMBER_HOST",
    "EMBER_PORT",
    "EMBER_ENCRYPTION_KEYS",
)


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Nothing of ours in the environment but what a test puts there."""
    for name in os.environ.keys() & set(OURS):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def faults(kind=Settings):
    with pytest.raises(BadSettings) as caught:
        read_settings(kind)
    return caught.value.faults


def test_a_token_and_a_signing_secret_are_enough(environment):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="s")
    found = read_settings(Settings)
    assert (found.slack_bot_token.get_secret_value(), found.slack_app_token) == ("xoxb", None)
    assert (found.api_url, found.ember_host, found.ember_port) == ("https://slack.com/api/", "127.0.0.1", 3000)
    assert found.ember_database_url == "sqlite+aiosqlite:///data/ember.db"


def test_an_app_token_makes_the_signing_secret_unnecessary(environment):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_APP_TOKEN="xapp", SLACK_SIGNING_SECRET="  ")
    found = read_settings(Settings)
    assert (found.slack_signing_secret, found.slack_app_token.get_secret_value()) == (None, "xapp")


@pytest.mark.parametrize("keys", ["short", "a" * 44, "ä" * 44, "an-example-key-that-seals-no-secret-of-anyo=;"])
def test_a_key_that_is_none_is_told_without_showing_it(environment, keys):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="s", EMBER_ENCRYPTION_KEYS=keys)
    (fault,) = faults()
    assert fault.startswith("EMBER_ENCRYPTION_KEYS")
    assert keys not in fault


def test_several_keys_are_read_the_newest_first(environment):
    keys = ["an-example-key-that-seals-no-secret-of-anyo=", "another-example-key-that-seals-no-secrets-o="]
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="s", EMBER_ENCRYPTION_KEYS=" , ".join(keys))
    assert read_settings(Settings).encryption_keys == keys


def test_every_fault_is_told_at_once(environment):
    environment(EMBER_PORT="many", SLACK_API_URL="nowhere", EMBER_DATABASE_URL="mysql://somewhere/db")
    told = faults()
    assert [line.split()[0] for line in told] == [
        "EMBER_DATABASE_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_API_URL",
        "EMBER_PORT",
    ]
    assert told[0] == "EMBER_DATABASE_URL starts with sqlite:/// or postgresql://"
    assert told[1] == "SLACK_BOT_TOKEN is missing"


def test_no_way_in_is_a_fault_that_names_both(environment):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN=" ")
    (told,) = faults()
    assert told == "set SLACK_SIGNING_SECRET (requests over HTTP) or SLACK_APP_TOKEN (Socket Mode)"


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_bot_token_is_as_good_as_none(environment, blank):
    environment(SLACK_BOT_TOKEN=blank, SLACK_SIGNING_SECRET="s")
    assert faults() == ["SLACK_BOT_TOKEN is missing"]


@pytest.mark.parametrize("port", ["-1", "65536", ""])
def test_a_port_that_is_none_is_a_fault(environment, port):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="s", EMBER_PORT=port)
    (told,) = faults()
    assert told.startswith("EMBER_PORT")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///data/ember.db", "sqlite+aiosqlite:///data/ember.db"),
        ("sqlite+aiosqlite:////var/ember.db", "sqlite+aiosqlite:////var/ember.db"),
        ("postgres://ember:p%40ss@db/ember", "postgresql+psycopg://ember:p%40ss@db/ember"),
        ("postgresql://db/ember?sslmode=require", "postgresql+psycopg://db/ember?sslmode=require"),
        ("postgresql+psycopg://db/ember", "postgresql+psycopg://db/ember"),
    ],
)
def test_a_database_address_gets_the_driver_we_use(environment, given, used):
    environment(EMBER_DATABASE_URL=given)
    assert read_settings(DatabaseSettings).ember_database_url == used


@pytest.mark.parametrize("address", ["", "ember.db", "mysql://db/ember", "postgresql+asyncpg://db/ember"])
def test_an_address_that_is_none_of_ours_says_what_to_write(environment, address):
    environment(EMBER_DATABASE_URL=address)
    (told,) = faults(DatabaseSettings)
    assert told.startswith("EMBER_DATABASE_URL ")
    assert "sqlite:///" in told


@pytest.mark.parametrize("address", ["https://slack.com/api", "https://slack.com/api/", "https://slack.com/api//"])
def test_the_api_address_ends_in_one_slash(environment, address):
    environment(SLACK_BOT_TOKEN="xoxb", SLACK_SIGNING_SECRET="s", SLACK_API_URL=address)
    assert read_settings(Settings).api_url == "https://slack.com/api/"


def test_no_secret_is_shown(environment):
    environment(**SECRETS)
    found = read_settings(Settings)
    shown = repr(found) + str(found) + str(found.model_dump()) + found.model_dump_json()
    assert not [value for value in SECRETS.values() if value in shown]


def test_no_secret_is_in_the_text_of_a_fault(environment):
    environment(**SECRETS, EMBER_PORT="xoxb-a-secret", EMBER_DATABASE_URL="mysql://ember:a-secret@db/ember")
    with pytest.raises(BadSettings) as caught:
        read_settings(Settings)
    assert len(caught.value.faults) == 2
    assert "a-secret" not in str(caught.value) + repr(caught.value)


def test_a_password_is_not_shown_where_the_settings_are(environment):
    environment(EMBER_DATABASE_URL="postgresql://ember:a-secret@db/ember")
    assert "a-secret" not in repr(read_settings(DatabaseSettings))


def test_values_that_are_given_win_over_the_environment(environment, tmp_path):
    environment(EMBER_DATABASE_URL="sqlite:///a.db")
    given = f"sqlite:///{Path(tmp_path) / 'b.db'}"
    assert read_settings(DatabaseSettings, ember_database_url=given).ember_database_url.endswith("b.db")


def test_the_engine_is_embedded_unless_told(environment):
    environment(EMBER_ENGINE="")
    assert read_settings(DatabaseSettings).ember_engine == "embedded"


def test_replicas_need_postgresql(environment):
    environment(EMBER_ENGINE="distributed")
    assert faults(DatabaseSettings) == ["EMBER_ENGINE=distributed needs PostgreSQL in EMBER_DATABASE_URL"]


def test_replicas_share_a_postgresql(environment):
    environment(EMBER_ENGINE="distributed", EMBER_DATABASE_URL="postgresql://ember@db/ember")
    assert read_settings(DatabaseSettings).ember_engine == "distributed"


def test_an_engine_nobody_knows_is_named(environment):
    environment(EMBER_ENGINE="celery")
    assert [told.split()[0] for told in faults(DatabaseSettings)] == ["EMBER_ENGINE"]

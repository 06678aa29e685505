"""Settings: the only reader of the environment; reports every fault at once."""

import base64
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Any, Literal, Self, TypeVar

import sqlalchemy as sa
from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}
KEY_BYTES = 32


class BadSettings(Exception):
    """The environment lacks something or holds something unusable; one line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _blank_is_absent(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _blank_is_missing(value: Any) -> Any:
    if _blank_is_absent(value) is None:
        raise ValueError("is missing")
    return value


Required = Annotated[SecretStr, BeforeValidator(_blank_is_missing)]
Optional = Annotated[SecretStr | None, BeforeValidator(_blank_is_absent)]


def _blank_is_embedded(value: Any) -> Any:
    return _blank_is_absent(value) or "embedded"


def _embedded_is_absent(value: Any) -> Any:
    return None if _blank_is_embedded(value) == "embedded" else value


class DatabaseSettings(BaseSettings):
    """What every command needs: where the database is, and whether several replicas share it."""

    model_config = SettingsConfigDict(extra="ignore")

    ember_database_url: str = Field(default="sqlite:///data/ember.db", repr=False)
    ember_engine: Annotated[Literal["embedded", "distributed"], BeforeValidator(_blank_is_embedded)] = "embedded"

    @field_validator("ember_database_url")
    @classmethod
    def _with_our_driver(cls, value: str) -> str:
        try:
            url = sa.make_url(value)
        except sa.exc.ArgumentError as error:
            raise ValueError("is not a database address; try sqlite:///data/ember.db") from error
        driver = DRIVERS.get(url.drivername)
        if driver is None:
            raise ValueError("starts with sqlite:/// or postgresql://")
        return url.set(drivername=driver).render_as_string(hide_password=False)

    @model_validator(mode="after")
    def _replicas_share_postgresql(self) -> Self:
        if self.ember_engine == "distributed":
            if not self.ember_database_url.startswith("postgresql"):
                raise ValueError("EMBER_ENGINE=distributed needs PostgreSQL in EMBER_DATABASE_URL")
            if find_spec("procrastinate") is None:
                raise ValueError("EMBER_ENGINE=distributed needs the extra: pip install 'ember-bot[distributed]'")
        return self


class Settings(DatabaseSettings):
    """What `serve` needs.  Slack reaches Ember by signed HTTP, or over Socket Mode when there is an app token."""

    slack_bot_token: Required
    slack_signing_secret: Optional = None
    slack_app_token: Optional = None
    slack_api_url: HttpUrl = HttpUrl("https://slack.com/api/")
    ember_host: str = "127.0.0.1"
    ember_port: int = Field(default=3000, ge=0, le=65535)
    ember_base_url: Annotated[HttpUrl | None, BeforeValidator(_blank_is_absent)] = None
    ember_encryption_keys: Optional = None

    @property
    def encryption_keys(self) -> list[str]:
        """The keys under which secrets of other people's are kept, the newest first; none where none is set."""
        return _keys(self.ember_encryption_keys)

    @property
    def base_url(self) -> str:
        """The address of Ember's own pages, without a slash at the end; empty where none is set."""
        return str(self.ember_base_url).rstrip("/") if self.ember_base_url is not None else ""

    @property
    def api_url(self) -> str:
        """Slack's Web API, with the slash at the end that the SDK expects."""
        return str(self.slack_api_url).rstrip("/") + "/"

    @field_validator("ember_encryption_keys")
    @classmethod
    def _whole_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(_is_key(key) for key in _keys(value)):
            raise ValueError("is not made of keys of 32 bytes in URL-safe base64, with commas between them")
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.slack_signing_secret is None and self.slack_app_token is None:
            raise ValueError("set SLACK_SIGNING_SECRET (requests over HTTP) or SLACK_APP_TOKEN (Socket Mode)")
        return self


def _keys(given: SecretStr | None) -> list[str]:
    parts = given.get_secret_value().split(",") if given is not None else []
    return [part.strip() for part in parts if part.strip()]


def _is_key(text: str) -> bool:
    try:
        return text.isascii() and len(base64.b64decode(text, altchars="-_", validate=True)) == KEY_BYTES
    except ValueError:
        return False


Kind = TypeVar("Kind", bound=BaseSettings)


def read_settings(kind: type[Kind], **given: Any) -> Kind:
    """Read settings from the environment.  Raises BadSettings with every fault."""
    try:
        return kind(**given)
    except ValidationError as error:
        raise BadSettings([_sentence(fault) for fault in error.errors()]) from error


def _sentence(fault: Mapping[str, Any]) -> str:
    name = "_".join(str(part) for part in fault["loc"]).upper()
    why = "is missing" if fault["type"] == "missing" else str(fault["msg"]).removeprefix("Value error, ")
    return f"{name} {why}".strip()


class _Written(BaseSettings):
    """What a shell or a .env file says about a real Ember."""

    model_config = SettingsConfigDict(extra="ignore", env_file=".env")

    ember_database_url: Optional = None
    ember_engine: Annotated[SecretStr | None, BeforeValidator(_embedded_is_absent)] = None
    slack_bot_token: Optional = None


def where_ember_really_runs() -> list[str]:
    """Return the settings of a real Ember that the environment or .env in this folder holds, by name."""
    return [name.upper() for name, value in _Written() if value is not None]

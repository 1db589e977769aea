"""The configuration: ``dragoman.toml``, overridden by ``DRAGOMAN_*`` in the environment."""

from __future__ import annotations

import difflib
import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dragoman.errors import ConfigError, UnknownLanguage
from dragoman.languages import normalise

FILE_NAME = "dragoman.toml"


def _language(code: str) -> str:
    try:
        return normalise(code)
    except UnknownLanguage as error:
        raise ValueError(str(error)) from error


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        raise ValueError(f"'{text}' is no network; write it like 192.168.1.0/24") from error


def _proxy(text: str) -> str:
    from yarl import URL

    try:
        url = URL(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no address of a proxy") from error
    if text and (url.scheme not in ("http", "https") or not url.host):
        raise ValueError("a proxy is written like http://proxy.example:3128")
    return text


Language = Annotated[str, AfterValidator(_language)]
Network = Annotated[str, AfterValidator(_network)]
Port = Annotated[int, Field(ge=1, le=65535)]
Days = Annotated[int, Field(ge=0)]  # 0: for ever
Event = Literal["story.new", "story.grown", "search.match", "source.failing"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(_Section):
    """The public site."""

    title: str = "Dragoman"
    base_url: str = "http://127.0.0.1:8600"  # the address that readers use
    host: str = "127.0.0.1"
    port: int = Field(8600, ge=0, le=65535)
    contact: str = ""  # e-mail or address shown to readers and sent to publishers
    page_size: int = Field(20, ge=1, le=200)
    reports: bool = True  # readers may report bad translations, without an account
    trusted_proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For says who asks


class Desk(_Section):
    """The desk of those who run the relay."""

    enabled: bool = True  # does `dragoman run` open it?
    host: str = "127.0.0.1"
    port: int = Field(8601, ge=0, le=65535)
    base_url: str = ""  # the address that its users type, where a proxy stands before it
    names: tuple[str, ...] = ()  # other names of this machine that it answers to
    trusted_proxies: tuple[Network, ...] = ()  # whose word on where a request comes from counts


class Reader(_Section):
    """Reading programs: the Google Reader API, for one reader."""

    user: str = Field("", pattern=r"^[A-Za-z0-9._@+-]{0,64}$")  # empty: off


class Webhook(_Section):
    """An address that is told what happens."""

    url: str = Field(pattern=r"^https?://")
    events: tuple[Event, ...] = Field(min_length=1)
    secret_env: str = "DRAGOMAN_WEBHOOK_SECRET"  # noqa: S105 - where it is, not what it is
    search: str = Field("", max_length=300)  # what search.match looks for


class Fetch(_Section):
    """How publishers are asked."""

    interval_minutes: int = Field(30, ge=1)  # between polls of one source
    host_interval_s: float = Field(1.0, ge=0)  # between requests to one host
    concurrency: int = Field(20, ge=1, le=500)  # hosts asked at the same time
    allow_networks: tuple[Network, ...] = ()  # private networks that may be fetched from
    total_s: float = Field(60.0, gt=0)  # deadline of one request
    max_mb: float = Field(10.0, gt=0)  # largest body
    ports: tuple[Port, ...] = (80, 443, 8000, 8080, 8443, 8888)  # outside allow_networks
    proxy: Annotated[str, AfterValidator(_proxy)] = ""  # through which everything is fetched


class Translate(_Section):
    """How articles are translated."""

    # So that options can be written as numbers in the file, too.
    model_config = ConfigDict(coerce_numbers_to_str=True)

    engines: tuple[str, ...] = ("firefox", "apertium")  # in order of preference
    options: dict[str, dict[str, str]] = {}  # by engine
    deadline_s: float = Field(600.0, gt=0)  # for one article
    monthly_cap: float = Field(0.0, ge=0)  # on what engines cost, in their prices' money; 0: none


class Link(_Section):
    """How reports find one another."""

    encoder: str = Field("use", min_length=1)  # the entry point that turns texts into vectors
    event_days: float = Field(2.0, ge=0.5, le=365)  # that reports of one event may lie apart
    event_threshold: float = Field(-1.25, ge=-6, le=6)  # log odds from which they are one event


class Run(_Section):
    """Where heavy work runs."""

    runner: Literal["local", "ray"] = "local"  # processes of this machine, or a Ray cluster
    workers: int = Field(0, ge=0)  # 0: one for each core
    memory_mb: int = Field(4096, ge=512)  # for one worker
    extract_deadline_s: float = Field(60.0, gt=0)
    ray_address: str = "auto"  # of the cluster's head; auto: the cluster that this machine is of
    ray_cpus: float = Field(1.0, ge=0)  # that one worker claims
    ray_gpus: float = Field(0.0, ge=0)


class Keep(_Section):
    """How many days things are kept; 0: for ever."""

    pages_days: Days = 90  # raw pages, after their last fetch
    revisions_days: Days = 0  # of articles, and translations that were replaced
    failures_days: Days = 30  # of pages that were given up
    reports_days: Days = 365  # of readers, once closed
    audit_days: Days = 365  # of what was done at the desk
    sessions_days: Days = 30  # ended sessions, old links, wrong passwords
    webhooks_days: Days = 30  # messages that were given up
    articles_days: Days = 0  # articles with all that was made of them


class Settings(BaseSettings):
    """Everything that can be set; unknown keys are refused."""

    model_config = SettingsConfigDict(
        env_prefix="DRAGOMAN_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    editions: tuple[Language, ...] = Field(("en", "pt"), min_length=1)
    data: Path = Path("data")  # the database and the models
    store: str = ""  # database address; empty: SQLite in ``data``
    log: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["text", "json"] = "text"
    site: Site = Site()
    desk: Desk = Desk()
    fetch: Fetch = Fetch()
    translate: Translate = Translate()
    link: Link = Link()
    run: Run = Run()
    reader: Reader = Reader()
    keep: Keep = Keep()
    webhooks: tuple[Webhook, ...] = ()

    @property
    def store_url(self) -> str:
        """The address of the database."""
        return self.store or f"sqlite:///{self.data / 'relay.db'}"

    @property
    def models(self) -> Path:
        """The folder of the models."""
        return self.data / "models"

    @property
    def user_agent(self) -> str:
        """How we name ourselves to publishers, with where to complain."""
        from dragoman import __version__

        return f"Dragoman/{__version__} (+{self.site.contact or self.site.base_url})"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the origins: environment first, then the file, then defaults."""
        file = cls.model_config.get("toml_file")
        origins = [init_settings, env_settings]
        if file:
            origins.append(TomlConfigSettingsSource(settings_cls, file))
        return tuple(origins)


def load_settings(file: Path | None = None, **given: Any) -> Settings:
    """Read the configuration; without a file, ``dragoman.toml`` of this folder if it is there.

    Relative paths count from the file's folder. Raises `ConfigError`, whose message names the
    file, the key and the remedy.
    """
    if file is None and Path(FILE_NAME).is_file():
        file = Path(FILE_NAME)
    if file is not None and not file.is_file():
        raise ConfigError(f"{file}: no such file; `dragoman init` writes one to start from")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = FromFile(**given)
    except ValidationError as error:
        raise ConfigError(_explain(error, file)) from error
    except (ValueError, OSError) as error:  # TOML that cannot be parsed, a file that cannot be read
        raise ConfigError(f"{file}: {error}") from error
    if file is not None and not settings.data.is_absolute():
        settings = settings.model_copy(update={"data": file.resolve().parent / settings.data})
    return settings


def _explain(error: ValidationError, file: Path | None) -> str:
    lines = []
    for problem in error.errors():
        path = [str(part) for part in problem["loc"]]
        key = ".".join(path)
        if problem["type"] == "extra_forbidden":
            lines.append(f"unknown key '{key}'{_suggest(path)}")
        else:
            message = problem["msg"].removeprefix("Value error, ")
            lines.append(f"'{key}': {message}")
    where = file or "environment variables DRAGOMAN_*"
    return f"{where}: " + "; ".join(lines)


def _suggest(path: list[str]) -> str:
    model: type[BaseModel] = Settings
    for part in path[:-1]:
        field = model.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ""
        model = inner
    known = list(model.model_fields)
    close = difflib.get_close_matches(path[-1], known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(known)}"

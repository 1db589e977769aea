"""A configuration with a mistake gets one message that names the file, the key and the remedy."""

from inspect import signature
from pathlib import Path

import pytest

from dragoman.cli import filters
from dragoman.cli.setup import TEMPLATE
from dragoman.config import Settings, load_settings
from dragoman.errors import ConfigError
from dragoman.link import Scale


def write(folder: Path, text: str) -> Path:
    file = folder / "dragoman.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_template_says_what_the_defaults_are(tmp_path: Path) -> None:
    written = load_settings(write(tmp_path, TEMPLATE))
    default = Settings()
    assert written.model_dump(exclude={"data"}) == default.model_dump(exclude={"data"})


def test_relative_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, 'data = "things"'))
    assert settings.data == tmp_path / "things"


def test_a_typo_in_a_key_is_named_with_what_was_probably_meant(tmp_path: Path) -> None:
    file = write(tmp_path, "editons = ['en']")
    with pytest.raises(ConfigError, match=r"dragoman\.toml.*'editons'; did you mean 'editions'"):
        load_settings(file)


def test_a_typo_inside_a_section_is_named_too(tmp_path: Path) -> None:
    file = write(tmp_path, "[site]\nprot = 8600")
    with pytest.raises(ConfigError, match=r"'site\.prot'; did you mean 'port'"):
        load_settings(file)


def test_an_unknown_language_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, 'editions = ["en", "klingon"]')
    with pytest.raises(ConfigError, match="'klingon' is no language code"):
        load_settings(file)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "editions = [")
    with pytest.raises(ConfigError, match=r"dragoman\.toml"):
        load_settings(file)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dragoman init"):
        load_settings(tmp_path / "dragoman.toml")


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_SITE__PORT", "9000")
    assert load_settings(write(tmp_path, "[site]\nport = 8000")).site.port == 9000


def test_languages_are_spelled_as_in_bcp_47(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, 'editions = ["pt_br"]')).editions == ("pt-BR",)


def test_a_network_that_is_none_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, '[fetch]\nallow_networks = ["home"]')
    with pytest.raises(ConfigError, match="'home' is no network"):
        load_settings(file)


def test_a_proxy_that_is_none_is_named(tmp_path: Path) -> None:
    for wrong in ("socks5://a.example", "proxy.example:3128", "http://"):
        file = write(tmp_path, f'[fetch]\nproxy = "{wrong}"')
        with pytest.raises(ConfigError, match=r"'fetch\.proxy': a proxy is written like"):
            load_settings(file)
    file = write(tmp_path, '[fetch]\nproxy = "http://ann:pw@proxy.example:3128"')
    assert load_settings(file).fetch.proxy


def test_days_are_counted_from_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'keep\.pages_days'"):
        load_settings(write(tmp_path, "[keep]\npages_days = -1"))
    assert load_settings(write(tmp_path, "[keep]\npages_days = 0")).keep.pages_days == 0


def test_an_event_lasts_as_long_by_settings_by_the_filter_and_for_the_linker() -> None:
    options = {name: one.default for name, one in signature(filters.link).parameters.items()}
    settings = Settings().link
    assert Scale() == Scale(settings.event_days, settings.event_threshold)
    assert Scale() == Scale(options["event_days"], options["event_threshold"])

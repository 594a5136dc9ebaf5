"""A missing or unsafe setting stops the start with one line (TRUST R16)."""

import base64
import os

import pytest
from flask import Blueprint, request

from allies import config
from allies.errors import ConfigError

KEY = base64.urlsafe_b64encode(os.urandom(32)).decode()
GOOD = {"ALLIES_SECRET_KEY": KEY, "ALLIES_DATA_KEYS": KEY, "ALLIES_INDEX_KEY": KEY}


def test_good_settings_load(tmp_path):
    assert config.load(GOOD, tmp_path).public_name == "De Tafel"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEYS", "INDEX_KEY"])
@pytest.mark.parametrize("value", [None, "", " ", "a", "a" * 64, "changeme"])
def test_a_missing_empty_short_or_patterned_secret_is_refused(tmp_path, name, value):
    environ = {k: v for k, v in GOOD.items() if k != f"ALLIES_{name}"}
    if value is not None:
        environ[f"ALLIES_{name}"] = value

    with pytest.raises(ConfigError, match=name):
        config.load(environ, tmp_path)


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    config.ensure_secrets(tmp_path)
    assert config.load({}, tmp_path)
    (tmp_path / "secret_key").chmod(0o644)

    with pytest.raises(ConfigError, match="chmod 600"):
        config.load({}, tmp_path)


def test_fresh_secrets_are_for_their_owner_only_and_stay_as_they_are(tmp_path):
    folder = tmp_path / "instance"
    config.ensure_secrets(folder)
    first = {p.name: p.read_text() for p in folder.iterdir()}
    config.ensure_secrets(folder)

    assert {p.name: p.read_text() for p in folder.iterdir()} == first
    assert set(first) == {"secret_key", "data_keys", "index_key"}
    assert len(set(first.values())) == 3
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


NO_ADDRESSES = (
    "x", "a b@example.org", "fg@", "@example.org", "fg@exämple.org",
    "fg@example.org, b@example.org", "fg@example.org\nBcc: x",
)  # fmt: skip


@pytest.mark.parametrize("value", NO_ADDRESSES)
def test_an_address_for_the_head_of_the_log_that_is_none_is_refused(tmp_path, value):
    assert config.load(GOOD, tmp_path).audit_mail == ""
    good = config.load(GOOD | {"ALLIES_AUDIT_MAIL": " fg@example.org "}, tmp_path)
    assert good.audit_mail == "fg@example.org"

    with pytest.raises(ConfigError, match="ALLIES_AUDIT_MAIL"):
        config.load(GOOD | {"ALLIES_AUDIT_MAIL": value}, tmp_path)


def test_the_data_keys_are_read_anew_from_their_file(tmp_path):
    config.ensure_secrets(tmp_path)
    settings = config.load({}, tmp_path)
    (tmp_path / "data_keys").write_text(f"{KEY},{(tmp_path / 'data_keys').read_text()}")

    assert len(settings.reload_data_keys()) == 2
    assert settings.reload_data_keys()[1:] == settings.data_keys
    assert config.load(GOOD, tmp_path).data_keys_file is None


@pytest.mark.parametrize(
    "settings",
    [
        {"ALLIES_BASE_URL": "https://tafel.example.org"},
        {"ALLIES_TRUSTED_HOSTS": "localhost,tafel.example.org"},
    ],
)
def test_the_demo_can_not_be_switched_on_off_localhost(tmp_path, settings):
    assert config.load(GOOD | {"ALLIES_DEMO": "1"}, tmp_path).demo

    with pytest.raises(ConfigError, match="DEMO"):
        config.load(GOOD | settings | {"ALLIES_DEMO": "1"}, tmp_path)


def test_a_view_without_a_guard_stops_the_start(monkeypatch, app, create):
    monkeypatch.setattr("allies.BLUEPRINTS", (open_door(),))

    with pytest.raises(ConfigError, match="door"):
        create(app.config["ALLIES"])


def open_door():
    blueprint = Blueprint("door", __name__)
    blueprint.add_url_rule("/door", "open", lambda: "come in")
    return blueprint


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path, create):
    settings = config.load(GOOD | {"ALLIES_BASE_URL": "https://tafel.example.org"}, tmp_path)
    secure = create(settings)
    answer = secure.test_client().get("/sign-in", base_url="https://tafel.example.org")
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize(("proxies", "counted"), [("0", "127.0.0.1"), ("1", "198.51.100.7")])
def test_only_as_many_proxies_are_believed_as_there_are(tmp_path, create, proxies, counted):
    """A visitor can write any X-Forwarded-For; the proxy of ours adds the last one."""
    app = create(config.load(GOOD | {"ALLIES_PROXIES": proxies}, tmp_path))
    app.add_url_rule("/who", "who", lambda: request.remote_addr)
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}

    assert app.test_client().get("/who", headers=forged).text == counted


def test_a_foreign_host_header_is_refused(app):
    assert app.test_client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400

"""What anybody may ask: is it well, where to report a weakness, how an app is called."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from allies.db import database, now
from allies.errors import ConfigError
from allies.notifications.models import Delivery
from allies.notifications.service import tell
from allies.queue import beat
from tests.conftest import settings_in
from tests.notifications.words import forbidden_in


@pytest.fixture
def health(app):
    """health() is the status and the word; no worker has ever given a sign of life."""
    (app.config["ALLIES"].instance / "worker.beat").unlink(missing_ok=True)

    def ask():
        answer = app.test_client().get("/healthz")
        assert ("Retry-After" in answer.headers) == (answer.status_code == 503)
        return answer.status_code, answer.text

    return ask


def beaten(app, seconds_ago):
    settings = app.config["ALLIES"]
    beat(settings)
    moment = time.time() - seconds_ago
    os.utime(settings.instance / "worker.beat", (moment, moment))


def test_all_is_well_when_nothing_waits_also_without_a_worker(health):
    assert health() == (200, "ok")


@pytest.mark.parametrize(("silent", "said"), [(170, (200, "ok")), (190, (503, "worker"))])
def test_a_worker_silent_for_three_minutes_is_missed_when_something_waits(
    app, health, member, silent, said
):
    beaten(app, silent)
    assert health() == (200, "ok")
    tell([member("anna")])

    assert health() == said


def test_a_queue_that_does_not_empty_is_reported(app, health, member):
    beaten(app, 0)
    tell([member("anna")])
    Delivery.update(created_at=now() - timedelta(minutes=6)).execute()

    assert health() == (503, "queue")


def test_a_database_that_does_not_answer_is_reported(app, health):
    database.close()
    file = app.config["ALLIES"].instance / "allies.db"
    file.write_bytes(b"this is not a database" * 100)

    assert health() == (503, "database")
    database.close()


def test_security_txt_is_valid_and_not_about_to_lapse(app):
    answer = app.test_client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())

    assert answer.mimetype == "text/plain"
    assert fields["Contact"] == "mailto:security@localhost"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields["Preferred-Languages"] == "nl, en"
    assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_the_contact_for_weaknesses_is_a_setting(tmp_path):
    settings = settings_in(tmp_path, SECURITY_CONTACT="https://example.org/melden")
    assert settings.security_contact == "https://example.org/melden"
    for wrong in ("security@example.org", "mailto:a@b.nl\nContact: x"):
        with pytest.raises(ConfigError):
            settings_in(tmp_path, SECURITY_CONTACT=wrong)


def test_an_installed_app_has_the_neutral_name_and_icons_that_exist(app):
    client = app.test_client()
    answer = client.get("/manifest.webmanifest")

    assert answer.mimetype == "application/manifest+json"
    assert (answer.json["name"], answer.json["short_name"]) == ("De Tafel", "De Tafel")
    assert (answer.json["start_url"], answer.json["display"]) == ("/", "standalone")
    assert forbidden_in(answer.text) == []
    assert [i["sizes"] for i in answer.json["icons"]] == ["192x192", "512x512"]
    for icon in answer.json["icons"]:
        with client.get(icon["src"]) as file:
            assert file.status_code == 200

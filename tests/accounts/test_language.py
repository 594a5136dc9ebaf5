"""Dutch unless chosen otherwise; the choice stays on the account (PRODUCT 2)."""

import pytest

from allies.accounts.models import User
from tests.walk import content_hash


def test_a_choice_is_remembered_on_the_account_and_on_the_next_device(client_of, cast):
    phone = client_of(cast.anna)
    assert 'lang="nl"' in phone.get("/").text

    answer = phone.post("/language", {"locale": "en", "next": "/meetings"})

    assert (answer.status_code, answer.location) == (303, "/meetings")
    assert 'lang="en"' in phone.get("/").text
    assert 'lang="en"' in client_of(cast.anna).get("/").text
    assert 'lang="nl"' in client_of(cast.bram).get("/").text


def test_before_sign_in_the_choice_stays_in_this_browser(app):
    client = app.test_client()
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/language", data={"csrf_token": token, "locale": "en", "next": "/sign-in"})

    assert 'lang="en"' in client.get("/sign-in").text
    assert 'lang="nl"' in app.test_client().get("/sign-in").text


@pytest.mark.parametrize("locale", ["", "de", "../nl", "nl\0"])
def test_a_language_we_do_not_speak_changes_nothing(client_of, cast, locale):
    anna, before = client_of(cast.anna), content_hash()

    assert anna.post("/language", {"locale": locale, "next": "//evil.example"}).location == "/"
    assert content_hash() == before
    assert User.get_by_id(cast.anna.id).locale == "nl"

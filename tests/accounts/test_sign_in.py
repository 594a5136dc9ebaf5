"""Signing in and out; a sign-in that has ended opens nothing (TRUST T13, T21, T22, T33)."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allies.accounts.models import SignIn, User
from allies.accounts.service import authenticate, end_all_sign_ins, set_passphrase
from allies.audit import AuditLine
from allies.db import now
from allies.demo import cast as demo_cast
from allies.demo.loader import PASSPHRASE
from allies.entrance import safe_next
from allies.people.models import Identity
from tests.accounts.doors import Door


@pytest.fixture
def door(app):
    return Door(app)


def test_the_right_passphrase_and_then_the_right_code_open_the_start_page(door):
    assert door.type_passphrase().location == "/sign-in/code"
    assert not door.is_in

    assert door.type_code().location == "/"
    assert door.is_in


def test_everything_else_gives_the_same_answer(app, cast, monkeypatch):
    monkeypatch.setitem(app.config, "ALLIES", without_demo(app.config["ALLIES"]))
    wrong = Door(app).type_passphrase(passphrase="een heel ander zinnetje")
    unknown = Door(app).type_passphrase(email="nobody@example.org")
    only_passkeys = Door(app).type_passphrase(email="bram@example.org")
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()
    disabled = Door(app).type_passphrase()

    others = (unknown, only_passkeys, disabled)
    assert {answer.status_code for answer in (wrong, *others)} == {422}
    assert all(normal(answer) == normal(wrong) for answer in others)
    assert {len(answer.data) for answer in (wrong, disabled)} == {len(wrong.data)}


def normal(answer):
    """The page without what differs on every page: tokens, and the address that was typed."""
    differs = ("csrf_token", 'name="once"', 'name="email"')
    return [line for line in answer.text.splitlines() if not any(d in line for d in differs)]


def test_signing_out_ends_the_sign_in_for_every_copy_of_the_cookie(app, door):
    copy = Door(app)
    door.enter()
    door.copy_to(copy, "table")
    assert copy.is_in

    answer = door.post("/sign-out", {}, page="/meetings")

    assert answer.headers["Clear-Site-Data"] == '"cookies"'
    assert copy.get("/").location.startswith("/sign-in")


@pytest.mark.parametrize("path", ["/sign-out", "/account/sign-out-everywhere"])
@pytest.mark.parametrize(("locale", "told"), [("nl", "U bent uitgelogd"), ("en", "You are signed")])
def test_signing_out_is_told_in_the_language_that_was_read(
    app, client_of, cast, path, locale, told
):
    anna = client_of(cast.anna)
    anna.post("/language", {"locale": locale})
    answer = anna.post(path)

    forgotten = app.test_client()  # as the browser is once it has cleared its cookies
    assert told in forgotten.get(answer.location).text
    assert told not in forgotten.get("/sign-in").text


def test_signing_out_everywhere_ends_every_device(client_of, cast):
    phone, laptop = client_of(cast.anna), client_of(cast.anna)

    phone.post("/account/sign-out-everywhere")

    assert [d.get("/").status_code for d in (phone, laptop)] == [303, 303]
    assert client_of(cast.bram).get("/").status_code == 200


def test_disabling_somebody_ends_what_they_had_open(client_of, cast):
    anna = client_of(cast.anna)
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()

    assert anna.get("/").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 303)])
def test_a_sign_in_idles_out_after_half_an_hour(client_of, cast, minutes, status):
    anna = client_of(cast.anna)

    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert anna.get("/").status_code == status


@pytest.mark.parametrize(("persona", "hours"), [("anna", 12), ("carla", 8)])
def test_a_sign_in_ends_whatever_happens(client_of, cast, persona, hours):
    user = getattr(cast, persona)
    device, began = client_of(user), now()
    for minutes in range(20, hours * 60, 20):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert device.get("/").status_code == 200, minutes

    with time_machine.travel(began + timedelta(hours=hours, seconds=1)):
        assert device.get("/").status_code == 303


def test_being_seen_is_written_at_most_every_five_minutes(client_of, cast):
    anna, began = client_of(cast.anna), now()
    for minutes in (1, 4, 6):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            anna.get("/")
    seen = SignIn.get(SignIn.user == cast.anna).seen_at

    assert timedelta(minutes=6) <= seen - began < timedelta(minutes=7)


def test_only_the_hash_of_the_secret_is_stored(door):
    door.enter()
    with door.client.session_transaction() as session:
        secret = session["_user_id"]

    assert len(secret) >= 43
    assert secret not in repr(list(SignIn.select().dicts()))


def test_another_persona_in_the_same_browser_ends_the_first_sign_in(app, door):
    copy = Door(app)
    door.enter()
    door.copy_to(copy, "table")

    door.post("/demo/sign-in", {"persona": "bram"}, page="/meetings")

    assert copy.get("/").status_code == 303


def test_after_signing_in_you_are_where_you_wanted_to_be(door):
    assert door.get("/meetings").location == "/sign-in?next=/meetings"

    second = door.type_passphrase(path="/sign-in?next=/meetings").location
    assert second == "/sign-in/code?next=/meetings"
    assert door.type_code(path=second).location == "/meetings"


def test_an_accent_counts_as_the_same_however_the_keyboard_writes_it(app, cast):
    set_passphrase(cast.anna, "een cafe\u0301 vol mosselen")

    assert Door(app).type_passphrase(passphrase="een caf\u00e9 vol mosselen").status_code == 303


def test_of_two_who_share_a_mailbox_each_has_a_passphrase_of_their_own(app, cast):
    Identity.delete().where(Identity.user == cast.bram).execute()
    Identity.enrol(cast.bram, name="Bram", email="anna@example.org")
    set_passphrase(cast.bram, "fiets regen koekje trompet")

    assert authenticate("anna@example.org", PASSPHRASE) == cast.anna
    assert authenticate("Anna@Example.org ", "fiets regen koekje trompet") == cast.bram


@given(
    path=st.text(max_size=40) | st.sampled_from(["//evil.example", "/\\evil.example", "https:evil"])
)
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nobody_is_sent_to_another_site(app, path):
    with app.test_request_context():
        for tried in (path, f"//evil.example/{path}", f"https://evil.example/{path}"):
            after = safe_next(tried)
            assert urlsplit(urljoin("http://localhost/", after)).netloc == "localhost"
            assert after.startswith("/")
            assert "\\" not in after


def test_a_newcomer_with_the_address_of_a_persona_does_not_become_it(app, cast):
    newcomer = User.create(id="0")
    Identity.enrol(newcomer, name="Truus", email="anna@example.org")

    assert demo_cast.user_of("anna") == cast.anna


def test_the_demo_sign_in_is_there_only_in_the_demo(app, monkeypatch):
    client = app.test_client()
    page = client.get("/sign-in")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "persona": "anna"}
    assert client.post("/demo/sign-in", data=form | {"persona": "nobody"}).status_code == 404

    monkeypatch.setitem(app.config, "ALLIES", without_demo(app.config["ALLIES"]))
    assert 'name="persona"' not in app.test_client().get("/sign-in").text
    assert client.post("/demo/sign-in", data=form).status_code == 404
    monkeypatch.undo()
    assert client.post("/demo/sign-in", data=form).status_code == 303


def without_demo(settings):
    return replace(settings, demo=False)


def test_sign_ins_are_in_the_audit_log_and_an_allys_answers_are_not(client_of, cast, veere):
    before = AuditLine.select().count()
    anna = client_of(cast.anna)
    meeting = next(m for m in veere.meetings if m.is_open)
    anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes"})
    end_all_sign_ins(cast.anna)

    lines = list(AuditLine.select().order_by(AuditLine.id).offset(before))
    assert [line.action for line in lines] == ["account.signed-in", "account.signed-out-everywhere"]

"""Signing in and out; a sign-in that has ended opens nothing (TRUST T13, T21, T22, T33)."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allies.accounts.models import Attempt, SignIn, User
from allies.accounts.service import end_all_sign_ins
from allies.audit import AuditLine
from allies.db import now
from allies.demo import cast as demo_cast
from allies.demo.loader import PASSPHRASE
from allies.people.models import Identity
from allies.web import safe_next


def sign_in(client, email="anna@example.org", passphrase=PASSPHRASE, path="/sign-in"):
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "email": email, "passphrase": passphrase}
    return client.post(path, data=data)


def test_the_right_passphrase_opens_the_start_page(app):
    client = app.test_client()

    assert sign_in(client).location == "/"
    assert client.get("/").status_code == 200


def test_everything_else_gives_the_same_answer(app, cast, monkeypatch):
    monkeypatch.setitem(app.config, "ALLIES", without_demo(app.config["ALLIES"]))
    wrong = sign_in(app.test_client(), passphrase="een heel ander zinnetje")
    unknown = sign_in(app.test_client(), email="nobody@example.org")
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()
    disabled = sign_in(app.test_client())

    assert wrong.status_code == unknown.status_code == disabled.status_code == 422
    assert normal(wrong) == normal(disabled) == normal(unknown)


def normal(answer):
    """The page without what differs on every page: tokens, and the address that was typed."""
    differs = ("csrf_token", 'name="once"', 'name="email"')
    return [line for line in answer.text.splitlines() if not any(d in line for d in differs)]


def test_signing_out_ends_the_sign_in_for_every_copy_of_the_cookie(app):
    client, copy = app.test_client(), app.test_client()
    sign_in(client)
    copy.set_cookie("table", client.get_cookie("table").value)
    assert copy.get("/").status_code == 200
    token = client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.post("/sign-out", data={"csrf_token": token})

    assert answer.headers["Clear-Site-Data"] == '"cookies"'
    assert copy.get("/").location.startswith("/sign-in")


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


def test_only_the_hash_of_the_secret_is_stored(app, cast):
    client = app.test_client()
    sign_in(client)
    with client.session_transaction() as session:
        secret = session["_user_id"]

    assert len(secret) >= 43
    assert secret not in repr(list(SignIn.select().dicts()))


def test_guessing_is_stopped_before_the_slow_hash_but_not_for_others(app):
    answers = [sign_in(app.test_client(), passphrase="x" * n).status_code for n in range(1, 13)]

    assert answers == [422] * 10 + [429] * 2
    assert sign_in(app.test_client(), email="bram@example.org").status_code == 422
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sign_in(app.test_client()).status_code == 303


def test_right_passphrases_use_up_no_limit(app):
    assert [sign_in(app.test_client()).status_code for _n in range(12)] == [303] * 12
    assert Attempt.select().count() == 0


def test_strangers_elsewhere_can_not_use_up_the_tries_of_everybody(app):
    """Wrong tries on many accounts from many networks stop nobody else."""
    for number in range(70):
        environ = {"REMOTE_ADDR": f"198.51.{number}.1"}
        client = app.test_client()
        token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": token, "email": f"x{number}@example.org", "passphrase": "wrong"}
        assert client.post("/sign-in", data=data, environ_overrides=environ).status_code == 422

    assert sign_in(app.test_client()).status_code == 303


def test_another_persona_in_the_same_browser_ends_the_first_sign_in(app):
    client, copy = app.test_client(), app.test_client()
    sign_in(client)
    copy.set_cookie("table", client.get_cookie("table").value)
    token = client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]

    client.post("/demo/sign-in", data={"csrf_token": token, "persona": "bram"})

    assert copy.get("/").status_code == 303


def test_counted_tries_name_neither_account_nor_network(app):
    sign_in(app.test_client(), passphrase="wrong")

    stored = repr(list(Attempt.select().dicts()))
    assert "anna" not in stored
    assert "127.0.0" not in stored


def test_a_bare_try_tells_how_long_to_wait(app):
    for _try in range(10):
        sign_in(app.test_client(), passphrase="wrong")

    assert int(sign_in(app.test_client()).headers["Retry-After"]) == 900


def test_after_signing_in_you_are_where_you_wanted_to_be(app):
    client = app.test_client()
    assert client.get("/meetings").location == "/sign-in?next=/meetings"

    assert sign_in(client, path="/sign-in?next=/meetings").location == "/meetings"


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

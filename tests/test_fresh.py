"""What can do harm asks who you are, unless you showed it just now (TRUST T25)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from allies import policy
from allies.accounts.models import FRESH, SignIn
from allies.alliances.models import Alliance
from allies.crypto import digest
from allies.db import now
from tests.walk import addresses, content_hash, guarded, is_visible, rows_of

# Every action that changes something stands here or in policy.FRESH: a new one must be judged.
NOT_HARMFUL = {
    "account.show",  # a form that was not sent: its own address asks again
    "account.sign-out", "account.lost-phone", "alliance.switch",
    "membership.pause", "membership.redraw", "membership.object", "objection.answer",
    "meeting.change", "meeting.cancel", "calendar.stop",
    "meeting.rsvp", "meeting.answer-for", "meeting.plan", "meeting.invite", "meeting.remind",
    "guest.invite",
    "agenda.change",
    "topic.new", "topic.rewrite", "topic.support", "topic.approve", "topic.return",
    "topic.decline", "topic.schedule", "topic.discuss", "topic.outcome",
    "advice.new", "advice.confirm", "advice.withdraw", "advice.close", "advice.outcome",
    "advice.answer",
    "venue.change", "alliance.agree",
    "date.ask", "date.answer", "date.pick",
    "action.change", "action.done", "meeting.attendance",
    "minutes.write", "minutes.publish", "minutes.contest", "minutes.reply", "minutes.outcome",
}  # fmt: skip
LONG_AGO = FRESH + timedelta(seconds=1)


def stale(device):
    """Let a device's sign-in be one that was proved too long ago."""
    with device.client.session_transaction() as session:
        mine = SignIn.id == digest(session["_user_id"])
    assert SignIn.update(proved_at=now() - LONG_AGO).where(mine).execute() == 1
    return device


@pytest.fixture
def harmful_posts(app, cast, client_of):
    """(device with a stale sign-in, path) for each FRESH address, by somebody who may use it."""
    found = []
    for user in vars(cast).values():
        device = client_of(user)
        token = device.token
        stale(device)
        for address in both(app):
            for row in rows_for(address, user):
                if address.guard in policy.FRESH and policy.can(user, address.guard, row):
                    found.append((device, token, address.at(row.id if row else "")))
    return found


def both(app):
    return [*guarded(app, "POST", with_row=True), *guarded(app, "POST", with_row=False)]


def rows_for(address, user):
    """A row this user can see for an address that needs one, else one None."""
    if not address.on:
        return [None]
    rows = [r for a in Alliance.select() for r in rows_of(address.on, a)]
    return [r for r in rows if is_visible(address.on, user, r)][:3]


def test_every_changing_action_is_judged(app):
    judged = {a.guard for a in addresses(app, "POST") if a.guard != "public"}

    assert judged - policy.FRESH <= NOT_HARMFUL
    assert not policy.FRESH & NOT_HARMFUL


def test_a_sign_in_proved_long_ago_gets_the_question_and_changes_nothing(harmful_posts):
    before = content_hash()
    assert len({path.split("/")[1] for _device, _token, path in harmful_posts}) >= 3
    for device, token, path in harmful_posts:
        fields = {"csrf_token": token, "note": "Dit is waarom het nodig is."}
        answer = device.client.post(path, data=fields)
        assert answer.status_code == 403, path
        assert 'name="proof_passphrase"' in answer.text, path
        assert "Dit is waarom het nodig is." in answer.text, path
    assert content_hash() == before


def test_a_wrong_proof_changes_nothing(harmful_posts, app):
    device, token, path = harmful_posts[0]
    before = content_hash()
    for proof in ("proof_passphrase", "proof_code", "proof_passkey"):
        answer = device.client.post(path, data={"csrf_token": token, proof: "fout"})
        assert answer.status_code == 403, proof
    assert content_hash() == before


def test_a_right_proof_renews_the_sign_in_and_the_old_cookie_is_dead(app, cast, client_of, veere):
    device = client_of(cast.carla)
    token = device.token
    stale(device)
    with device.client.session_transaction() as session:
        old = session["_user_id"]
    path = f"/alliances/{veere.id}/invitations"

    answer = device.client.post(path, data={"csrf_token": token, "proof_demo": "1"})

    assert answer.status_code == 200
    with device.client.session_transaction() as session:
        assert session["_user_id"] != old
    assert SignIn.user_of(old) is None
    assert device.post(path).status_code == 200  # and for five minutes no question again


def test_one_press_proves_nothing_outside_the_demo(cast, client_of, veere, app):
    device = client_of(cast.carla)
    token = device.token
    stale(device)
    app.config["ALLIES"], demo = replace(app.config["ALLIES"], demo=False), app.config["ALLIES"]
    try:
        answer = device.client.post(
            f"/alliances/{veere.id}/invitations", data={"csrf_token": token, "proof_demo": "1"}
        )
    finally:
        app.config["ALLIES"] = demo

    assert answer.status_code == 403

"""What people see when something does not go through (CONTRACT, addresses; TRUST R04-R06, T41)."""

import sqlite3
import threading
import time
from datetime import timedelta

import pytest
import time_machine

from allies.db import now
from allies.forms import clean
from allies.meetings.models import Meeting, Rsvp
from allies.receipts import Receipt

HTMX = {"HX-Request": "true"}
TYPED = "Ik neem soep mee voor iedereen."


@pytest.fixture
def meeting(veere):
    return next(m for m in sorted(veere.meetings, key=lambda m: m.starts_at) if m.is_open)


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


@pytest.fixture
def path(meeting):
    return f"/meetings/{meeting.id}/rsvp"


def test_the_same_form_sent_twice_gives_one_row_and_the_same_answer(anna, meeting, path):
    form = {"answer": "yes", "note": TYPED, "once": "key-0123456789"}
    first, second = anna.post(path, form), anna.post(path, form)

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert Rsvp.select().where(Rsvp.note == TYPED).count() == 1


def test_the_same_form_sent_twice_by_htmx_gives_the_same_part(anna, path):
    form = {"answer": "yes", "once": "key-0123456789"}
    answers = [anna.post(path, form, headers=HTMX) for _try in range(2)]

    assert [a.status_code for a in answers] == [200, 200]
    assert all('id="rsvp-' in a.text for a in answers)


def test_fifty_of_the_same_form_at_once_give_one_row(app, anna, path):
    form = {"csrf_token": anna.token, "answer": "yes", "note": TYPED, "once": "key-0123456789"}
    cookie, answers = anna.client.get_cookie("table").value, []

    def send():
        client = app.test_client()
        client.set_cookie("table", cookie)
        answer = client.post(path, data=form)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert Receipt.select().count() == 1
    assert Rsvp.select().where(Rsvp.note == TYPED).count() == 1


def test_a_key_that_comes_back_with_other_text_is_refused(anna, path):
    anna.post(path, {"answer": "yes", "once": "key-0123456789"})
    answer = anna.post(path, {"answer": "no", "note": TYPED, "once": "key-0123456789"})

    assert answer.status_code == 409
    assert TYPED in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_on_a_page_that_takes_forms_is_carried_out_once(client_of, cast, veere, headers):
    """Under htmx too: showing that page again must not send its form again."""
    carla, before = client_of(cast.carla), Meeting.select().count()
    day = f"{now() + timedelta(days=200):%Y-%m-%d}T19:30"
    form = {
        "starts_at": day,
        "duration": "90",
        "is_extra": "y",
        "once": "key-012345",
    }
    path = f"/alliances/{veere.id}/meetings/new"
    answers = [carla.post(path, form, headers=headers).status_code for _try in range(2)]

    assert len(set(answers)) == 1
    assert Meeting.select().count() == before + 1


def test_thousands_of_fields_are_not_drawn_again(app):
    """A stranger must not buy a megabyte of page with one form (TRUST A7)."""
    answer = app.test_client().post(
        "/sign-in", data="a=+1&" * 13_000, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400
    assert len(answer.data) < 40_000


def test_a_body_of_unknown_length_is_refused(anna, path):
    answer = anna.client.post(path, headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


@pytest.mark.parametrize("text", ["\u200b", " \u2060\ufe0f ", "\u061c", "\U000e0041", "\u202e \n"])
def test_a_text_nobody_can_see_is_no_text(text):
    assert clean(text) == ""


def test_what_can_be_seen_stays_as_it_was_typed():
    for text in ("Zoë 👩‍👩‍👧 🏳️‍🌈", "a\nb", "¿qué?", "سلام", "12 %", "می\u200cخواهم", "❤️\u200d🔥"):
        assert clean(text) == text


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d", "\u200d\u200c", "\u200d\u200b\u200d"])
def test_a_joiner_that_hides_in_a_word_goes(joiner):
    for left, right in (("Jan", "Jansen"), ("06", "12345678"), ("🙂", "Jan"), ("", "Jan")):
        assert clean(f"x {left}{joiner}{right}") == f"x {left}{right}"


def test_a_receipt_of_one_is_nothing_to_another(anna, client_of, cast, path):
    form = {"answer": "yes", "once": "key-0123456789"}
    anna.post(path, form)

    assert client_of(cast.bram).post(path, form).status_code == 303
    assert Receipt.select().count() == 2


def test_a_stale_form_comes_back_with_its_text_and_can_be_sent_again(anna, meeting, path):
    stale = anna.client.post(path, data={"csrf_token": "old", "answer": "yes", "note": TYPED})
    assert stale.status_code == 400
    assert TYPED in stale.text
    fresh = stale.text.split('name="csrf_token" value="')[-1].split('"')[0]

    again = anna.client.post(path, data={"csrf_token": fresh, "answer": "yes", "note": TYPED})

    assert again.status_code == 303
    assert Rsvp.select().where(Rsvp.note == TYPED).count() == 1


def test_too_long_a_text_is_refused_and_kept(anna, path):
    answer = anna.post(path, {"answer": "yes", "note": "ë" * 301})

    assert answer.status_code == 422
    assert "ë" * 301 in answer.text
    assert anna.post(path, {"answer": "yes", "note": "ë" * 300}).status_code == 303


@pytest.mark.parametrize("answer", ["", "perhaps", "YES", "yes\0"])
def test_an_answer_that_does_not_exist_is_refused(anna, path, answer):
    assert anna.post(path, {"answer": answer}).status_code == 422


def test_without_sign_in_what_was_typed_is_not_lost(app, path):
    plain = app.test_client().post(path, data={"answer": "yes", "note": TYPED})
    htmx = app.test_client().post(path, data={"answer": "yes", "note": TYPED}, headers=HTMX)

    assert (plain.status_code, htmx.status_code) == (401, 401)
    assert TYPED in plain.text
    assert htmx.headers["HX-Retarget"] == "#messages"


def test_a_page_of_another_role_is_told_as_that(client_of, cast, veere):
    eva = client_of(cast.eva)
    eva.post("/language", {"locale": "en"})
    answer = eva.get(f"/alliances/{veere.id}/year")

    assert answer.status_code == 403
    assert "not for your role" in answer.text
    assert "You can see this" not in answer.text


@pytest.mark.parametrize("status", [400, 403, 409, 413, 415])
def test_trouble_under_htmx_goes_to_the_messages_and_leaves_the_form(
    anna, client_of, cast, meeting, path, status
):
    devices = {403: client_of(cast.carla)}
    extra = {413: {"note": "a" * 70_000}, 409: {"answer": "no"}, 400: {"csrf_token": "old"}}
    anna.post(path, {"answer": "yes", "once": "key-0123456789"})
    kind = {"content_type": "multipart/form-data"} if status == 415 else {}
    form = {"answer": "yes", "once": "key-0123456789", **extra.get(status, {})}

    answer = devices.get(status, anna).post(path, form, headers=HTMX, **kind)

    assert answer.status_code == status
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (
        "#messages",
        "innerHTML",
    )
    assert "<html" not in answer.text
    assert "<form" not in answer.text


@pytest.fixture
def writer(app):
    """Somebody else who holds the write lock for so many seconds."""
    threads = []

    def hold(seconds):
        ready = threading.Event()

        def write():
            other = sqlite3.connect(
                app.config["ALLIES"].instance / "allies.db", isolation_level=None
            )
            other.execute("BEGIN IMMEDIATE")
            ready.set()
            time.sleep(seconds)
            other.execute("ROLLBACK")
            other.close()

        threads.append(threading.Thread(target=write))
        threads[-1].start()
        ready.wait()

    yield hold
    for thread in threads:
        thread.join()


def test_a_database_locked_for_two_seconds_only_makes_you_wait(anna, path, writer):
    token = anna.token
    writer(2)

    answer = anna.client.post(path, data={"csrf_token": token, "answer": "yes"})

    assert answer.status_code == 303


def test_a_database_locked_for_eight_seconds_says_so_and_keeps_the_text(anna, path, writer):
    token = anna.token
    writer(8)

    began = time.monotonic()
    answer = anna.client.post(path, data={"csrf_token": token, "answer": "yes", "note": TYPED})
    waited = time.monotonic() - began
    reading = anna.get("/meetings")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert TYPED in answer.text
    assert waited < 6
    assert reading.status_code == 200


def test_an_error_of_ours_shows_no_detail_and_logs_no_text(app, anna, path, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError(f"secret {TYPED}")

    monkeypatch.setattr("allies.meetings.answering.answer", broken)
    app.testing = False
    try:
        answer = anna.post(path, {"answer": "yes", "note": TYPED})
    finally:
        app.testing = True

    assert answer.status_code == 500
    assert "RuntimeError" not in answer.text
    assert "secret" not in answer.text
    assert "RuntimeError" in caplog.text
    assert TYPED not in caplog.text
    assert Rsvp.select().where(Rsvp.note == TYPED).count() == 0


def test_more_than_240_requests_a_minute_are_too_many(app, anna):
    with time_machine.travel(now(), tick=False):  # all in one minute, however slow the machine
        answers = [anna.get("/account") for _n in range(242)]

    assert [a.status_code for a in answers] == [200] * 240 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) <= 60

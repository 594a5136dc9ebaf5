"""The page behind the link: looking changes nothing, pressing answers (TRUST T15, T16)."""

from datetime import timedelta

import brotli
import pytest
import time_machine

from allies.accounts import losing
from allies.accounts.models import User
from allies.crypto import digest, token
from allies.db import now
from allies.i18n import local
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Link
from allies.notifications.views import UNKNOWN_TRIES
from allies.receipts import Receipt
from allies.venues.models import Venue
from tests.conftest import Device
from tests.notifications.words import forbidden_in
from tests.walk import content_hash

FIRST_PAGE_BYTES = 8_000


@pytest.fixture
def meeting(veere):
    """A meeting Anna has not answered."""
    venue = Venue.select().where(Venue.alliance == veere).get()
    return Meeting.create(
        alliance=veere, starts_at=now() + timedelta(days=3), duration=120, venue=venue
    )


@pytest.fixture
def link(member, meeting):
    """link() is the address of a fresh link for Anna and this meeting."""

    def make(persona="anna", meeting=meeting, ends_in=timedelta(days=4)):
        secret = token()
        Link.create(
            id=digest(secret),
            membership=member(persona),
            meeting_id=meeting and meeting.id,
            ends_at=now() + ends_in,
        )
        return f"/n/{secret}"

    return make


class Stranger(Device):
    """A browser that is not signed in."""

    def __init__(self, client, path):
        super().__init__(client)
        self.path = path

    @property
    def token(self):
        return self.field("csrf_token")

    @property
    def once(self):
        return self.field("once")

    def field(self, name):
        return (
            self.client.get(self.path)
            .text.split(f'name="{name}"')[1]
            .split('value="')[1]
            .split('"')[0]
        )

    def answer(self, answer, **fields):
        return self.post(self.path, {"answer": answer, **fields})


@pytest.fixture
def phone(app, link):
    return Stranger(app.test_client(), link())


def nothing_there(app):
    return app.test_client().get("/no/such/address").data


def test_the_page_shows_the_moment_and_three_buttons_none_chosen_and_no_more(
    phone, meeting, member
):
    page = phone.get(phone.path)

    assert page.status_code == 200
    assert page.text.count('name="answer"') == page.text.count('aria-pressed="false"') == 3
    assert 'aria-pressed="true"' not in page.text
    venue, anna = meeting.venue, member("anna")
    for secret in (venue.name, venue.area, venue.address, anna.alias, "Veere", meeting.id, anna.id):
        assert secret not in page.text
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert forbidden_in(title) == []
    assert "<script" not in page.text
    assert len(brotli.compress(page.data)) <= FIRST_PAGE_BYTES


def test_looking_changes_nothing(app, link):
    paths = [link(), link(meeting=None), link()]
    before, rsvps = content_hash(), Rsvp.select().count()
    for path in paths:
        for _twice in range(2):
            for method in ("GET", "HEAD", "OPTIONS"):
                assert app.test_client().open(path, method=method).status_code in {200, 303}

    assert (content_hash(), Rsvp.select().count()) == (before, rsvps)


@pytest.mark.parametrize("answer", ["yes", "maybe", "no"])
def test_pressing_keeps_the_answer_and_says_thank_you(phone, meeting, member, answer):
    pressed = phone.answer(answer)
    page = phone.get(phone.path)

    assert (pressed.status_code, pressed.location) == (303, phone.path)
    assert meeting.answer_of(member("anna")).answer == answer
    assert 'class="note good"' in page.text
    assert page.text.count('name="answer"') == 3


def test_a_link_that_is_passed_on_does_not_tell_the_answer(app, phone):
    phone.answer("yes")
    page = app.test_client().get(phone.path).text

    assert 'class="note good"' not in page
    assert 'aria-pressed="true"' not in page


def test_the_answer_can_be_changed_and_a_note_stays(phone, meeting, member):
    Rsvp.create(meeting=meeting, membership=member("anna"), answer="maybe", note="Kom met de bus")
    phone.answer("yes")
    phone.answer("no")

    mine = meeting.answer_of(member("anna"))
    assert (mine.answer, mine.note) == ("no", "Kom met de bus")
    assert Rsvp.select().where(Rsvp.meeting == meeting).count() == 1


def test_a_form_that_arrives_again_late_undoes_no_newer_answer(phone, meeting, member):
    once = phone.once
    phone.answer("yes", once=once)
    phone.answer("no", once=phone.once)

    assert phone.answer("yes", once=once).status_code == 303
    assert meeting.answer_of(member("anna")).answer == "no"
    assert phone.answer("maybe", once=once).status_code == 409


def test_an_answer_of_another_kind_is_refused(phone, meeting, member):
    assert phone.answer("perhaps").status_code == 422
    assert meeting.answer_of(member("anna")) is None


def test_an_answer_without_its_token_or_from_another_site_is_refused(phone, meeting, member):
    assert phone.client.post(phone.path, data={"answer": "yes"}).status_code == 400
    foreign = phone.post(phone.path, {"answer": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert meeting.answer_of(member("anna")) is None


def test_a_link_without_a_meeting_leads_to_the_start_which_asks_to_sign_in(app, link):
    client = app.test_client()
    answer = client.get(link(meeting=None))

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location.startswith("/sign-in")


def test_a_link_signs_nobody_in(app, phone):
    phone.answer("yes")

    assert phone.get("/").status_code == 303


def test_unknown_malformed_and_ended_links_answer_like_what_is_not_there(app, link, cast):
    ended, disabled = link(ends_in=-timedelta(seconds=1)), link("bram")
    User.update(disabled_at=now()).where(User.id == cast.bram.id).execute()
    for path in (ended, disabled, "/n/x", f"/n/{token()}", f"/n/{token()}x", "/n/" + "%0a" * 22):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.data) == (404, nothing_there(app)), path


def test_after_the_start_the_page_is_gone_and_pressing_is_too_late(app, phone, meeting, member):
    fields = {"answer": "yes", "csrf_token": phone.token}
    Meeting.update(starts_at=now() - timedelta(minutes=1)).where(Meeting.id == meeting.id).execute()

    assert phone.get(phone.path).data == nothing_there(app)
    late = phone.client.post(phone.path, data=fields)
    assert late.status_code == 409
    assert 'href="/"' not in late.text  # a guest has no start page, and a phone may be borrowed
    assert meeting.answer_of(member("anna")) is None


def test_at_the_second_of_the_start_it_is_too_late_and_a_second_before_it_is_not(
    app, phone, meeting, member
):
    with time_machine.travel(meeting.starts_at - timedelta(seconds=1), tick=False):
        fields = {"answer": "maybe", "csrf_token": phone.token}
        assert phone.client.post(phone.path, data=fields).status_code == 303
    with time_machine.travel(meeting.starts_at, tick=False):
        late = phone.client.post(phone.path, data=fields | {"answer": "yes"})
        assert phone.get(phone.path).data == nothing_there(app)

    assert late.status_code == 409
    assert "Het is al begonnen" in late.text
    assert meeting.answer_of(member("anna")).answer == "maybe"


def test_each_of_several_links_of_a_member_works(app, link, meeting, member):
    for answer in ("yes", "no", "maybe"):
        assert Stranger(app.test_client(), link()).answer(answer).status_code == 303
        assert meeting.answer_of(member("anna")).answer == answer


def test_a_link_answers_for_its_own_member_whoever_is_signed_in(
    app, link, client_of, cast, meeting, member
):
    path, bram = link(), client_of(cast.bram)
    fields = {"answer": "no", "csrf_token": bram.token}

    assert bram.client.post(path, data=fields).status_code == 303
    assert meeting.answer_of(member("anna")).answer == "no"
    assert meeting.answer_of(member("bram")) is None


def test_a_link_answers_no_other_meeting_whatever_is_sent_along(phone, veere, meeting, member):
    other = Meeting.create(alliance=veere, starts_at=now() + timedelta(days=4), duration=60)
    phone.answer("yes", meeting_id=other.id, meeting=other.id, membership=member("bram").id)

    assert meeting.answer_of(member("anna")).answer == "yes"
    assert Rsvp.select().where(Rsvp.meeting == other).count() == 0
    assert meeting.answer_of(member("bram")) is None


def test_after_a_lost_phone_every_link_is_dead(app, link, cast, meeting, member):
    paths, other = [link(), link(), link(meeting=None)], link("bram")
    phones = [Stranger(app.test_client(), path) for path in paths[:2]]
    tokens = [phone.token for phone in phones]
    losing.close_everything(cast.anna)

    for phone, csrf_token in zip(phones, tokens, strict=True):
        fields = {"answer": "yes", "csrf_token": csrf_token}
        assert phone.client.post(phone.path, data=fields).status_code == 404
    assert {app.test_client().get(path).status_code for path in paths} == {404}
    assert app.test_client().get(other).status_code == 200
    assert meeting.answer_of(member("anna")) is None


# -- a meeting that changes while the page stands open


def change(meeting, **facts):
    Meeting.update(**facts).where(Meeting.id == meeting.id).execute()


def test_an_answer_to_the_day_of_before_is_not_kept_and_the_new_day_is_shown(
    phone, meeting, member
):
    seen, once = phone.field("seen"), phone.once
    moved = meeting.starts_at + timedelta(days=1)
    change(meeting, starts_at=moved, sequence=meeting.sequence + 1)

    answer = phone.answer("yes", seen=seen, once=once)

    assert answer.status_code == 409
    assert f" {local(moved).day} " in answer.text.split('class="lead"')[1].split("</p>")[0]
    assert 'class="note warn"' in answer.text
    assert answer.text.count('name="answer"') == 3
    assert meeting.answer_of(member("anna")) is None
    assert phone.answer("yes", seen=phone.field("seen"), once=phone.once).status_code == 303
    assert meeting.answer_of(member("anna")).answer == "yes"


@pytest.mark.parametrize("seen", ["", "0"])
def test_who_does_not_say_what_was_seen_is_believed(phone, meeting, member, seen):
    assert phone.answer("no", seen=seen).status_code == 303
    assert meeting.answer_of(member("anna")).answer == "no"


@pytest.mark.parametrize("seen", ["1", "-1", "x", "0 "])
def test_a_page_of_another_day_is_never_believed(phone, meeting, member, seen):
    assert phone.answer("no", seen=seen).status_code == 409
    assert meeting.answer_of(member("anna")) is None


def test_of_what_is_cancelled_the_page_says_that_it_is_not_on(app, phone, meeting, member):
    fields = {"answer": "yes", "csrf_token": phone.token}
    change(meeting, cancelled_at=now())
    page = phone.get(phone.path)

    assert page.status_code == 200
    assert 'name="answer"' not in page.text
    venue = meeting.venue
    for secret in (venue.name, venue.area, venue.address, member("anna").alias, "Veere"):
        assert secret not in page.text
    assert phone.client.post(phone.path, data=fields).status_code == 409
    assert meeting.answer_of(member("anna")) is None
    with time_machine.travel(meeting.starts_at, tick=False):
        assert app.test_client().get(phone.path).data == nothing_there(app)


def test_of_a_draft_a_link_knows_nothing(app, phone, meeting):
    change(meeting, is_draft=True)

    assert phone.get(phone.path).data == nothing_there(app)


def test_a_link_answers_only_a_meeting_of_its_members_alliance(app, link, middelburg):
    elsewhere = (
        Meeting.select().where(Meeting.alliance == middelburg, Meeting.starts_at > now()).get()
    )

    assert app.test_client().get(link(meeting=elsewhere)).status_code == 404
    assert app.test_client().get(link("carla")).status_code == 404


def test_guessing_ends_in_429_and_locks_out_no_real_link(app, phone):
    codes = [app.test_client().get(f"/n/{token()}").status_code for _ in range(UNKNOWN_TRIES + 2)]

    assert codes == [404] * UNKNOWN_TRIES + [429] * 2
    assert phone.get(phone.path).status_code == 200


def test_the_token_is_stored_and_logged_nowhere(app, phone, caplog):
    caplog.set_level("DEBUG")
    phone.answer("yes", once=phone.once)
    phone.answer("perhaps")
    secret = phone.path.removeprefix("/n/")

    assert Receipt.select().count() == 1
    stored = b"".join(f.read_bytes() for f in app.config["ALLIES"].instance.glob("allies.db*"))
    assert secret.encode() not in stored
    assert secret not in caplog.text


def test_the_page_speaks_the_language_of_the_message(app, link, cast):
    User.update(locale="en").where(User.id == cast.bram.id).execute()

    assert '<html lang="en">' in app.test_client().get(link("bram")).text
    assert '<html lang="nl">' in app.test_client().get(link("anna")).text

"""Passkeys as a browser meets them: a challenge, an answer, a sign-in (TRUST T21, T24, T25)."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import SignIn, User
from allies.crypto import digest
from allies.db import now
from allies.passkeys.asking import given
from allies.passkeys.models import Passkey, SpentChallenge
from allies.people.models import Identity
from tests.conftest import settings_in
from tests.passkeys.authenticator import Phone


class Browser:
    """A browser that nobody has signed in with, on a phone with one passkey."""

    def __init__(self, app, phone):
        self.client, self.phone = app.test_client(), phone

    def asked(self, purpose="known"):
        return self.client.get(f"/passkeys/challenge?for={purpose}").json

    def sign_in(self, credential=None, **fields):
        credential = credential or self.phone.show(self.asked()["challenge"])
        facts = {"csrf_token": self.token, "credential": credential, **fields}
        return self.client.post("/sign-in/passkey", data=facts)

    @property
    def token(self):
        page = self.client.get("/sign-in")
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]

    @property
    def is_signed_in(self):
        return self.client.get("/account").status_code == 200


def add(device, phone, **fields):
    """Add a passkey of this phone to whoever is signed in on this device."""
    asked = device.get("/passkeys/challenge?for=new").json["challenge"]
    return device.post("/account/passkeys", {"credential": phone.make(asked), **fields})


@pytest.fixture
def phone(client_of, cast):
    """A phone whose passkey is Anna's."""
    phone = Phone()
    assert add(client_of(cast.anna), phone).location == "/account/keys"
    return phone


@pytest.fixture
def visitor(app, phone):
    return Browser(app, phone)


def let_time_pass(user):
    """Make every sign-in of this user older than what can do harm asks for."""
    long_ago = now() - timedelta(minutes=6)
    SignIn.update(proved_at=long_ago).where(SignIn.user == user.id).execute()


def test_a_passkey_alone_signs_in(visitor):
    answer = visitor.sign_in()

    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.is_signed_in


def test_a_passkey_leads_to_the_page_that_was_asked_for_and_to_ours_only(app, phone):
    places = {"/topics": "/topics", "https://evil.example": "/", "//evil.example": "/"}
    for asked, led_to in places.items():
        assert Browser(app, phone).sign_in(next=asked).location == led_to


def test_a_sign_in_with_a_passkey_is_fresh_and_knows_its_rough_device(visitor, cast):
    SignIn.delete().execute()
    visitor.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5)"
    visitor.sign_in()

    sign_in = SignIn.get(SignIn.user == cast.anna)
    assert sign_in.is_fresh
    assert sign_in.platform == "iPhone"


def test_every_failure_looks_the_same(app, visitor, cast):
    """An unknown key, a spent answer, a wrong address, nonsense, and who was shut out."""
    spent = visitor.phone.show(visitor.asked()["challenge"])
    visitor.sign_in(spent)
    used = Browser(app, visitor.phone)
    unknown = Browser(app, Phone())
    elsewhere = Browser(app, Phone(origin="http://evil.example", raw_id=visitor.phone.raw_id))
    answers = [used.sign_in(spent), unknown.sign_in(), elsewhere.sign_in(), unknown.sign_in("{")]
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()
    answers.append(used.sign_in())

    assert {a.status_code for a in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', "", a.text) for a in answers}) == 1
    assert not used.is_signed_in


def test_a_copied_cookie_and_answer_sign_nobody_in(app, visitor):
    credential = visitor.phone.show(visitor.asked()["challenge"])
    with visitor.client.session_transaction() as session:
        copied = dict(session)
    assert visitor.sign_in(credential).status_code == 303

    thief = Browser(app, Phone())
    thief.client.get("/sign-in")
    with thief.client.session_transaction() as session:
        session["challenge-known"] = copied["challenge-known"]
    assert thief.sign_in(credential).status_code == 422
    assert not thief.is_signed_in


def test_a_challenge_of_another_browser_is_worth_nothing(app, visitor):
    other = Browser(app, visitor.phone)

    assert other.sign_in(visitor.phone.show(visitor.asked()["challenge"])).status_code == 422


@pytest.mark.parametrize(
    ("passed", "status"),
    [(timedelta(minutes=4, seconds=50), 303), (timedelta(minutes=5, seconds=1), 422),
     (timedelta(hours=-1), 422)],
)  # fmt: skip
def test_a_challenge_is_good_for_five_minutes_whatever_the_clock_does(visitor, passed, status):
    credential = visitor.phone.show(visitor.asked()["challenge"])
    with time_machine.travel(now() + passed):
        assert visitor.sign_in(credential).status_code == status


def test_a_new_passkey_can_not_be_made_from_a_challenge_to_show_one(client_of, cast):
    anna = client_of(cast.anna)
    made = Phone().make(anna.get("/passkeys/challenge?for=known").json["challenge"])

    assert anna.post("/account/passkeys", {"credential": made}).status_code == 422
    assert Passkey.select().count() == 0


def test_asking_for_a_challenge_stores_nothing(app, visitor):
    before = SpentChallenge.select().count()
    visitor.asked(), visitor.asked("new")

    assert SpentChallenge.select().count() == before
    assert visitor.client.get("/passkeys/challenge?for=else").status_code == 404


def test_a_challenge_is_new_every_time(visitor):
    assert len({visitor.asked()["challenge"] for _ in range(20)}) == 20


def test_a_stranger_is_told_of_no_passkey(app, phone):
    asked = [Browser(app, phone).asked(purpose) for purpose in ("known", "new")]

    assert [a.get("allowCredentials") or a.get("excludeCredentials") or [] for a in asked] == [
        [],
        [],
    ]


def test_the_phone_shows_a_neutral_name_and_nothing_of_a_person(client_of, cast):
    anna = client_of(cast.anna)
    asked = anna.get("/passkeys/challenge?for=new").json
    identity = Identity.get(Identity.user == cast.anna)
    said = json.dumps(asked).lower()

    assert asked["rp"] == {"name": "De Tafel", "id": "localhost"}
    assert asked["user"]["name"] == asked["user"]["displayName"]
    assert asked["user"]["name"].startswith("De Tafel, ")
    assert identity.open("name").lower() not in said
    assert identity.open("email").lower() not in said
    assert cast.anna.id.lower() not in said


def test_a_passkey_must_be_kept_by_the_phone_and_checked_by_it(client_of, cast):
    asked = client_of(cast.anna).get("/passkeys/challenge?for=new").json

    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"


def test_a_sixtyfirst_wrong_passkey_from_one_network_is_refused_but_right_ones_do_not_count(
    app, visitor
):
    for _ in range(3):
        assert Browser(app, visitor.phone).sign_in().status_code == 303
    stranger = Browser(app, Phone())
    token = stranger.token
    for _ in range(60):
        sent = {"csrf_token": token, "credential": "{}"}
        assert stranger.client.post("/sign-in/passkey", data=sent).status_code == 422

    refused = stranger.client.post("/sign-in/passkey", data={"csrf_token": token})
    assert refused.status_code == 429


def test_adding_and_removing_ask_for_a_fresh_sign_in(client_of, cast, phone):
    anna = client_of(cast.anna)
    let_time_pass(cast.anna)
    passkey = Passkey.get(Passkey.user == cast.anna)

    assert add(anna, Phone()).status_code == 403
    assert anna.post(f"/passkeys/{passkey.id}/remove").status_code == 403
    assert Passkey.select().count() == 1


def test_a_passkey_is_a_proof_and_the_form_goes_on_by_itself(client_of, cast, phone):
    anna = client_of(cast.anna)
    let_time_pass(cast.anna)
    passkey = Passkey.get(Passkey.user == cast.anna)
    path = f"/passkeys/{passkey.id}/remove"
    asked = anna.get("/passkeys/challenge?for=known").json

    assert [c["id"] for c in asked["allowCredentials"]]
    proof = {"proof_passkey": phone.show(asked["challenge"])}
    assert anna.post(path, proof).status_code == 303
    assert Passkey.select().count() == 0


def test_a_new_passkey_survives_the_question_who_you_are(client_of, cast, phone):
    anna, second = client_of(cast.anna), Phone()
    let_time_pass(cast.anna)
    made = second.make(anna.get("/passkeys/challenge?for=new").json["challenge"])
    assert anna.post("/account/passkeys", {"credential": made}).status_code == 403

    asked = anna.get("/passkeys/challenge?for=known").json["challenge"]
    both = {"credential": made, "proof_passkey": phone.show(asked)}
    assert anna.post("/account/passkeys", both).status_code == 303
    assert Passkey.select().count() == 2


def test_the_passkey_of_another_is_no_proof(client_of, cast, phone):
    bram = client_of(cast.bram)
    add(bram, Phone())
    let_time_pass(cast.bram)
    passkey = Passkey.get(Passkey.user == cast.bram)
    asked = bram.get("/passkeys/challenge?for=known").json["challenge"]

    answer = bram.post(f"/passkeys/{passkey.id}/remove", {"proof_passkey": phone.show(asked)})
    assert answer.status_code == 403
    assert Passkey.select().count() == 2


def test_somebody_elses_passkey_is_not_there(client_of, cast, phone):
    passkey = Passkey.get(Passkey.user == cast.anna)

    for user in (cast.bram, cast.carla, cast.dirk):
        assert client_of(user).post(f"/passkeys/{passkey.id}/remove").status_code == 404


def test_the_only_way_in_stays(app, client_of, cast, phone):
    """Dirk here has nothing but his passkey."""
    user = User.create()
    Passkey.update(user=user).execute()
    device = client_of(user)

    assert device.post(f"/passkeys/{Passkey.get().id}/remove").status_code == 409
    assert Passkey.select().count() == 1


def test_a_used_passkey_keeps_the_day_only(visitor):
    visitor.sign_in()
    stored = Passkey.select(Passkey.used_on).tuples().get()[0]

    assert len(str(stored)) == len("2026-11-24")


def test_without_javascript_no_button_does_nothing(app, client_of, cast):
    """Whoever has no script sees the other ways only: what needs one starts hidden."""
    pages = [app.test_client().get("/sign-in").text, client_of(cast.anna).get("/account/keys").text]
    for page in pages:
        buttons = list(re.finditer(r"data-passkey=", page))
        assert buttons
        for button in buttons:
            before = page[: button.start()]
            assert before.rindex("data-with-passkey hidden") > before.rindex("</form>")


def test_a_screen_reader_hears_which_passkey_a_button_removes(client_of, cast, phone):
    add(client_of(cast.anna), Phone())
    page = client_of(cast.anna).get("/account/keys").text
    removing = re.findall(r"Deze passkey verwijderen<span class=.hidden.>: (.+?)</span>", page)

    assert len(removing) == 2
    assert all(", Toegevoegd op " in which for which in removing)


def test_a_cookie_holds_nothing_of_a_passkey(visitor):
    visitor.sign_in()
    with visitor.client.session_transaction() as session:
        held = dict(session)

    assert not [name for name in held if name.startswith("challenge")]
    assert SignIn.get_or_none(SignIn.id == digest(held["_user_id"])) is not None


def test_in_use_only_the_address_of_the_settings_counts(create, tmp_path):
    """Whatever host or port a request came in by."""
    facts = {"BASE_URL": "https://tafel.example:443/", "DEMO": "0"}
    app = create(settings_in(tmp_path, **facts, TRUSTED_HOSTS="tafel.example,localhost"))
    for base in ("https://tafel.example", "http://localhost:8000", "http://tafel.example:8080"):
        with app.test_request_context(base_url=base):
            answer = given("known")
            assert (answer.rp_id, answer.origins) == ("tafel.example", ("https://tafel.example",))


def test_on_this_machine_any_port_of_it_will_do(app):
    with app.test_request_context(base_url="http://localhost:5000"):
        assert given("known").origins == ("http://localhost:8000", "http://localhost:5000")


def test_what_a_page_put_in_its_form_is_not_shown_as_typed_text(visitor):
    credential = visitor.phone.show(visitor.asked()["challenge"])
    stale = visitor.client.post("/sign-in/passkey", data={"credential": credential})

    assert stale.status_code == 400
    assert 'class="said' not in stale.text

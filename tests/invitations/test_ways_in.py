"""How somebody who joins will sign in: a passkey, or a passphrase with a code app (TRUST T24)."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import Passphrase, SignIn, User
from allies.alliances.models import Membership
from allies.db import now
from allies.invitations import service
from allies.invitations.models import Invitation
from allies.passkeys.models import Passkey
from allies.people.models import Identity
from allies.second_step import service as second_step
from allies.second_step.models import CodeApp, RecoveryCode
from tests.invitations.test_joining import PASSPHRASE, Newcomer, code_app
from tests.passkeys.authenticator import PRESENT, Phone

CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
TYPED = {"name": "Nora Nieuw", "email": "nora@example.org", "phone": "0612345678"}


@pytest.fixture
def newcomer(app, veere):
    """A browser in which a code for Veere was typed."""
    newcomer = Newcomer(app)
    newcomer.type_code(service.invite(veere, by="operator")[1])
    return newcomer


def nora():
    return Identity.users_with_email("nora@example.org").get()


def user_of(newcomer):
    with newcomer.client.session_transaction() as session:
        return SignIn.user_of(session.get("_user_id", ""))


def test_a_passkey_is_enough_to_join(newcomer):
    answer = newcomer.join_with(Phone())

    assert (answer.status_code, answer.location) == (303, "/")
    assert user_of(newcomer) == nora()
    assert Passkey.select().where(Passkey.user == nora()).count() == 1
    assert Passphrase.select().where(Passphrase.user == nora()).count() == 0
    assert CodeApp.select().where(CodeApp.user == nora()).count() == 0


def test_a_passphrase_comes_with_a_code_app_and_ten_printed_codes(newcomer):
    answer = newcomer.fill_in()

    assert user_of(newcomer) == nora()
    assert CodeApp.get(CodeApp.user == nora()).secret
    assert RecoveryCode.select().where(RecoveryCode.user == nora()).count() == 10
    assert len(set(CODE.findall(answer.text))) == 10
    assert not CODE.findall(newcomer.client.get("/").text)


@pytest.mark.parametrize(
    "changes",
    [
        {"app_code": ""},
        {"app_code": "000000"},
        {"app_code": "abcdef"},
        {"offer": ""},
        {"offer": "AAAA"},
        {"passphrase": ""},
        {"passphrase": "", "app_code": ""},
        {"credential": "{}"},
    ],
)
def test_half_a_way_in_makes_no_account(newcomer, changes):
    before = User.select().count()

    assert newcomer.fill_in(**changes).status_code == 422
    assert User.select().count() == before
    assert Invitation.select().where(Invitation.is_used).count() == 0
    assert newcomer.fill_in().status_code == 200


def test_the_secret_offered_to_one_is_no_good_to_another(app, newcomer, veere):
    """Else somebody could hand out a page whose secret they know already."""
    other = Newcomer(app)
    other.type_code(service.invite(veere, by="operator")[1])
    foreign = other.page().text.split('name="offer" value="')[1].split('"')[0]

    assert newcomer.fill_in(offer=foreign).status_code == 422


def test_what_was_typed_is_still_there_but_never_the_passphrase(newcomer):
    page = newcomer.fill_in(**TYPED, app_code="000000").text

    assert all(f'value="{typed}"' in page for typed in TYPED.values())
    assert PASSPHRASE not in page


def test_after_a_mistake_the_code_app_need_not_be_set_up_again(newcomer):
    first = newcomer.fill_in(app_code="000000").text
    secret = first.split("secret=")[1].split("&")[0]
    offer = first.split('name="offer" value="')[1].split('"')[0]

    again = newcomer.fill_in(offer=offer, name="").text
    assert again.split("secret=")[1].split("&")[0] == secret


def test_a_passkey_made_before_a_mistake_still_counts(newcomer):
    page = newcomer.join_with(Phone(), name="").text
    kept = page.split('name="credential" value="')[1].split('"')[0].replace("&#34;", '"')

    answer = newcomer.fill_in(passphrase="", offer="", app_code="", credential=kept)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    "phone", [Phone(origin="http://evil.example"), Phone(rp_id="evil"), Phone(flags=PRESENT)]
)
def test_a_passkey_that_will_not_do_makes_no_account_and_is_not_sent_again(newcomer, phone):
    before = User.select().count()
    answer = newcomer.join_with(phone)

    assert answer.status_code == 422
    assert 'name="credential" value=""' in answer.text
    assert User.select().count() == before
    assert newcomer.join_with(Phone()).status_code == 303


def test_a_passkey_made_too_late_makes_no_account(newcomer):
    asked = newcomer.client.get("/passkeys/challenge?for=new").json["challenge"]
    made = Phone().make(asked)

    with time_machine.travel(now() + timedelta(minutes=5, seconds=1)):
        late = newcomer.fill_in(passphrase="", offer="", app_code="", credential=made)
    assert late.status_code == 422


def test_a_copied_form_and_cookie_make_no_second_account(app, newcomer, veere):
    asked = newcomer.client.get("/passkeys/challenge?for=new").json["challenge"]
    made = {"passphrase": "", "offer": "", "app_code": "", "credential": Phone().make(asked)}
    with newcomer.client.session_transaction() as session:
        copied = dict(session)
    assert newcomer.fill_in(**made).status_code == 303

    thief = Newcomer(app)
    thief.type_code(service.invite(veere, by="operator")[1])
    with thief.client.session_transaction() as session:
        session["challenge-new"] = copied["challenge-new"]
    before = User.select().count()
    assert thief.fill_in(**made).status_code == 422
    assert User.select().count() == before


def test_a_mobile_number_is_kept_in_one_way_and_need_not_be_given(app, newcomer, veere):
    newcomer.fill_in(phone="06 12 34 56 78")
    assert Identity.get(Identity.user == nora()).open("phone") == "+31612345678"

    other = Newcomer(app)
    other.type_code(service.invite(veere, by="operator")[1])
    other.fill_in(email="noor@example.org")
    without = Identity.users_with_email("noor@example.org").get()
    assert Identity.get(Identity.user == without).phone is None


@pytest.mark.parametrize("phone", ["0612", "geen", "0612345678 0612345679", "+999123"])
def test_a_number_that_nobody_can_phone_is_said_so_and_kept_to_mend(newcomer, phone):
    answer = newcomer.fill_in(phone=phone)

    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    assert f'value="{phone}"' in answer.text


def test_a_newcomer_may_draw_another_alias_twice(newcomer):
    newcomer.join_with(Phone())

    assert Membership.get(Membership.user == nora()).draws_left == 2


def test_the_code_that_was_typed_to_join_does_not_also_sign_in(newcomer):
    facts = code_app(newcomer.page().text)
    newcomer.fill_in(**facts)

    assert not second_step.accepts(nora(), facts["app_code"])

"""Joining with a code, through the browser's eyes (TRUST T26)."""

import re
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine

from allies.accounts.models import Device, SignIn, User
from allies.alliances.models import Alliance, Membership, Role
from allies.audit import AuditLine
from allies.db import database, now
from allies.invitations import service
from allies.invitations.models import Invitation
from allies.people.models import Identity

PASSPHRASE = "fiets regen koekje trompet"
NEUTRAL = re.compile(
    r"bondgeno|allian|politie|police|wijkagent|burgemeester|gemeente|municip|onrust|informant"
    r"|veere|middelburg|vlissingen|walcheren",
    re.IGNORECASE,
)


class Newcomer:
    """A browser that nobody has signed in with."""

    def __init__(self, app):
        self.client = app.test_client()

    def page(self):
        return self.client.get("/join")

    def post(self, data):
        return self.client.post("/join", data={"csrf_token": self.token(), **data})

    def token(self):
        return self.page().text.split('name="csrf_token" value="')[1].split('"')[0]

    def type_code(self, code):
        return self.post({"code": code})

    def fill_in(self, **changes):
        facts = {"name": "Nora Nieuw", "email": "nora@example.org", "rules": "y"}
        page = self.page().text
        ways = {"passphrase": PASSPHRASE, **code_app(page)}
        return self.post({**facts, **ways, **changes})

    def join_with(self, phone, **changes):
        """Fill in the same with a new passkey of this phone instead."""
        asked = self.client.get("/passkeys/challenge?for=new").json["challenge"]
        facts = {"passphrase": "", "offer": "", "app_code": "", "credential": phone.make(asked)}
        return self.fill_in(**{**facts, **changes})


def code_app(page):
    """What somebody types who let a code app look at this page; nothing when it offers none."""
    if 'name="offer"' not in page:
        return {}
    offer = page.split('name="offer" value="')[1].split('"')[0]
    secret = parse_qs(urlsplit(unescape(page.split('href="otpauth')[1].split('"')[0])).query)
    return {"offer": offer, "app_code": pyotp.TOTP(secret["secret"][0]).now()}


@pytest.fixture
def newcomer(app):
    return Newcomer(app)


@pytest.fixture
def code(app, veere):
    return service.invite(veere, by="operator")[1]


def joined(alliance):
    return Membership.select().where(Membership.alliance == alliance).count()


def test_a_code_gives_an_account_and_a_place_in_its_alliance(newcomer, code, veere):
    assert newcomer.type_code(code).status_code == 303
    answer = newcomer.fill_in()

    user = Identity.users_with_email("nora@example.org").get()
    member = Membership.get(Membership.user == user)
    assert answer.status_code == 200
    assert (member.alliance_id, member.role, member.organisation) == (veere.id, Role.ALLY, None)
    assert Identity.get(Identity.user == user).open("name") == "Nora Nieuw"
    assert member.alias in answer.text


def test_whoever_joined_can_sign_in_again(app, newcomer, code):
    newcomer.type_code(code)
    newcomer.fill_in()

    device = app.test_client()
    token = device.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    facts = {"email": "Nora@example.org", "passphrase": PASSPHRASE, "csrf_token": token}
    assert device.post("/sign-in", data=facts).location == "/sign-in/code"


def test_how_a_code_is_typed_makes_no_difference(newcomer, code):
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert newcomer.type_code(f"  {sloppy} ").status_code == 303


def test_wrong_used_withdrawn_and_expired_get_one_answer(app, code, veere):
    used, late = (service.invite(veere, by="operator") for _ in range(2))
    Invitation.update(is_used=True).where(Invitation.id == used[0].id).execute()
    Invitation.update(ends_at=now()).where(Invitation.id == late[0].id).execute()
    withdrawn = service.invite(veere, by="operator")
    service.withdraw(withdrawn[0], by="operator")

    answers = [Newcomer(app).type_code(c) for c in ("no code", used[1], late[1], withdrawn[1])]

    assert {a.status_code for a in answers} == {422}
    assert len({forget_tokens(a.text) for a in answers}) == 1
    assert Newcomer(app).type_code(code).status_code == 303


def forget_tokens(page):
    return re.sub(r'value="[^"]*"', "", page)


def test_a_code_works_for_seven_days(app, code):
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert Newcomer(app).type_code(code).status_code == 303
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert Newcomer(app).type_code(code).status_code == 422


def test_a_new_code_kills_the_old_one_also_for_who_had_typed_it(app, newcomer, veere):
    invitation, old = service.invite(veere, by="operator")
    newcomer.type_code(old)
    _fresh, code = service.reissue(invitation, by="operator")

    assert newcomer.fill_in().status_code == 422
    assert Newcomer(app).type_code(old).status_code == 422
    assert Newcomer(app).type_code(code).status_code == 303


def test_step_two_needs_a_code(newcomer, veere):
    before = joined(veere)

    assert newcomer.fill_in().status_code == 422
    assert joined(veere) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 76},
        {"email": "nora"},
        {"email": "nora@example.org, anna@example.org"},
        {"passphrase": "Vlissingen2026"},
        {"passphrase": "x1" * 65},
        {"passphrase": [PASSPHRASE, PASSPHRASE + "t"]},
        {"rules": ""},
    ],
)
def test_what_is_missing_or_weak_makes_no_account(newcomer, code, changes):
    newcomer.type_code(code)
    before = User.select().count()

    assert newcomer.fill_in(**changes).status_code == 422
    assert User.select().count() == before
    assert newcomer.fill_in().status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "a..b@example.org", ".a@example.org", "a.@example.org", "a@example", "a@.example.org",
        "a@example..org", "a@example.org.", "a@-example.org", "a@example-.org", "@example.org",
        "a b@example.org", "a@b@example.org", "<a@example.org>", "a@[127.0.0.1]", "a,b@example.org",
        f"{'a' * 65}@example.org", f"a@{'b' * 64}.org", '"a b"@example.org', "a(b)@example.org",
        "ä@example.org", "a@example.org\nBcc: b@example.org",
    ],
)  # fmt: skip
def test_an_address_that_no_message_can_be_made_to_is_refused(newcomer, code, address):
    newcomer.type_code(code)
    before = User.select().count()

    answer = newcomer.fill_in(email=address)

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert User.select().count() == before


@pytest.mark.parametrize(
    "address",
    [
        "a@b.nl", "nora.de-vries+dorp@mail.example.org", "o'brien@example.org",
        "_x_@1-2.example.nl",
        "!#$%&'*+/=?^_`{|}~-@example.org", f"{'a' * 64}@{'b' * 63}.org", "A.B.C@XN--MLLER-KVA.de",
    ],
)  # fmt: skip
def test_a_message_can_be_made_to_every_address_that_is_taken(newcomer, code, address):
    newcomer.type_code(code)

    assert newcomer.fill_in(email=address).status_code == 200
    message = EmailMessage()
    message["To"] = address
    (to,) = message["To"].addresses
    assert (to.addr_spec, message["To"].defects) == (address, ())


def test_a_twentyfirst_form_with_one_code_is_refused_before_its_passphrase_is_weighed(
    app, newcomer, code, veere
):
    newcomer.type_code(code)
    weak = {"passphrase": "Vlissingen2026!"}
    assert {newcomer.fill_in(**weak).status_code for _ in range(20)} == {422}

    refused = newcomer.fill_in(**weak)
    other = Newcomer(app)
    other.type_code(service.invite(veere, by="operator")[1])
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert other.fill_in().status_code == 200


def test_a_hundred_forms_from_one_network_are_the_most(app, veere):
    statuses = []
    for _ in range(6):
        invitation, code = service.invite(veere, by="operator")
        device = Newcomer(app)
        device.type_code(code)
        statuses += [device.fill_in(name="").status_code for _ in range(17)]
        service.withdraw(invitation, by="operator")

    assert statuses == [422] * 100 + [429] * 2


def test_two_passphrases_that_differ_are_one_complaint(newcomer, code):
    newcomer.type_code(code)
    pairs = ["Vlissingen2026!", "Vlissingen2027!"], [PASSPHRASE, PASSPHRASE + "t"]
    pages = [newcomer.fill_in(passphrase=pair).text for pair in pairs]

    weak, strong = (p.split('id="passphrase-error">')[1].split("</p>")[0] for p in pages)
    assert weak == strong
    assert "Vlissingen2026!" not in pages[0]


def test_a_name_of_the_widest_letters_fits(newcomer, code):
    newcomer.type_code(code)

    assert newcomer.fill_in(name="\U0001d538" * 75).status_code == 200


def test_the_role_comes_from_the_invitation_only(newcomer, code, middelburg, veere):
    newcomer.type_code(code)
    extra = {"role": "coordinator", "organisation": "police", "alliance": middelburg.id}
    newcomer.fill_in(**extra, alias="Baas")

    user = Identity.users_with_email("nora@example.org").get()
    member = Membership.get(Membership.user == user)
    assert (member.role, member.alliance_id) == (Role.ALLY, veere.id)
    assert member.alias != "Baas"


def test_nothing_before_the_sign_in_tells_what_this_is(newcomer, code):
    pages = [newcomer.page(), newcomer.type_code("wrong"), newcomer.type_code(code)]
    pages += [newcomer.page(), newcomer.fill_in(name="")]

    told = [NEUTRAL.findall(visible(p.text)) for p in pages]
    assert told == [[]] * len(pages)


def visible(page):
    return re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(("fields", "number"), [({}, 0), ({"own_device": "y"}, 1)])
def test_only_who_says_so_joins_on_a_phone_of_their_own(newcomer, code, fields, number):
    before = Device.select().count()
    newcomer.type_code(code)
    newcomer.fill_in(**fields)

    assert Device.select().count() == before + number
    assert bool(newcomer.client.get_cookie("phone")) is bool(number)


def test_both_steps_fit_one_round_trip(newcomer, code):
    served = []
    for step in (newcomer.page, lambda: newcomer.type_code(code)):
        step()
        page = newcomer.client.get("/join", headers={"Accept-Encoding": "br"})
        served.append(len(page.data) + sum(len(k) + len(v) + 4 for k, v in page.headers))

    assert page.headers["Content-Encoding"] == "br"
    assert max(served) < 8000


def test_a_twentyfirst_wrong_code_is_refused_but_right_ones_do_not_count(app, code, veere):
    device = Newcomer(app)
    assert {device.type_code(code).status_code for _ in range(25)} == {303}
    assert {device.type_code("wrong").status_code for _ in range(20)} == {422}

    refused = device.type_code(code)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_get_changes_nothing(newcomer, code):
    newcomer.type_code(code)
    before = "\n".join(database.connection().iterdump())

    for _ in range(2):
        newcomer.page()
        newcomer.client.head("/join")

    assert "\n".join(database.connection().iterdump()) == before


def test_who_is_signed_in_joins_another_alliance_with_one_press(client_of, cast, middelburg, veere):
    anna, code = client_of(cast.anna), service.invite(middelburg, by="operator")[1]
    before = User.select().count()

    assert anna.post("/join", {"code": code}).status_code == 303
    assert "Middelburg" in anna.get("/join").text
    assert anna.post("/join", {"rules": "y"}).location == "/"

    here = {m.alliance_id for m in Membership.select().where(Membership.user == cast.anna)}
    assert here == {veere.id, middelburg.id}
    assert User.select().count() == before
    assert anna.get("/account").status_code == 200


def test_joining_again_begins_a_new_sign_in(app, client_of, cast, middelburg):
    anna, code = client_of(cast.anna), service.invite(middelburg, by="operator")[1]
    with anna.client.session_transaction() as session:
        old = session["_user_id"]
    anna.post("/join", {"code": code})
    anna.post("/join", {"rules": "y"})

    copied = app.test_client()
    with copied.session_transaction() as session:
        session["_user_id"] = old
    assert copied.get("/account").status_code == 303


def test_a_member_can_not_join_the_same_alliance_twice(app, client_of, cast, code, veere):
    anna, before = client_of(cast.anna), joined(veere)
    anna.post("/join", {"code": code})

    assert anna.post("/join", {"rules": "y"}).status_code == 409
    assert joined(veere) == before
    assert Newcomer(app).type_code(code).status_code == 303


def test_the_same_person_without_a_sign_in_gets_no_second_account(app, newcomer, code, middelburg):
    newcomer.type_code(code)
    newcomer.fill_in()
    second = Newcomer(app)
    second.type_code(service.invite(middelburg, by="operator")[1])
    answer = second.fill_in()

    assert answer.status_code == 422
    assert Identity.users_with_email("nora@example.org").count() == 1
    with second.client.session_transaction() as session:
        assert "_user_id" not in session  # a passphrase alone opens nothing, here neither


def test_people_who_share_a_mailbox_each_get_an_account(app, newcomer, code, veere):
    newcomer.type_code(code)
    newcomer.fill_in()
    second = Newcomer(app)
    second.type_code(service.invite(veere, by="operator")[1])
    second.fill_in(passphrase="kraanvogel pindakaas sleutel mist")

    assert Identity.users_with_email("nora@example.org").count() == 2


def test_the_audit_log_does_not_tell_who_used_a_code(newcomer, code, veere):
    newcomer.type_code(code)
    newcomer.fill_in()

    line = AuditLine.get(AuditLine.action == "invitation.used")
    user = Identity.users_with_email("nora@example.org").get()
    member = Membership.get(Membership.user == user)
    here = AuditLine.select().where(AuditLine.alliance == veere.id)
    assert line.actor == "system"
    assert {user.id, member.id} & {v for a in here for v in (a.actor, a.subject)} == set()


def test_joining_a_full_alliance_is_refused_and_keeps_the_code(newcomer, code, veere):
    fill(veere)
    newcomer.type_code(code)

    assert newcomer.fill_in().status_code == 409
    assert Invitation.select().where(Invitation.is_used).count() == 0


def fill(alliance):
    """Allies up to the fifteen that an alliance has at most."""
    alliance = Alliance.get_by_id(alliance.id)
    for number in range(15 - alliance.allies.count()):
        user = User.create()
        facts = {"role": Role.ALLY, "alias": f"Vol {number}"}
        Membership.create(alliance=alliance, user=user, **facts)


def test_joining_again_asks_who_it_is_when_that_was_long_ago(client_of, cast, middelburg):
    """Else a code would make a stolen sign-in fresh, and everything that asks would open."""
    anna, code = client_of(cast.anna), service.invite(middelburg, by="operator")[1]
    anna.post("/join", {"code": code})
    SignIn.update(proved_at=now() - timedelta(minutes=6)).execute()

    answer = anna.post("/join", {"rules": "y"})

    assert answer.status_code == 403
    assert 'name="proof_passphrase"' in answer.text
    assert Membership.select().where(Membership.user == cast.anna).count() == 1


def test_a_new_role_ends_the_sign_ins_on_other_devices_too(client_of, cast, middelburg):
    phone, anna = client_of(cast.anna), client_of(cast.anna)
    code = service.invite(middelburg, by="operator")[1]
    anna.post("/join", {"code": code})
    anna.post("/join", {"rules": "y"})

    assert anna.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303


def test_the_codes_of_somebody_who_was_shut_out_open_nothing(app, newcomer, member, veere):
    carla = member("carla")
    _invitation, code = service.invite(veere, by=carla)
    _successor, other = service.invite_successor(veere, by=carla)
    service.revoke(carla, reason="misbruik")

    for each in (code, other):
        assert newcomer.type_code(each).status_code == 422

"""The pages of leaving, of one's own data, and of objections."""

import json
import time
from datetime import timedelta

import brotli
import pytest

from allies.accounts.models import SignIn, User
from allies.alliances.models import Membership
from allies.audit import AuditLine, AuditNote
from allies.db import now
from allies.keeping import KEPT
from allies.migrate import all_models
from allies.notifications.models import Delivery
from allies.people.models import Identity
from allies.rights import exporting
from allies.rights.models import Objection
from allies.rights.words import NAMES
from tests.notifications.words import FORBIDDEN
from tests.test_pages import FIRST_PAGE_BYTES, check_headers, check_html
from tests.walk import counted_queries


@pytest.fixture
def stale(app):
    """Let every sign-in be proved an hour ago."""

    def make():
        SignIn.update(proved_at=now() - timedelta(hours=1)).execute()

    return make


# -- leaving


def test_leaving_says_first_what_will_happen_and_changes_nothing(client_of, cast, member):
    anna = member("anna")
    for path in (f"/memberships/{anna.id}/leave", "/account/leave"):
        page = client_of(cast.anna).get(path)
        assert page.status_code == 200
        assert f'action="{path}"' in page.text
    assert Membership.get_by_id(anna.id)


@pytest.mark.parametrize("path", ["/memberships/{}/leave", "/account/leave"])
def test_leaving_signs_out_at_once_on_every_device(client_of, cast, member, path):
    anna, other = client_of(cast.anna), client_of(cast.anna)
    answer = anna.post(path.format(member("anna").id))

    assert (answer.status_code, answer.location) == (303, "/goodbye?out=nl")
    assert answer.headers["Clear-Site-Data"] == '"*"'
    for device in (anna, other):
        assert device.get("/").location.startswith("/sign-in")
    assert anna.get("/goodbye").status_code == 200
    assert not User.select().where(User.id == cast.anna.id).exists()


def test_a_copied_cookie_opens_nothing_after_leaving(trace, device_of, client_of):
    who = trace("kanarieA")
    copied = device_of(who)
    assert copied.get("/").status_code == 200
    client_of(who.user).post("/account/leave")

    assert copied.get("/").status_code == 303


@pytest.mark.parametrize("path", ["/memberships/{}/leave", "/account/leave", "/account/data",
                                  "/account/data/export"])  # fmt: skip
def test_what_can_not_be_undone_asks_who_you_are(client_of, cast, member, stale, path):
    device, path = client_of(cast.anna), path.format(member("anna").id)
    stale()
    answer = device.post(path)

    assert answer.status_code == 403
    assert "proof_passphrase" in answer.text
    assert Membership.get_by_id(member("anna").id)


def test_the_last_coordinator_is_told_why_not_and_what_to_do(client_of, cast, member, veere):
    carla = member("carla")
    others = veere.coordinators.where(Membership.id != carla.id)
    Membership.delete().where(Membership.id.in_([m.id for m in others])).execute()
    device, path = client_of(cast.carla), f"/memberships/{carla.id}/leave"

    assert f'action="{path}"' not in device.get(path).text
    assert device.post(path).status_code == 409
    assert Membership.get_by_id(carla.id)


def test_nobody_leaves_for_somebody_else(client_of, cast, member):
    path = f"/memberships/{member('anna').id}/leave"

    assert client_of(cast.carla).post(path).status_code == 403
    assert client_of(cast.bram).post(path).status_code == 403
    assert client_of(cast.vera).post(path).status_code == 404
    assert Membership.get_by_id(member("anna").id)


# -- ending somebody else's membership


def test_a_coordinator_ends_a_membership_with_a_reason(client_of, cast, member, trace, device_of):
    who = trace("kanarieA")
    theirs, path = device_of(who), f"/members/{who.membership.id}/end"
    assert client_of(cast.carla).get(path).status_code == 200
    told_before = Delivery.select().where(Delivery.membership == who.membership).count()
    answer = client_of(cast.carla).post(path, {"reason": "Op eigen verzoek"})

    assert answer.status_code == 303
    assert answer.location == f"/alliances/{who.membership.alliance_id}/members"
    assert told_before == 1
    assert not Delivery.select().where(Delivery.membership == who.membership).exists()
    assert theirs.get("/").location.startswith("/sign-in")
    line = AuditLine.select().where(AuditLine.action == "member.ended").get()
    assert (line.actor, line.subject) == (member("carla").id, who.membership.id)
    assert line.note_hash
    assert AuditNote.get_or_none(AuditNote.id == line.id) is None  # it may name who is gone


def test_ending_takes_a_reason(client_of, cast, trace):
    who = trace("kanarieA")
    answer = client_of(cast.carla).post(f"/members/{who.membership.id}/end", {"reason": " "})

    assert answer.status_code == 422
    assert Membership.get_by_id(who.membership.id)


def test_ending_is_for_a_coordinator_of_this_alliance_and_of_allies_only(client_of, cast, member):
    reason = {"reason": "Omdat ik het wil"}
    for persona, whom, status in [
        ("bram", member("anna"), 403),
        ("eva", member("anna"), 404),
        ("vera", member("anna"), 404),
        ("carla", member("daan"), 403),
        ("carla", member("carla"), 403),
    ]:
        path = f"/members/{whom.id}/end"
        assert client_of(getattr(cast, persona)).post(path, reason).status_code == status, persona
    assert Membership.get_by_id(member("anna").id)


# -- one's own data


def exported(device):
    answer = device.post("/account/data/export")
    assert answer.status_code == 200
    return answer


def test_the_export_holds_all_own_words_and_none_of_others(trace, client_of):
    who, other = trace("kanarieA"), trace("kanarieB")
    started = time.perf_counter()
    text = exported(client_of(who.user)).text

    assert time.perf_counter() - started < 5
    for word in (*who.words, "advies kanarieA", "Thema approved kanarieA", "inzage-kanarieA"):
        assert word in text, word
    assert "nieuw-kanariea@example.org" in text
    assert "kanarieb" not in text.lower()
    assert other.phone not in text


def test_the_page_shows_the_same_in_words(trace, client_of):
    who = trace("kanarieA")
    trace("kanarieB")
    page = client_of(who.user).post("/account/data")

    assert page.status_code == 200
    for word in (*who.words, "advies kanarieA", "inzage-kanarieA"):
        assert word in page.text, word
    assert "kanarieb" not in page.text.lower()


def test_the_file_is_for_keeping_and_is_not_stored_on_the_way(client_of, cast):
    answer = exported(client_of(cast.anna))
    document = json.loads(answer.text)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="gegevens.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"table", "what", "kept", "rows"} == set(document["data"][0])


def test_no_secret_is_in_the_file(trace, client_of):
    who = trace("kanarieA")
    text = exported(client_of(who.user)).text

    for secret in ("hash-kanarieA", "passkey-kanarieA", "geheim-kanarieA", who.secret):
        assert secret not in text


def test_no_id_of_another_person_is_in_the_file(client_of, cast, member):
    for persona in ("anna", "carla", "eva"):
        text = exported(client_of(getattr(cast, persona))).text
        others = Membership.select().where(Membership.user != getattr(cast, persona))
        assert not [m.id for m in others if m.id in text or m.user_id in text]


def test_the_doors_to_own_data_show_nothing_personal(trace, client_of):
    who = trace("kanarieA")
    for path in ("/account/data", "/kept", "/account/leave"):
        page = client_of(who.user).get(path).text
        assert not [word for word in who.words if word in page], path


def test_seeing_and_downloading_leaves_a_line_in_the_own_log(client_of, cast):
    device = client_of(cast.anna)
    device.post("/account/data")
    exported(device)
    actions = [x.action for x in AuditLine.select().where(AuditLine.actor == cast.anna.id)]

    assert actions[-2:] == ["account.data-shown", "account.data-exported"]


def test_every_table_with_own_rows_is_in_the_file(trace):
    """What names a user or a membership, in any table, can be exported or is a secret."""
    who = trace("kanarieA")
    given = {k.model for k, _rows in exporting.tables_of(who.user)}
    naming = {
        model for model in all_models()
        for field in model._meta.refs if field.rel_model in (User, Membership)
        if model.select().where(field.in_([who.user.id, who.membership.id])).exists()
    }  # fmt: skip

    assert naming <= given
    assert len(given) >= 20


def test_every_name_in_an_export_has_a_word(trace):
    who = trace("kanarieA")
    names = {n for _k, rows in exporting.tables_of(who.user) for row in rows for n in row}

    assert names <= NAMES.keys()


def test_an_export_gives_nothing_of_a_stranger(app):
    stranger = User.create()
    rows = {k.model.__name__: k.export(stranger) for k in KEPT.values()}

    assert {name for name, given in rows.items() if given} == {"User"}


# -- what is kept


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_the_page_tells_every_table_and_its_term(client_of, cast, locale):
    device = client_of(cast.anna)
    device.post("/language", {"locale": locale})
    page = device.get("/kept").text

    kept, terms = page.count('<div class="row">'), page.count('<span class="meta">')
    assert kept == terms == len(KEPT)


def test_our_pages_are_whole_and_light(client_of, cast, trace, veere):
    """Also those that a walk over the addresses of the demo region does not meet."""
    who = trace("kanarieA")
    objection = Objection.get(Objection.membership == who.membership)
    mine, carla = client_of(who.user), client_of(cast.carla)
    for page in (
        carla.get(f"/objections/{objection.id}/answer"),
        carla.get(f"/members/{who.membership.id}/end"),
        mine.get(f"/memberships/{who.membership.id}/objections"),
        mine.post("/account/data"),
        client_of(cast.anna).post("/account/data"),
        mine.get("/goodbye"),
    ):
        assert page.status_code == 200
        assert len(brotli.compress(page.data)) <= FIRST_PAGE_BYTES
        check_html(page.text, page.request.path)
        check_headers(page, page.request.path)


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_goodbye_is_in_the_language_that_was_read(app, client_of, cast, member, locale):
    anna = client_of(cast.anna)
    anna.post("/language", {"locale": locale})
    answer = anna.post(f"/memberships/{member('anna').id}/leave")

    forgotten = app.test_client()  # as the browser is once it has cleared its cookies
    assert f'lang="{locale}"' in forgotten.get(answer.location).text
    assert f'lang="{locale}"' in forgotten.get("/sign-in").text


@pytest.mark.parametrize("locale", ["", "de", "<b>"])
def test_an_address_brings_no_other_language(app, locale):
    assert '<html lang="nl">' in app.test_client().get(f"/goodbye?out={locale}").text


def test_goodbye_says_nothing_about_anybody(app):
    page = app.test_client().get("/goodbye").text.casefold()

    assert not [word for word in FORBIDDEN if word in page]


# -- objecting


def test_a_member_objects_and_both_see_the_answer(client_of, cast, member):
    anna, carla = client_of(cast.anna), client_of(cast.carla)
    path = f"/memberships/{member('anna').id}/objections"
    assert anna.post(path, {"text": "Geen post meer graag"}).status_code == 303
    objection = Objection.get(Objection.membership == member("anna"))
    assert f"/objections/{objection.id}/answer" in carla.get("/").text
    told = {d.membership_id for d in Delivery.select()}
    assert told == {c.id for c in member("anna").alliance.coordinators}

    answer = f"/objections/{objection.id}/answer"
    assert "Geen post meer graag" in carla.get(answer).text
    assert carla.post(answer, {"answer": "Dat doen we zo"}).status_code == 303

    assert "Dat doen we zo" in anna.get(path).text
    assert "Dat doen we zo" in carla.get(answer).text
    assert f"/objections/{objection.id}/answer" not in carla.get("/").text
    assert member("anna").id in {d.membership_id for d in Delivery.select()}


def test_an_objection_is_due_within_a_month(member, veere):
    facts = {"alliance": veere, "membership": member("anna"), "text": "Nee"}
    for day in (now().date().replace(month=2, day=1), now().date().replace(month=1, day=31)):
        due = Objection(**facts, made_on=day).due_on
        assert due - day <= timedelta(days=28)


def test_an_objection_is_answered_once(client_of, cast, member, veere):
    objection = Objection.create(alliance=veere, membership=member("anna"), text="Nee")
    path = f"/objections/{objection.id}/answer"
    assert client_of(cast.carla).post(path, {"answer": "Eerst"}).status_code == 303

    assert client_of(cast.daan).post(path, {"answer": "Later"}).status_code == 409
    assert Objection.get_by_id(objection.id).answer == "Eerst"


def test_a_coordinator_does_not_answer_an_own_objection(client_of, cast, member, veere):
    objection = Objection.create(alliance=veere, membership=member("carla"), text="Nee")
    path = f"/objections/{objection.id}/answer"

    assert path not in client_of(cast.carla).get("/").text
    assert path in client_of(cast.daan).get("/").text
    assert client_of(cast.carla).post(path, {"answer": "Ja"}).status_code == 409


def test_an_objection_is_for_its_member_and_the_coordinators(client_of, cast, member, veere):
    objection = Objection.create(alliance=veere, membership=member("anna"), text="Geheimpje")
    read, write = f"/objections/{objection.id}/answer", f"/memberships/{member('anna').id}"
    for persona, status in [("anna", 403), ("bram", 404), ("eva", 404), ("vera", 404)]:
        answer = client_of(getattr(cast, persona)).get(read)
        assert answer.status_code == status, persona
        assert "Geheimpje" not in answer.text
    assert client_of(cast.carla).get(f"{write}/objections").status_code == 403
    assert client_of(cast.bram).get(f"{write}/objections").status_code == 403


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_an_objection_has_words_and_not_too_many(client_of, cast, member, text):
    path = f"/memberships/{member('anna').id}/objections"
    answer = client_of(cast.anna).post(path, {"text": text})

    assert answer.status_code == 422
    assert not Objection.select().exists()


def test_the_start_page_of_a_coordinator_still_asks_little(client_of, cast, member, veere):
    for text in ("Een", "Twee", "Drie"):
        Objection.create(alliance=veere, membership=member("anna"), text=text)
    device = client_of(cast.carla)
    with counted_queries() as queries:
        page = device.get("/")

    assert page.text.count("/objections/") == 3
    assert len(queries) <= 8


def test_who_left_is_gone_for_the_objection_too(trace):
    who = trace("kanarieA")
    assert Identity.get(Identity.user == who.user).open("name") == who.name
    Membership.delete().where(Membership.id == who.membership.id).execute()

    assert not Objection.select().where(Objection.text == who.objection).exists()

"""What was sent after the sign-in had lapsed is still there afterwards, for its sender only."""

import html
import re
from datetime import timedelta

import pytest
import time_machine

from allies import held
from allies.accounts.models import HeldForm, SignIn
from allies.db import database, now
from allies.topics.models import Topic
from tests.conftest import Device as Browser

TEXT = "In de winter staan hele straten leeg. Dat voelt voor velen alleen."
LATER = timedelta(minutes=31)
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/topics"}


@pytest.fixture
def path(veere):
    return f"/alliances/{veere.id}/topics/new"


@pytest.fixture
def topic_of():
    """A form for a topic, filled in: {field: value}."""

    def fill(browser):
        keys = {"csrf_token": browser.token, "once": "one-form"}
        words = {"title": "Stille winters", "what": TEXT}
        return keys | words | {"theme": "other", "attribution": "alias"}

    return fill


@pytest.fixture
def lapsed(client_of, cast, topic_of, path):
    """lapsed("anna") sent a topic after half an hour of idling; returns browser and answer."""

    def send(persona="anna", **headers):
        browser = client_of(getattr(cast, persona))
        form = topic_of(browser)
        with time_machine.travel(now() + LATER, tick=True):
            answer = browser.client.post(path, data=form, headers=headers)
        return browser, answer

    return send


def sign_in_again(browser, persona="anna", after="/unsent"):
    page = browser.get(f"/sign-in?next={after}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "persona": persona, "next": after}
    return browser.client.post("/demo/sign-in", data=form)


def test_the_text_is_still_there_after_signing_in(lapsed):
    with time_machine.travel(now(), tick=True):
        browser, answer = lapsed()
        assert answer.location == "/sign-in?next=/unsent"
        assert HeldForm.select().count() == 1
    with time_machine.travel(now() + LATER + timedelta(minutes=5), tick=True):
        page = browser.get(answer.location).text
        assert "signed out" in page or "uitgelogd" in page
        assert TEXT not in page

        assert sign_in_again(browser).location == "/unsent"
        page = browser.get("/unsent").text

    assert html.escape(TEXT) in page


def test_one_press_sends_it_after_all_and_then_nothing_is_left(lapsed, path):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        form = fields_of(browser.get("/unsent").text, path)
        answer = browser.client.post(path, data=form)

        assert answer.status_code == 303
        assert Topic.select().where(Topic.what == TEXT).count() == 1
        assert HeldForm.select().count() == 0
        assert TEXT not in browser.get("/unsent").text
        assert "/unsent" not in browser.get("/").text
        again = browser.client.post(path, data=form)

    assert again.location == answer.location
    assert Topic.select().where(Topic.what == TEXT).count() == 1


def fields_of(page, path):
    form = page.split(f'action="{path}"')[1].split("</form>")[0]
    pairs = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
    return {html.unescape(name): html.unescape(value) for name, value in pairs}


def test_every_page_says_that_something_waits(lapsed):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser, after="/")

        assert 'href="/unsent"' in browser.get("/meetings").text


def test_it_can_be_thrown_away(lapsed):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        browser.post("/unsent", {"form": HeldForm.get().id})

        assert HeldForm.select().count() == 0
        assert TEXT not in browser.get("/unsent").text


def test_somebody_else_on_this_browser_sees_nothing_and_it_is_destroyed(lapsed):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser, "bram")

        assert TEXT not in browser.get("/unsent").text
        assert HeldForm.select().count() == 0
        browser.post("/sign-out")
        sign_in_again(browser)
        assert TEXT not in browser.get("/unsent").text


def test_it_is_gone_after_a_quarter_of_an_hour(lapsed):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER + timedelta(minutes=16), tick=True):
        sign_in_again(browser)

        assert TEXT not in browser.get("/unsent").text
        assert timedelta(minutes=15) == held.TERM


def test_the_same_user_on_another_browser_does_not_have_the_key(lapsed, client_of, cast):
    lapsed()

    assert TEXT not in client_of(cast.anna).get("/unsent").text


def test_the_row_alone_says_nothing(lapsed, cast, path):
    lapsed()
    row = HeldForm.get()
    stored = repr((row.id, bytes(row.sealed), list(HeldForm.select().tuples())))

    for said in (TEXT, "Stille winters", path, cast.anna.id):
        assert said not in stored
    assert {f.name for f in HeldForm._meta.sorted_fields} == {"id", "sealed", "ends_at"}


def test_two_texts_do_not_get_in_each_others_way(client_of, cast, topic_of, path):
    browser = client_of(cast.anna)
    form = topic_of(browser)
    with time_machine.travel(now() + LATER, tick=True):
        browser.client.post(path, data=form)
        browser.client.post(path, data=form | {"once": "other", "what": f"Een tweede: {TEXT}"})
        sign_in_again(browser)
        page = browser.get("/unsent").text

    assert page.count(TEXT) > page.count(f"Een tweede: {TEXT}") > 0


def test_pressing_twice_keeps_it_once(client_of, cast, topic_of, path):
    browser = client_of(cast.anna)
    form = topic_of(browser)
    with time_machine.travel(now() + LATER, tick=True):
        answers = [browser.client.post(path, data=form).location for _press in range(3)]

    assert set(answers) == {"/sign-in?next=/unsent"}
    assert HeldForm.select().count() == 1


def test_a_sign_in_that_was_ended_elsewhere_keeps_the_text_too(client_of, cast, topic_of, path):
    here, there = client_of(cast.anna), client_of(cast.anna)
    form = topic_of(there)
    other = SignIn.visible_to(cast.anna).first()

    here.post(f"/sign-ins/{other.id}/end")

    assert there.client.post(path, data=form).location == "/sign-in?next=/unsent"


def test_a_stranger_stores_nothing(app, client_of, cast, topic_of, path):
    form = topic_of(client_of(cast.anna))
    stranger = Browser(app.test_client())
    token = stranger.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = stranger.client.post(path, data=form | {"csrf_token": token})

    assert answer.status_code == 401
    assert TEXT in html.unescape(answer.text)
    assert HeldForm.select().count() == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_stores_nothing_and_fills_in_nothing(lapsed, headers):
    _browser, answer = lapsed(**headers)

    assert answer.status_code == 403
    assert 'name="what"' not in answer.text
    assert HeldForm.select().count() == 0


def test_a_form_with_a_stale_token_is_not_held(client_of, cast, topic_of, path):
    browser = client_of(cast.anna)
    form = topic_of(browser) | {"csrf_token": "stale"}
    with time_machine.travel(now() + LATER, tick=True):
        answer = browser.client.post(path, data=form)

    assert answer.status_code == 401
    assert TEXT in html.unescape(answer.text)
    assert HeldForm.select().count() == 0


def test_a_press_without_text_is_not_held(client_of, cast):
    browser = client_of(cast.anna)
    form = {"csrf_token": browser.token, "once": "x"}
    with time_machine.travel(now() + LATER, tick=True):
        answer = browser.client.post("/account/sign-out-everywhere", data=form)

    assert answer.location == "/sign-in"
    assert HeldForm.select().count() == 0


def test_what_opens_a_door_is_never_held(client_of, cast, path):
    browser = client_of(cast.anna)
    secrets = {
        name: f"een heel geheim zinnetje in {name}"
        for name in ("passphrase", "new_passphrase", "proof_passphrase", "proof_code", "code")
    }
    form = {"csrf_token": browser.token, "what": TEXT, **secrets}
    with time_machine.travel(now() + LATER, tick=True):
        browser.client.post(path, data=form)
        sign_in_again(browser)
        page = browser.get("/unsent").text

    assert TEXT in page
    assert "geheim" not in page


def test_a_network_can_not_fill_the_table(app, client_of, cast, topic_of, path):
    for _browser in range(held.OF_A_NETWORK + 5):
        browser = client_of(cast.anna)
        form = {"csrf_token": browser.token, "what": TEXT, "once": "x"}
        SignIn.update(seen_at=now() - LATER).execute()
        answer = browser.client.post(path, data=form)

    assert answer.status_code == 401
    assert TEXT in html.unescape(answer.text)
    assert HeldForm.select().count() == held.OF_A_NETWORK


def test_a_fourth_text_in_one_browser_stays_in_the_page(client_of, cast, path):
    browser = client_of(cast.anna)
    token = browser.token
    SignIn.update(seen_at=now() - LATER).execute()
    answers = [
        browser.client.post(path, data={"csrf_token": token, "what": TEXT, "once": f"form {n}"})
        for n in range(4)
    ]

    assert [a.status_code for a in answers] == [303, 303, 303, 401]


def test_under_htmx_the_message_leads_to_the_sign_in(lapsed):
    browser, answer = lapsed(**HTMX)

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#messages"
    assert 'href="/sign-in?next=/unsent"' in answer.text
    assert HeldForm.select().count() == 1
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        assert TEXT in html.unescape(browser.get("/unsent").text)


def test_a_page_that_stands_open_can_be_sent_after_signing_in_again_in_another_tab(
    client_of, cast, topic_of, path
):
    browser = client_of(cast.anna)
    form = topic_of(browser)
    with time_machine.travel(now() + LATER, tick=True):
        assert browser.client.post(path, data=form, headers=HTMX).status_code == 401
        sign_in_again(browser)
        answer = browser.client.post(path, data=form)

        assert answer.status_code == 303
        assert Topic.select().where(Topic.what == TEXT).count() == 1
        assert HeldForm.select().count() == 0


def test_the_page_of_one_user_can_not_be_sent_as_another(client_of, cast, topic_of, path):
    browser = client_of(cast.anna)
    form = topic_of(browser)
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser, "bram")

        assert browser.client.post(path, data=form).status_code == 400
        part = browser.client.post(path, data=form, headers=HTMX)
        assert part.status_code == 400
        assert "Copy it" in part.text or "Kopieer" in part.text  # sending again would never help
        assert Topic.select().where(Topic.what == TEXT).count() == 0


@pytest.mark.parametrize("leave", ["/sign-out", "/quick-exit", "/forget-phone"])
def test_leaving_destroys_what_waits(lapsed, leave):
    browser, _answer = lapsed()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        browser.post(leave)

    assert HeldForm.select().count() == 0


def test_it_is_in_no_address_and_no_log(lapsed, caplog, capsys):
    _browser, answer = lapsed()

    said = caplog.text + "".join(capsys.readouterr()) + answer.location
    assert "winter" not in said


def test_the_text_is_wiped_from_the_file(app, lapsed):
    browser, _answer = lapsed()
    sealed = bytes(HeldForm.get().sealed)
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        browser.post("/unsent", {"form": HeldForm.get().id})
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    instance = app.config["ALLIES"].instance

    assert sealed not in (instance / "allies.db").read_bytes()


def test_a_row_that_was_tampered_with_opens_nothing(lapsed):
    browser, _answer = lapsed()
    row = HeldForm.get()
    sealed = bytearray(row.sealed)
    sealed[-1] ^= 1
    HeldForm.update(sealed=bytes(sealed)).execute()
    with time_machine.travel(now() + LATER, tick=True):
        sign_in_again(browser)
        assert browser.get("/unsent").status_code == 200
        assert TEXT not in browser.get("/unsent").text


def test_what_can_do_harm_is_never_held(client_of, cast, member):
    """Whoever finds a lapsed page could leave it for its owner to send by one press."""
    browser = client_of(cast.carla)
    keys = {"csrf_token": browser.token, "once": "one-form"}
    with time_machine.travel(now() + LATER, tick=True):
        path = f"/members/{member('anna').id}/end"
        answer = browser.client.post(path, data=keys | {"reason": TEXT})

    assert answer.status_code == 401
    assert TEXT in html.unescape(answer.text)
    assert HeldForm.select().count() == 0

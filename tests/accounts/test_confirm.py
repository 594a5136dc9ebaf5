"""Which proofs show who you are before what can do harm, and which do not (TRUST T25)."""

from dataclasses import replace

import pytest

from allies.accounts import own_devices
from allies.accounts.models import SignIn
from allies.alliances.models import Alliance
from allies.demo.loader import PASSPHRASE
from allies.policy import FRESH
from allies.second_step import service as second_step
from allies.second_step.models import RecoveryCode
from tests.accounts.doors import code_of_anna, signed_in
from tests.test_fresh import stale
from tests.walk import guarded, is_visible, rows_of

PATH = "/account/recovery-codes"


@pytest.fixture(autouse=True)
def earnest(app, monkeypatch):
    """Not the demonstration, where one press is enough."""
    monkeypatch.setitem(app.config, "ALLIES", replace(app.config["ALLIES"], demo=False))


@pytest.fixture
def anna(app, cast):
    return stale(signed_in(app, cast.anna))


def prove(door, **proofs):
    named = {f"proof_{name}": value for name, value in proofs.items()}
    return door.post(PATH, {"note": "Dit blijft.", **named}, page="/meetings")


def test_the_passphrase_and_a_code_prove_it(anna):
    assert prove(anna, passphrase=PASSPHRASE, code=code_of_anna()).status_code == 200
    assert RecoveryCode.select().count() == 10


def test_a_printed_code_proves_it_as_well(anna, cast):
    (code, *_rest) = second_step.new_printed_codes(cast.anna)

    assert prove(anna, passphrase=PASSPHRASE, code=code).status_code == 200


@pytest.mark.parametrize(
    "proofs",
    [
        {},
        {"passphrase": PASSPHRASE},
        {"passphrase": PASSPHRASE, "code": "000000"},
        {"passphrase": "fout", "code": "right"},
        {"code": "right"},
        {"demo": "1"},
        {"passkey": "{}"},
    ],
)
def test_less_than_that_proves_nothing(anna, proofs):
    if proofs.get("code") == "right":
        proofs = {**proofs, "code": code_of_anna()}

    answer = prove(anna, **proofs)

    assert answer.status_code == 403
    assert RecoveryCode.select().count() == 0
    assert 'value="Dit blijft."' in answer.text
    assert PASSPHRASE not in answer.text
    assert ("summary" in answer.text) is bool(proofs)


def test_a_code_beside_a_wrong_passphrase_is_not_used_up(anna):
    code = code_of_anna()
    prove(anna, passphrase="fout", code=code)

    assert prove(anna, passphrase=PASSPHRASE, code=code).status_code == 200


def test_a_code_proves_it_once(app, cast, anna):
    code = code_of_anna()
    prove(anna, passphrase=PASSPHRASE, code=code)

    other = stale(signed_in(app, cast.anna))
    assert prove(other, passphrase=PASSPHRASE, code=code).status_code == 403


def test_on_an_own_device_the_passphrase_is_enough(app, cast):
    _secret, device = own_devices.mark(cast.anna)
    phone = stale(signed_in(app, cast.anna, device))

    assert 'name="proof_code"' not in prove(phone).text
    assert prove(phone, passphrase=PASSPHRASE).status_code == 200


def test_ten_wrong_proofs_are_the_most(anna):
    codes = [prove(anna, passphrase="fout").status_code for _try in range(11)]

    assert codes == [403] * 10 + [429]
    assert prove(anna, passphrase=PASSPHRASE, code=code_of_anna()).status_code == 429


def test_the_proof_gives_the_sign_in_a_new_cookie(app, anna):
    with anna.client.session_transaction() as session:
        old = session["_user_id"]
    prove(anna, passphrase=PASSPHRASE, code=code_of_anna())

    assert SignIn.user_of(old) is None
    assert anna.is_in


def test_a_part_of_a_page_is_never_filled_with_the_question(anna):
    token = anna.get("/meetings").text.split('name="csrf_token" value="')[1].split('"')[0]
    htmx = {"HX-Request": "true"}
    answer = anna.client.post(PATH, data={"csrf_token": token}, headers=htmx)

    assert answer.status_code == 403
    assert "<html" not in answer.text
    assert answer.headers["HX-Retarget"] == "#messages"


def test_no_form_to_such_an_address_is_sent_by_htmx(app, client_of, cast):
    """It would get the question in the middle of a page."""
    seen = 0
    for user in vars(cast).values():
        device = client_of(user)
        for path in pages_of(app, user):
            app.extensions["request_limit"].counts.clear()
            for part in device.get(path).text.split('hx-post="')[1:]:
                sent_to = part.split('"')[0]
                seen += 1
                assert guard_of(app, sent_to) not in FRESH, (path, sent_to)
    assert seen > 10


def guard_of(app, path):
    endpoint, _values = app.url_map.bind("localhost").match(path, method="POST")
    return app.view_functions[endpoint].guard


def pages_of(app, user):
    for address in guarded(app, "GET", with_row=False):
        yield address.path
    for address in guarded(app, "GET", with_row=True):
        for alliance in Alliance.select():
            rows = [r for r in rows_of(address.on, alliance) if is_visible(address.on, user, r)]
            yield from (address.at(row.id) for row in rows[:2])

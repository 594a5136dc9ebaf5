"""Each promise to members stands on its page, and has tests that fail when it is broken."""

import ast
from pathlib import Path

import pytest

from allies.i18n import LOCALES

TESTS = Path(__file__).parent.parent
PROVEN_BY = {
    1: {
        "test_no_page_or_part_shows_anybody_but_its_reader",
        "test_aliases_tell_nothing_of_the_order_of_joining",
    },
    2: {
        "test_a_mail_goes_to_one_address_and_names_nobody",
        "test_a_calendar_file_names_nobody",
        "test_a_calendar_entry_holds_the_time_and_nothing_else",
    },
    3: {
        "test_a_reveal_shows_one_field_of_one_member_and_leaves_one_line",
        "test_every_opening_by_somebody_else_is_a_line",
        "test_a_member_reads_by_whom_when_what_and_why",
    },
    4: {
        "test_nothing_is_left_in_the_browser",
        "test_a_phone_that_forgets_us_keeps_nothing_and_stands_for_nobody",
        "test_a_lost_phone_is_five_of_five_dead_at_the_next_request",
        "test_the_coordinator_closes_everything_of_an_own_ally",
        "test_after_leaving_back_shows_the_sign_in_page",
    },
    5: {
        "test_nothing_of_who_left_is_in_any_file",
        "test_an_older_backup_forgets_again_who_left_since",
    },
    6: {
        "test_points_stand_by_alias",
        "test_of_fewer_than_five_answers_not_even_the_number_is_kept",
    },
    7: {
        "test_the_files_hold_no_name_or_contact",
        "test_no_value_opens_in_another_row_or_column",
    },
    8: {"test_the_page_names_what_can_not_be_promised"},
}


def all_tests():
    """The names of all test functions there are."""
    trees = (ast.parse(path.read_text()) for path in TESTS.rglob("test_*.py"))
    functions = (node for tree in trees for node in ast.walk(tree))
    return {node.name for node in functions if isinstance(node, ast.FunctionDef)}


def test_every_promise_is_proven_by_tests_that_exist():
    named = set().union(*PROVEN_BY.values())

    assert named - all_tests() == set()
    assert all(PROVEN_BY.values())


@pytest.fixture
def pages(client_of, cast):
    """pages("/promises") in both languages."""

    def read(path):
        anna = client_of(cast.anna)
        for locale in LOCALES:
            anna.post("/language", {"locale": locale})
            yield anna.get(path).text

    return read


def test_every_promise_stands_on_the_page_with_how_to_check_it(pages):
    for page in pages("/promises"):
        cards = page.split('<li class="card" id="p')[1:]
        assert [card.split('"')[0] for card in cards] == [str(n) for n in PROVEN_BY]
        assert all('<p class="meta">' in card.split("</li>")[0] for card in cards)


def test_the_page_names_what_can_not_be_promised(pages):
    for page in pages("/promises"):
        limits = page.split('id="not-promised"')[1].split("</section>")[0]
        gets = page.split('id="surrendered"')[1].split("</section>")[0]
        assert limits.count("<li>") == 4
        assert gets.count("<dt>") == 5


@pytest.mark.parametrize("persona", ["anna", "carla", "eva"])
@pytest.mark.parametrize("path", ["/promises", "/who-sees-what", "/house-rules"])
def test_every_member_finds_the_pages_from_the_account_and_the_footer(
    client_of, cast, persona, path
):
    device = client_of(getattr(cast, persona))

    assert device.get(path).status_code == 200
    assert f'href="{path}"' in device.get("/account").text


@pytest.mark.parametrize("path", ["/promises", "/who-sees-what", "/house-rules"])
def test_they_are_for_members_only(app, path):
    assert app.test_client().get(path).location == f"/sign-in?next={path}"


def test_the_rules_are_those_that_were_accepted(client_of, cast):
    page = client_of(cast.anna).get("/house-rules").text

    assert page.count("<li>") >= 7
    assert ">Onze regels</h1>" in page


def test_each_role_stands_in_each_part_of_who_sees_what(pages):
    for page in pages("/who-sees-what"):
        cards = page.split('<section class="card">')[1:]
        assert len(cards) == 6
        assert all(card.split("</section>")[0].count("<dt>") == 3 for card in cards)

"""A mail scanner that opens every link in a real browser, runs its scripts, and waits (T15)."""

import pytest

from allies.notifications.models import Link
from tests.links import links_of_every_kind
from tests.walk import content_hash

PATIENCE = 3_000  # milliseconds with all pages open
BUTTONS = {"meeting": 3, "guest": 3}  # to answer with; the others have none


@pytest.fixture
def links(member):
    """All of them but the calendar: that is a file, which a browser keeps and does not show."""
    made = links_of_every_kind(member("anna"), member("carla"))
    return {kind: path for kind, path in made.items() if kind != "calendar"}


@pytest.mark.parametrize("persona", [None, "anna"], ids=["a scanner", "a browser of a member"])
def test_a_browser_that_opens_every_link_and_waits_changes_nothing(phone, links, persona):
    """Also where somebody is signed in: the links open, and nothing is pressed."""
    first = phone(persona)
    if persona:
        first.wait_for_url("**/")
    before, pages = content_hash(), {}
    for kind, path in links.items():
        pages[kind] = first.context.new_page()
        pages[kind].goto(path, wait_until="networkidle")
    first.wait_for_timeout(PATIENCE)

    assert content_hash() == before
    for kind, page in pages.items():
        answers = page.locator("[name=answer]")
        assert page.locator("[name=answer][aria-pressed=true]").count() == 0, kind
        if kind != "start" or not persona:
            assert answers.count() == BUTTONS.get(kind, 0), kind
        assert path_of(page) in {links[kind], "/", "/sign-in"}, kind


def test_looking_ahead_and_reloading_changes_nothing(phone, links):
    page = phone(None)
    before = content_hash()
    page.goto(links["meeting"])
    for _time in range(3):
        page.reload(wait_until="networkidle")
    page.goto(links["guest"])
    page.go_back()
    page.go_forward()
    page.wait_for_timeout(500)

    assert content_hash() == before
    assert page.off_origin == page.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_one_press_answers_on_the_smallest_phone(phone, links, script):
    page = phone(None, script=script, width=320)
    page.goto(links["meeting"])
    assert page.evaluate("document.documentElement.scrollWidth <= 320") if script else True
    buttons = page.locator("[name=answer]")
    assert all(buttons.nth(n).bounding_box()["height"] >= 44 for n in range(3))
    buttons.first.click()
    page.wait_for_load_state()

    assert page.locator(".note.good").count() == 1
    assert page.locator("[name=answer][aria-pressed=true]").count() == 0
    assert Link.select().count() == len(links)


def path_of(page):
    return "/" + page.url.split("/", 3)[3].split("?")[0]

"""axe finds nothing on any page, light and dark, and nothing sticks out at 320 px (WCAG 2.2 AA)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from allies.alliances.models import Alliance
from tests.walk import NO_PAGES, guarded, is_visible, rows_of

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def kinds_of_page(app, user):
    """One path for every kind of page and state of row that this user can open."""
    paths = {a.endpoint: a.path for a in guarded(app, "GET", with_row=False)}
    for address in guarded(app, "GET", with_row=True):
        for alliance in Alliance.select():
            for row in rows_of(address.on, alliance):
                if address.endpoint not in NO_PAGES and is_visible(address.on, user, row):
                    kind = (address.endpoint, getattr(row, "state", None))
                    paths.setdefault(kind, address.at(row.id))
    gate = next(path for path in paths.values() if path.endswith("topics/new"))
    return [*paths.values(), f"{gate}?scope=development"]


@pytest.mark.parametrize("persona", ["anna", "carla", "eva"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(app, phone, cast, persona, scheme):
    page, axe = phone(persona, width=320, scheme=scheme), Axe()
    for path in kinds_of_page(app, getattr(cast, persona)):
        if page.goto(path).status == 403:
            continue
        found = axe.run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert small_targets(page) == [], path


@pytest.mark.parametrize("path", ["/sign-in", "/no/such/page"])
def test_the_pages_before_sign_in_are_accessible(phone, path):
    page = phone(None, width=320)
    page.goto(path)

    assert Axe().run(page, options=RULES).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert small_targets(page) == []


def small_targets(page):
    """Buttons and fields that are less than 44 px high or wide."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button, select, textarea, summary, .btn, a.row,"
            + " input:not([type=hidden]):not([type=radio]):not([type=checkbox])")]
          .filter(e => e.offsetParent !== null)
          .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([html]) => html)"""
    )

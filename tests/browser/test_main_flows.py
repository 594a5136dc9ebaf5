"""The main job in a real browser, at 360 px, with and without JavaScript (PRODUCT 4.2-4.4)."""

import pytest
from playwright.sync_api import expect

from allies.advice.models import Advice, Round
from allies.meetings.models import Rsvp
from allies.topics.models import Topic, TopicState

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
TITLE = "Stille winters in de kustdorpen"


def fits(page):
    """Nothing sticks out sideways, nothing came from elsewhere, nothing complained."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url
    assert page.off_origin == []
    assert page.complaints == []


@BOTH
def test_a_member_answers_a_meeting(phone, script, member):
    anna = phone("anna", script=script)

    before = Rsvp.select().where(Rsvp.membership == member("anna")).count()

    anna.locator("button[name=answer][value=yes]").first.click()

    expect(anna.locator("button[name=answer][value=yes]").first).to_have_attribute(
        "aria-pressed", "true"
    )
    assert Rsvp.select().where(Rsvp.membership == member("anna")).count() == before + 1
    fits(anna)


@BOTH
def test_a_topic_goes_from_the_gate_by_way_of_a_stop_to_the_table(phone, script):
    anna, carla = phone("anna", script=script), phone("carla", script=script)
    anna.goto("/topics")
    anna.locator("a[href$='/topics/new']").first.click()
    anna.locator("a[href*='scope=development']").click()
    anna.fill("[name=title]", TITLE)
    anna.fill("[name=what]", "Bel Jan Pieterse maar op 06-12345678, die weet er alles van.")
    anna.locator("main form button[type=submit]").last.click()
    expect(anna.locator("[name=title]")).to_have_value(TITLE)
    assert Topic.select().where(Topic.title == TITLE).count() == 0

    anna.fill("[name=what]", "In de winter staan hele straten leeg. Dat voelt alleen.")
    anna.locator("main form button[type=submit]:not([name=flagged])").last.click()
    expect(anna.locator("h1")).to_contain_text(TITLE)
    fits(anna)

    carla.goto("/")
    carla.locator("a[href$='/moderation']").first.click()
    queued = carla.locator("article", has_text=TITLE)
    queued.locator("form[action$='/approve'] button").click()
    expect(queued.locator("form[action$='/approve']")).to_have_count(0)
    assert Topic.get(Topic.title == TITLE).state == TopicState.APPROVED
    fits(carla)


@BOTH
def test_a_round_is_asked_confirmed_answered_closed_and_accounted_for(phone, script, veere):
    carla, daan, anna = (phone(p, script=script) for p in ("carla", "daan", "anna"))
    carla.goto(f"/alliances/{veere.id}/advice/new")
    carla.fill("[name=question]", "Er gaan verhalen rond over de markt. Wat helpt nu?")
    carla.fill("[name=known]", "De markt gaat gewoon door.")
    carla.fill("[name=unknown]", "Of er volgende week meer drukte komt.")
    carla.fill("[name=shareable]", "De markt gaat door zoals altijd.")
    carla.fill("[name=options]", "Zelf rondlopen\nEen bericht sturen")
    carla.locator("input[name=hours][value='4']").check()
    carla.locator("main form button[type=submit]").last.click()
    expect(carla.locator("h1")).to_be_visible()
    round = Round.get(Round.known == "De markt gaat gewoon door.")

    daan.goto(f"/advice/{round.id}")
    daan.locator("form[action$='/confirm'] button").click()
    expect(daan.locator("form[action$='/confirm']")).to_have_count(0)

    anna.goto(f"/advice/{round.id}")
    anna.locator("label", has_text="Zelf rondlopen").click()
    anna.locator("input[name=mood][value=tense]").check()
    anna.fill("[name=text]", "Laat bekende gezichten rondlopen, dat werkt het best.")
    anna.locator("form[action$='/answer'] button[type=submit]").last.click()
    expect(anna.locator("main")).to_contain_text("Laat bekende gezichten rondlopen")
    assert Advice.select().where(Advice.round == round).count() == 1
    fits(anna)

    carla.goto(f"/advice/{round.id}")
    carla.locator("details:has(form[action$='/close']) summary").click()
    carla.locator("form[action$='/close'] button").click()
    carla.locator("form[action$='/outcome'] input[value=taken-up]").check()
    carla.fill("form[action$='/outcome'] [name=text]", "We lopen zaterdag zichtbaar rond.")
    carla.locator("form[action$='/outcome'] button[type=submit]").click()
    expect(carla.locator("main")).to_contain_text("We lopen zaterdag zichtbaar rond.")

    anna.goto("/")
    expect(anna.locator("main")).to_contain_text("Er gaan verhalen rond over de markt")
    fits(anna)


def test_the_board_changes_by_itself_and_keeps_what_somebody_is_typing(phone, cast, member, veere):
    bram_writes = "Dit typ ik nog terwijl het bord ververst."
    round = Round.get(Round.alliance == veere, Round.state == "open")
    anna, bram = phone("anna"), phone("bram")
    bram.goto(f"/advice/{round.id}")
    anna.goto(f"/advice/{round.id}")
    typing = bram.locator("form[action$='/answer'] [name=text]")
    if not typing.is_visible():
        bram.locator("details summary").first.click()
    typing.fill(bram_writes)

    anna.locator("input[name=mood][value=calm]").check()
    anna.locator("input[name=option]").first.check()
    anna.fill("form[action$='/answer'] [name=text]", "Eerst met elkaar om de tafel.")
    anna.locator("form[action$='/answer'] button[type=submit]").last.click()

    expect(bram.locator("#board-" + round.id)).to_contain_text(
        "Eerst met elkaar om de tafel.", timeout=15_000
    )
    expect(typing).to_have_value(bram_writes)
    fits(bram)


def test_by_keyboard_alone_an_answer_can_be_given(phone, member):
    anna = phone("anna")
    for _press in range(60):
        anna.keyboard.press("Tab")
        if anna.evaluate("document.activeElement.value") == "maybe":
            break
    anna.keyboard.press("Enter")

    expect(anna.locator("button[name=answer][value=maybe]").first).to_have_attribute(
        "aria-pressed", "true"
    )


def test_an_answer_that_could_not_be_sent_says_so_and_can_be_sent_again(phone, member):
    anna = phone("anna")
    anna.route("**/rsvp", lambda route: route.abort())
    anna.locator("button[name=answer][value=yes]").first.click()
    expect(anna.locator("#messages")).not_to_be_empty()
    anna.unroute("**/rsvp")

    anna.locator("button[name=answer][value=yes]").first.click()

    expect(anna.locator("button[name=answer][value=yes]").first).to_have_attribute(
        "aria-pressed", "true"
    )
    assert Rsvp.select().where(Rsvp.membership == member("anna")).count() >= 1


def test_after_signing_out_the_back_button_shows_no_page(phone):
    anna = phone("anna")
    anna.goto("/meetings")
    anna.locator("form[action='/sign-out'] button").click()
    expect(anna.locator("[name=passphrase]")).to_be_visible()
    anna.go_back()

    expect(anna.locator("[name=passphrase]")).to_be_visible()
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert anna.evaluate(stored) == "[{},{}]"

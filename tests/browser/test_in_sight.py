"""What a press of a button changed is in sight on a phone, without a search for it."""

from playwright.sync_api import expect

IN_SIGHT = """(part) => {
  const { top, bottom } = part.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


def test_the_message_and_the_noted_answer_are_in_sight_where_the_button_was_pressed(phone):
    anna = phone("anna")
    button = anna.locator("button[name=answer][value=yes]").first
    button.evaluate("(b) => scrollTo(0, b.getBoundingClientRect().top - 90)")
    assert anna.evaluate("scrollY") > 0

    button.click()

    expect(anna.locator("#messages .fresh")).to_be_visible()
    noted = anna.locator(".panel .note.good").first
    assert noted.evaluate(IN_SIGHT)
    assert anna.locator("#messages .note").evaluate(IN_SIGHT)
    assert anna.locator(".panel h2").first.evaluate(IN_SIGHT)
    assert anna.evaluate("document.activeElement.matches('.panel')")


def test_a_good_message_stops_floating_after_a_while_and_stays_on_the_page(phone):
    anna = phone("anna")
    anna.clock.install()
    anna.locator("button[name=answer][value=no]").first.click()
    expect(anna.locator("#messages .fresh")).to_be_visible()

    anna.clock.fast_forward(9000)

    expect(anna.locator("#messages .fresh")).to_have_count(0)
    expect(anna.locator("#messages .good")).to_have_count(1)

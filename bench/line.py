"""Times on a bad line, as Chromium emulates it: EDGE, 240 kbit/s and 840 ms a round trip.

Chromium's throttling holds back each answer; it emulates neither TCP nor TLS. So these are the
times of a connection that is open already, and what the code adds to the floor shows well: one
round trip and the bytes of the answer.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bench.table import Row
from bench.wire import ask, get, post
from tests.tooling.browser import SWITCHES, find_chromium

LATENCY, BYTES_A_SECOND = 0.84, 240_000 / 8
ROUNDS, MOST_OVER_FLOOR = 3, 1.15
PHONE = ViewportSize(width=360, height=740)
FIRST_PAINT = """new Promise(tell => new PerformanceObserver(list => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) tell(paint.startTime / 1000);
}).observe({type: "paint", buffered: true}))"""
PRESS = """new Promise(tell => {
  const began = performance.now();
  document.body.addEventListener(
    "htmx:afterSettle", () => tell((performance.now() - began) / 1000), {once: true});
  document.querySelector('button[name=answer][value=no]').click();
})"""


def measure(port: int, facts: dict[str, Any]) -> list[Row]:
    """Three times each, medians, beside the floor: one round trip and the bytes of the answer."""
    titles = {
        "first": "First visit to first content (sign-in page)",
        "next": "Next page, signed in",
        "rsvp": "RSVP pressed to confirmed",
    }
    if not find_chromium():
        note = "Chromium is missing; on Debian or Ubuntu: apt install chromium"
        return [Row(title, None, note=note) for title in titles.values()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=SWITCHES)
        times = [once(browser, port, facts) for _ in range(ROUNDS)]
        browser.close()
    sizes, rows = answer_sizes(port, facts), []
    for name, title in titles.items():
        floor = LATENCY + sizes[name] / BYTES_A_SECOND
        taken = statistics.median(each[name] for each in times)
        note = f"{taken:.2f} s, floor {floor:.2f} s for {sizes[name]:,} B"
        rows.append(Row(title, taken / floor, "x", MOST_OVER_FLOOR, note=note))
    return rows


def answer_sizes(port: int, facts: dict[str, Any]) -> dict[str, int]:
    who = facts["ally"]
    rsvp = post(f"{facts['meeting']}/rsvp", who, {"answer": "no", "note": ""})
    requests = {"first": get("/sign-in"), "next": get("/meetings", who), "rsvp": rsvp}
    answers = {name: ask(port, request) for name, request in requests.items()}
    return {name: len(answer.head) + len(answer.body) for name, answer in answers.items()}


def once(browser: Browser, port: int, facts: dict[str, Any]) -> dict[str, float]:
    """The three times in seconds, in a browser that was never here before."""
    base = f"http://localhost:{port}"
    context = browser.new_context(base_url=base, viewport=PHONE)
    page = context.new_page()
    slow_down(context, page)
    page.goto("/sign-in")
    taken = {"first": page.evaluate(FIRST_PAINT)}
    who = facts["ally"]
    context.add_cookies([{"name": who["name"], "value": who["value"], "url": base}])
    page.goto("/", wait_until="networkidle")  # styles and scripts are kept from here on
    page.goto("/meetings")
    taken["next"] = page.evaluate(FIRST_PAINT)
    page.goto(facts["meeting"], wait_until="networkidle")
    taken["rsvp"] = page.evaluate(PRESS)
    context.close()
    return taken


def slow_down(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line = {"offline": False, "latency": LATENCY * 1000, **speed}
    session.send("Network.emulateNetworkConditions", line)

"""Pictures of the application for people who read about it: `make screens` fills docs/screens."""

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from allies import create_app, db, migrate
from allies.advice.models import Round
from allies.alliances.models import Alliance
from allies.dates.models import DatePoll
from allies.demo import loader
from allies.meetings.models import Meeting
from allies.minutes.models import Minutes, MinutesState
from allies.topics.models import Topic
from tests.conftest import settings_in
from tests.tooling.browser import SWITCHES, find_chromium

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
PHONE, DESKTOP = 360, 1280
# file name, persona, page, width, colour scheme, language
SCREENS = [
    ("sign-in", None, "/sign-in", PHONE, "light", "nl"),
    ("today-ally", "anna", "/", PHONE, "light", "nl"),
    ("today-coordinator-dark", "carla", "/", PHONE, "dark", "nl"),
    ("today-english", "vera", "/", PHONE, "light", "en"),
    ("today-desktop", "sanne", "/", DESKTOP, "light", "nl"),
    ("meetings", "anna", "/meetings", PHONE, "light", "nl"),
    ("meeting", "anna", "meeting", PHONE, "light", "nl"),
    ("meeting-coordinator", "carla", "meeting", DESKTOP, "light", "nl"),
    ("planner", "carla", "planner", PHONE, "light", "nl"),
    ("agenda", "carla", "agenda", DESKTOP, "light", "nl"),
    ("room", "carla", "room", DESKTOP, "dark", "nl"),
    ("dates", "mina", "dates", PHONE, "light", "nl"),
    ("minutes", "anna", "minutes", PHONE, "dark", "nl"),
    ("year", "bram", "year", PHONE, "light", "nl"),
    ("topics", "bram", "/topics", PHONE, "light", "nl"),
    ("topic-gate", "anna", "gate", PHONE, "light", "nl"),
    ("topic-form", "anna", "topic form", PHONE, "light", "nl"),
    ("topic", "bram", "topic", PHONE, "light", "nl"),
    ("moderation", "daan", "moderation", DESKTOP, "light", "nl"),
    ("round-ally", "anna", "round", PHONE, "light", "nl"),
    ("round-dark", "bram", "round", PHONE, "dark", "nl"),
    ("round-coordinator", "carla", "round", DESKTOP, "light", "nl"),
    ("round-new", "carla", "new round", PHONE, "light", "nl"),
    ("account", "anna", "/account", PHONE, "light", "nl"),
]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app, pages = demo(Path(folder))
        server = make_server("localhost", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            take(f"http://localhost:{server.port}", pages)
        finally:
            server.shutdown()


def demo(folder):
    """The demo region in a folder of its own, and the addresses of what the pictures show."""
    settings = settings_in(folder)
    app = create_app(settings)
    db.open_connection()
    migrate.upgrade(settings)
    loader.load()
    veere = Alliance.get(Alliance.name == "Veere")
    meeting = next(m for m in Meeting.select().order_by(Meeting.starts_at) if shows(m, veere))
    topic = Topic.select().where(Topic.alliance == veere, Topic.meeting == meeting).get()
    round = Round.select().where(Round.alliance == veere, Round.state == "open").get()
    minutes = Minutes.get(Minutes.alliance == veere, Minutes.state == MinutesState.CONTESTABLE)
    pages = {
        "meeting": f"/meetings/{meeting.id}",
        "planner": f"/alliances/{veere.id}/planner",
        "agenda": f"/meetings/{meeting.id}/agenda",
        "room": f"/meetings/{meeting.id}/room",
        "dates": f"/dates/{DatePoll.get().id}",
        "minutes": f"/meetings/{minutes.meeting_id}/minutes",
        "year": f"/alliances/{veere.id}/year",
        "topic": f"/topics/{topic.id}",
        "round": f"/advice/{round.id}",
        "gate": f"/alliances/{veere.id}/topics/new",
        "topic form": f"/alliances/{veere.id}/topics/new?scope=development",
        "moderation": f"/alliances/{veere.id}/moderation",
        "new round": f"/alliances/{veere.id}/advice/new",
    }
    db.database.close()
    return app, pages


def shows(meeting, alliance):
    return meeting.alliance_id == alliance.id and meeting.is_open


def take(base, pages):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=SWITCHES)
        for name, persona, page_name, width, scheme, language in SCREENS:
            size = {"width": width, "height": 780}
            context = browser.new_context(viewport=size, color_scheme=scheme, base_url=base)
            page = context.new_page()
            page.goto("/sign-in")
            if persona:
                page.click(f"button[name=persona][value={persona}]")
            if language == "en":
                page.click("button[name=locale][value=en]")
            page.goto(pages.get(page_name, page_name))
            # so that the bar at the bottom of a phone stands at the bottom of the picture
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
            print(f"docs/screens/{name}.png")


if __name__ == "__main__":
    main()

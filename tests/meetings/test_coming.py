"""Who comes, as coordinators see it, and answers they enter for who phoned (PRODUCT 4.2)."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership
from allies.audit import AuditLine, AuditNote
from allies.db import now
from allies.meetings import answering
from allies.meetings.models import Meeting, Rsvp
from allies.meetings.needs import count_needs
from tests.walk import counted_queries

HTMX = {"HX-Request": "true"}
BY_US = "entered by a coordinator"


@pytest.fixture
def meeting(veere):
    """A meeting of Veere in 30 days that nobody answered yet."""
    starts_at = now().replace(microsecond=0) + timedelta(days=30)
    return Meeting.create(alliance=veere, starts_at=starts_at, duration=120, is_extra=True)


@pytest.fixture
def path(meeting):
    return f"/meetings/{meeting.id}/answers"


@pytest.fixture
def in_english(client_of, cast):
    """in_english("carla") is her browser."""

    def sign_in(persona):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device

    return sign_in


def row_of(page, member):
    """What stands on the page in the row of this member."""
    return next(r for r in page.split('class="row"')[1:] if f">{member.alias}<" in r)


def entered(member, answer, saw=""):
    return {"member": member.id, "answer": answer, "saw": saw}


def test_the_page_is_for_coordinators_of_the_alliance(client_of, cast, path):
    def opens(persona):
        return client_of(getattr(cast, persona)).get(path).status_code

    seen = {p: opens(p) for p in ("carla", "daan", "piet", "anna", "eva", "mina", "dirk")}
    assert seen == {
        "carla": 200, "daan": 200, "piet": 200, "anna": 403, "eva": 403, "mina": 404, "dirk": 404,
    }  # fmt: skip


def test_an_answer_by_phone_is_marked_for_both_until_the_member_answers(
    in_english, path, meeting, member
):
    carla, anna = in_english("carla"), in_english("anna")
    assert carla.post(path, entered(member("anna"), "yes")).status_code == 303

    assert BY_US in row_of(carla.get(path).text, member("anna"))
    assert "A coordinator entered this for you" in anna.get(f"/meetings/{meeting.id}").text

    anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes"})
    assert BY_US not in row_of(carla.get(path).text, member("anna"))
    assert "A coordinator entered" not in anna.get(f"/meetings/{meeting.id}").text


def test_the_own_link_of_a_row_leads_to_the_form_for_that_member(in_english, path, member):
    carla = in_english("carla")
    page = carla.get(f"{path}?member={member('anna').id}").text

    assert f'name="member" value="{member("anna").id}"' in page
    assert 'aria-pressed="true"' not in page
    for nobody in ("", "x", "../..", member("mina").id, member("carla").id):
        assert 'name="member"' not in carla.get(path, query_string={"member": nobody}).text


def test_a_members_own_answer_is_not_written_over_unseen(in_english, path, meeting, member):
    carla = in_english("carla")
    carla.get(f"{path}?member={member('anna').id}")
    answering.answer(meeting, by=member("anna"), answer="maybe", note="Ik kom wat later")

    stale = carla.post(path, entered(member("anna"), "no"), headers=HTMX)
    assert stale.status_code == 409
    assert meeting.answer_of(member("anna")).answer == "maybe"

    page = carla.get(f"{path}?member={member('anna').id}").text
    assert 'name="saw" value="maybe"' in page
    assert carla.post(path, entered(member("anna"), "no", saw="maybe")).status_code == 303
    mine = meeting.answer_of(member("anna"))
    assert (mine.answer, mine.note) == ("no", "Ik kom wat later")
    assert mine.is_by_coordinator


def test_the_same_answer_given_by_the_member_meanwhile_is_the_members_own(
    in_english, path, meeting, member
):
    """The coordinator saw what a coordinator entered; the member has said it since."""
    carla = in_english("carla")
    carla.post(path, entered(member("anna"), "yes"))
    assert 'name="saw" value=""' in carla.get(f"{path}?member={member('anna').id}").text
    answering.answer(meeting, by=member("anna"), answer="yes")

    assert carla.post(path, entered(member("anna"), "no")).status_code == 409
    assert not meeting.answer_of(member("anna")).is_by_coordinator


def test_what_a_coordinator_entered_another_may_mend(in_english, path, meeting, member):
    in_english("carla").post(path, entered(member("anna"), "yes"))

    assert in_english("daan").post(path, entered(member("anna"), "no")).status_code == 303
    assert meeting.answer_of(member("anna")).answer == "no"


@pytest.mark.parametrize("whose", ["mina", "carla", "eva", "vera"])
def test_an_answer_is_entered_for_allies_of_the_alliance_only(
    in_english, path, meeting, member, whose
):
    refused = in_english("carla").post(path, entered(member(whose), "yes"))

    assert refused.status_code == 422
    assert Rsvp.select().where(Rsvp.meeting == meeting).count() == 0


@pytest.mark.parametrize(
    "wrong",
    [{}, {"answer": "yes"}, {"answer": "perhaps"}, {"saw": "perhaps", "answer": "yes"}],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_not_an_answer_is_refused(in_english, path, meeting, member, wrong, headers):
    whose = {} if wrong == {"answer": "yes"} else {"member": member("anna").id}
    refused = in_english("carla").post(path, {**whose, **wrong}, headers=headers)

    assert refused.status_code == 422
    assert "Nothing has been sent yet" in refused.text
    assert Rsvp.select().where(Rsvp.meeting == meeting).count() == 0


def test_entering_ends_at_the_start_and_when_the_meeting_is_off(
    client_of, cast, path, meeting, member
):
    sent = entered(member("anna"), "yes")
    with time_machine.travel(meeting.starts_at, tick=False):
        carla = client_of(cast.carla)
        assert carla.post(path, sent).status_code == 409
        assert "?member=" not in carla.get(path).text
    Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
    assert client_of(cast.carla).post(path, sent).status_code == 409


@pytest.mark.parametrize("own", ["yes", "maybe", "no"])
@pytest.mark.parametrize("entered_answers", [["yes"], ["no"], ["maybe"], ["no", "yes"]])
def test_no_answer_a_coordinator_enters_shows_whose_needs_are_counted(
    in_english, path, meeting, member, own, entered_answers
):
    others = [ally for ally in meeting.alliance.allies if ally != member("anna")][:3]
    for ally in (member("anna"), *others):
        answering.answer(meeting, by=ally, answer="yes")
        answering.ask_for(meeting, by=ally, needs=["interpreter"], note="")
    answering.answer(meeting, by=member("anna"), answer=own)
    counted, saw = count_needs(meeting), own
    assert counted == [("interpreter", 3 if own == "no" else 4)]

    for answer in entered_answers:
        in_english("carla").post(path, entered(member("anna"), answer, saw=saw))
        assert meeting.answer_of(member("anna")).answer == answer
        assert count_needs(meeting) == counted
        saw = ""


def test_needs_of_before_a_meeting_moved_are_not_shown_by_entering_an_answer(
    in_english, path, meeting, member
):
    everybody = list(meeting.alliance.allies)
    for ally in everybody[:4]:
        answering.answer(meeting, by=ally, answer="yes")
        answering.ask_for(meeting, by=ally, needs=["travel"], note="")
    Rsvp.delete().where(Rsvp.meeting == meeting).execute()
    assert count_needs(meeting) is None
    for ally in everybody[:3]:
        answering.answer(meeting, by=ally, answer="yes")
    assert count_needs(meeting) == [("travel", 3)]

    in_english("carla").post(path, entered(everybody[3], "yes"))
    assert count_needs(meeting) == [("travel", 3)]


@pytest.mark.parametrize("answer", ["yes", "no", "maybe"])
def test_answers_a_coordinator_enters_never_make_up_the_three(in_english, path, meeting, answer):
    first, *others = list(meeting.alliance.allies)[:5]
    answering.answer(meeting, by=first, answer="yes")
    answering.ask_for(meeting, by=first, needs=["interpreter"], note="")
    for ally in others:
        in_english("carla").post(path, entered(ally, answer))

    assert "An interpreter" not in in_english("carla").get(path).text.split('id="needed-title"')[1]


@pytest.mark.parametrize("others", [[], ["yes"], ["no", "no", "no"], ["maybe", "no"]])
def test_needs_of_fewer_than_three_who_may_come_are_not_told(in_english, path, meeting, others):
    first, *rest = meeting.alliance.allies
    answering.answer(meeting, by=first, answer="yes")
    answering.ask_for(meeting, by=first, needs=["interpreter"], note="")
    for ally, answer in zip(rest, others, strict=False):
        answering.answer(meeting, by=ally, answer=answer)

    needed = in_english("carla").get(path).text.split('id="needed-title"')[1]
    assert "interpreter" not in needed
    assert "Needs are shown once three members" in needed
    for ally in rest[:3]:
        answering.answer(meeting, by=ally, answer="maybe")
    assert "1 × An interpreter" in in_english("carla").get(path).text


def test_of_a_draft_nobody_was_asked(in_english, path, meeting, member):
    Meeting.update(is_draft=True).where(Meeting.id == meeting.id).execute()
    carla = in_english("carla")

    assert carla.get(path).status_code == 409
    assert carla.post(path, entered(member("anna"), "yes")).status_code == 409
    assert Rsvp.select().where(Rsvp.meeting == meeting).count() == 0
    hub = carla.get(f"/meetings/{meeting.id}").text
    assert "Nobody was told yet" in hub
    assert "/answers" not in hub
    assert in_english("anna").get(f"/meetings/{meeting.id}").status_code == 404


def test_the_log_says_that_an_answer_was_entered_and_neither_whose_nor_which(
    in_english, path, meeting, member
):
    carla = in_english("carla")
    lines, notes = AuditLine.select().count(), AuditNote.select().count()
    carla.post(path, entered(member("anna"), "yes"))

    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert AuditLine.select().count() == lines + 1
    assert AuditNote.select().count() == notes
    assert (line.action, line.actor) == ("meeting.answered-for", member("carla").id)
    assert (line.subject, line.note_hash) == (meeting.id, "")


def test_sent_twice_it_counts_once(in_english, path, member):
    carla, sent = in_english("carla"), {**entered(member("anna"), "yes"), "once": "k" * 22}
    lines = AuditLine.select().count()

    assert [carla.post(path, sent).status_code for _ in range(2)] == [303, 303]
    assert AuditLine.select().count() == lines + 1


def test_the_answer_under_htmx_is_the_part_with_the_row_marked(in_english, path, member):
    part = in_english("carla").post(path, entered(member("anna"), "no"), headers=HTMX)

    assert part.status_code == 200
    assert "<html" not in part.text
    assert BY_US in row_of(part.text, member("anna"))
    assert 'name="member"' not in part.text


def test_paused_members_are_marked_whether_they_answered_or_not(in_english, path, meeting, member):
    tomorrow = (now() + timedelta(days=2)).date()
    Membership.update(paused_until=tomorrow).where(
        Membership.id.in_([member("anna").id, member("bram").id])
    ).execute()
    answering.answer(meeting, by=member("bram"), answer="yes")
    page = in_english("carla").get(path).text

    assert all("paused" in row_of(page, member(who)) for who in ("anna", "bram"))
    assert "Yes" in row_of(page, member("bram"))


def test_who_joined_after_a_meeting_was_not_missing_there(in_english, path, meeting, veere):
    for ally in list(veere.allies)[:4]:
        answering.answer(meeting, by=ally, answer="yes")
    with time_machine.travel(meeting.starts_at + timedelta(days=1)):
        Membership.create(alliance=veere, user=User.create(), role="ally", alias="Zeepok")
        carla, anna = in_english("carla"), in_english("anna")
        page, own = carla.get(path).text, anna.get(f"/meetings/{meeting.id}").text

    assert "Zeepok" not in page
    assert "4 said yes." in page
    assert "4 said yes." in own
    assert Meeting.get_by_id(meeting.id).alliance.allies.count() == 13


def test_members_read_a_sentence_of_numbers_from_three_answers_on(in_english, meeting, veere):
    def read_by(persona):
        page = in_english(persona).get(f"/meetings/{meeting.id}").text
        return re.sub(r"\s+", " ", page)

    answers = ["yes"] * 7 + ["no"] * 2 + ["maybe"]
    allies = list(veere.allies)
    assert "Nobody comes yet, 12 have not answered." in read_by("carla")
    for ally, answer in zip(allies[:2], answers, strict=False):
        answering.answer(meeting, by=ally, answer=answer)
    assert "2 come" not in read_by("anna") + read_by("eva")
    assert "2 come, 10 have not answered." in read_by("carla")
    for ally, answer in zip(allies, answers, strict=False):
        answering.answer(meeting, by=ally, answer=answer)

    for persona in ("anna", "eva", "carla"):
        assert "7 come, 1 maybe, 2 don&#39;t, 2 have not answered." in read_by(persona)


def test_nobody_but_coordinators_reads_who_answered(in_english, path, meeting, veere):
    allies = list(veere.allies)
    for ally in allies:
        answering.answer(meeting, by=ally, answer="yes")
    for persona in ("anna", "eva"):
        page = in_english(persona).get(f"/meetings/{meeting.id}").text
        assert [a.alias for a in allies if f">{a.alias}<" in page] == []
    page = in_english("carla").get(path).text
    assert all(f">{a.alias}<" in page for a in allies)


def test_too_few_is_said_to_coordinators_on_both_pages_and_to_nobody_else(
    in_english, path, meeting, veere
):
    Alliance.update(least_coming=9).where(Alliance.id == veere.id).execute()
    for ally in list(veere.allies)[:4]:
        answering.answer(meeting, by=ally, answer="no")
    warning, hub = "Fewer come than the 9", f"/meetings/{meeting.id}"

    assert warning in in_english("carla").get(path).text
    assert warning in in_english("carla").get(hub).text
    assert warning not in in_english("anna").get(hub).text
    assert warning not in in_english("eva").get(hub).text


def test_the_pages_ask_no_more_for_more_answers(client_of, cast, path, meeting, veere):
    carla, counted = client_of(cast.carla), []
    allies = list(veere.allies)
    for number in (1, 12):
        for ally in allies[:number]:
            answering.answer(meeting, by=ally, answer="yes")
            answering.ask_for(meeting, by=ally, needs=["travel", "step-free"], note="Tot dan")
        for address in (path, f"{path}?member={allies[0].id}", f"/meetings/{meeting.id}"):
            with counted_queries() as queries:
                assert carla.get(address).status_code == 200
            counted.append(len(queries))

    assert counted[:3] == counted[3:]
    assert max(counted) <= 8


def test_the_desk_of_a_cancelled_meeting_offers_to_plan_it_again_and_nothing_else(
    in_english, meeting
):
    Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
    desk = in_english("carla").get(f"/meetings/{meeting.id}").text.split("Your work on")[1]

    assert re.findall(rf'href="/meetings/{meeting.id}/(\w+)"', desk) == ["again"]


def test_once_a_meeting_has_begun_nobody_is_phoned_or_invited(in_english, path, meeting):
    with time_machine.travel(meeting.ends_at, tick=False):
        carla = in_english("carla")
        hub, answers = carla.get(f"/meetings/{meeting.id}").text, carla.get(path).text

    assert "phoned" not in hub
    assert f"/meetings/{meeting.id}/guests" not in hub
    assert "Did somebody phone?" not in answers


def test_it_is_said_when_the_warning_comes(in_english, path, meeting):
    carla, alliance = in_english("carla"), meeting.alliance
    for page in (path, f"/alliances/{alliance.id}/agreements"):
        assert "In the last week before it only a yes counts." in carla.get(page).text

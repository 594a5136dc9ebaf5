"""Contesting a sentence for seven days, the answers, and fixing (PRODUCT 4.2)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from allies import keeping
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.minutes import contesting
from allies.minutes.models import Contest, ContestState, Minutes, MinutesPart, MinutesRevision
from allies.minutes.service import SavedMeanwhile
from allies.notifications.models import Delivery
from allies.outcomes.models import Outcome
from allies.topics.models import Topic, TopicState
from tests.minutes.conftest import ADVICE, HEARD, end_of_contest

MENDED = HEARD.replace("vooral ouderen", "ouderen en jongeren")


def fresh(row):
    return type(row).get_by_id(row.id)


def minutes_of(part):
    return Minutes.get_by_id(part.minutes_id)


def test_a_member_marks_a_sentence_and_nobody_sees_who(client_of, cast, held, published, member):
    anna, path = client_of(cast.anna), f"/minutes-parts/{published.id}/contest"
    form = anna.get(path).text
    assert form.count('name="sentence"') == 5

    sent = {"seen": "1", "sentence": "heard-1", "remark": "Ook jongeren merken het."}
    assert anna.post(path, sent).status_code == 303

    contest = Contest.get(Contest.part == published)
    assert (contest.sentence, contest.made_on) == ("Dat merken vooral ouderen.", today())
    alias = member("anna").alias
    for persona in ("anna", "bram", "carla", "daan"):
        page = client_of(getattr(cast, persona)).get(f"/meetings/{held.id}/minutes").text
        assert "Ook jongeren merken het." in page, persona
        assert alias not in page, persona
    assert alias not in client_of(cast.carla).get(f"/contests/{contest.id}/reply").text
    assert "contest" not in {line.action for line in AuditLine.select()}


def test_only_its_member_sees_a_mark_as_theirs(client_of, cast, held, contested):
    marked = {
        persona: client_of(getattr(cast, persona)).get(f"/meetings/{held.id}/minutes").text
        for persona in ("anna", "bram", "carla")
    }

    assert [marked[p].count('<span class="state neutral">') for p in marked] == [1, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sentence": "heard-99"},
        {"sentence": ""},
        {"remark": ""},
        {"remark": "Vraag dhr. Pieterse, 06-12345678"},
        {"remark": "a" * 2001},
        {"seen": "0"},
        {"seen": ""},
    ],
)
def test_a_contest_needs_a_sentence_of_the_text_that_was_read_and_a_remark(
    client_of, cast, published, wrong
):
    sent = {"seen": "1", "sentence": "heard-1", "remark": "Ook jongeren.", **wrong}
    answer = client_of(cast.anna).post(f"/minutes-parts/{published.id}/contest", sent)

    assert answer.status_code == 422
    assert sent["remark"] in answer.text
    assert not Contest.select().where(Contest.part == published).exists()


def test_only_allies_of_the_table_contest(client_of, cast, published):
    path = f"/minutes-parts/{published.id}/contest"
    sent = {"seen": "1", "sentence": "heard-1", "remark": "Ook jongeren."}
    for persona, status in (("carla", 403), ("eva", 404), ("mina", 404), ("dirk", 404)):
        device = client_of(getattr(cast, persona))
        assert device.get(path).status_code == status, persona
        assert device.post(path, sent).status_code == status, persona


def test_the_same_sentence_is_marked_once_by_one_member(published, contested, member):
    again = {"seen": "1", "sentence": "heard-1", "remark": "Nog eens."}

    with pytest.raises(Refused):
        contesting.contest(published, by=member("anna"), **again)
    contesting.contest(published, by=member("bram"), **again)


def test_five_of_one_member_wait_at_most(published, member):
    keys = ["heard-0", "heard-1", "heard-2", "advice-0", "advice-1"]
    mine = Contest.update(membership=None).where(Contest.membership == member("anna").id)
    mine.execute()  # of the demo region
    for key in keys:
        contesting.contest(published, by=member("anna"), seen="1", sentence=key, remark="Nee.")
    MinutesPart.update(heard=HEARD + " Nog een zin.").where(
        MinutesPart.id == published.id
    ).execute()

    with pytest.raises(Refused, match="Five"):
        contesting.contest(
            published, by=member("anna"), seen="1", sentence="heard-3", remark="Nee."
        )


def test_until_the_last_second_a_sentence_can_be_contested_and_then_clearly_not(
    client_of, cast, published
):
    ends_at = end_of_contest(minutes_of(published))
    path = f"/minutes-parts/{published.id}/contest"
    sent = {"seen": "1", "sentence": "heard-1", "remark": "Dat was anders."}
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        assert client_of(cast.anna).post(path, sent).status_code == 303
    with time_machine.travel(ends_at, tick=False):
        bram = client_of(cast.bram)
        answer = bram.post(path, sent)
        assert answer.status_code == 409
        assert "Dat was anders." in answer.text
        assert bram.get(path).status_code == 409

    assert Contest.select().where(Contest.part == published).count() == 1


# -- answers


def test_keeping_the_text_needs_a_reason_and_tells_the_member(client_of, cast, contested, member):
    carla, path = client_of(cast.carla), f"/contests/{contested.id}/reply"
    assert carla.post(path, {"seen": "1", "state": "kept", "reply": ""}).status_code == 422
    Delivery.delete().execute()

    sent = {"seen": "1", "state": "kept", "reply": "Zo is het gezegd.", "heard": "Iets anders."}
    assert carla.post(path, sent).status_code == 303

    assert fresh(contested).state == ContestState.KEPT
    assert fresh(contested).part.heard == HEARD
    assert [d.membership_id for d in Delivery.select()] == [member("anna").id]


def test_a_change_shows_what_it_said_before_and_keeps_the_earlier_text(
    client_of, cast, held, contested
):
    sent = {"seen": "1", "state": "changed", "reply": "U hebt gelijk.", "heard": MENDED}
    answer = client_of(cast.daan).post(
        f"/contests/{contested.id}/reply", {**sent, "advice": ADVICE}
    )

    assert answer.status_code == 303
    assert fresh(contested).part.heard == MENDED
    page = client_of(cast.bram).get(f"/meetings/{held.id}/minutes").text
    assert "<s><span" in page
    assert "ouderen en jongeren" in page
    earlier = MinutesRevision.select().where(MinutesRevision.part == contested.part_id)
    assert [r.heard for r in earlier.order_by(MinutesRevision.revision)] == [HEARD, MENDED]


def test_saying_changed_without_changing_is_refused(contested, member):
    with pytest.raises(Refused) as refusal:
        contesting.change_text(
            contested, by=member("carla"), seen="1", reply="", heard=HEARD, advice=ADVICE
        )

    assert refusal.value.field == "heard"
    assert fresh(contested).is_open


def test_one_change_may_answer_two_members(published, contested, member):
    second = contesting.contest(
        published, by=member("bram"), seen="1", sentence="heard-1", remark="Ook kinderen."
    )
    text = {"heard": MENDED, "advice": ADVICE, "reply": "Ja."}
    contesting.change_text(contested, by=member("carla"), seen="1", **text)
    contesting.change_text(fresh(second), by=member("carla"), seen="2", **text)

    assert fresh(second).state == ContestState.CHANGED
    assert fresh(published).revision == 2


def test_an_answer_to_a_text_that_changed_meanwhile_overwrites_nothing(
    client_of, cast, published, contested, member
):
    other = contesting.contest(
        published, by=member("bram"), seen="1", sentence="heard-0", remark="Niet overal."
    )
    contesting.change_text(
        contested, by=member("carla"), seen="1", reply="Ja.", heard=MENDED, advice=ADVICE
    )
    sent = {"seen": "1", "state": "changed", "reply": "Goed.", "heard": "Van daan.", "advice": ""}
    answer = client_of(cast.daan).post(f"/contests/{other.id}/reply", sent)

    assert answer.status_code == 422
    assert "Van daan." in answer.text
    assert "ouderen en jongeren" in answer.text
    assert fresh(published).heard == MENDED
    assert fresh(other).is_open


def test_a_contest_is_answered_once(contested, member):
    contesting.keep_text(contested, by=member("carla"), reply="Zo is het gezegd.")

    with pytest.raises(DomainError):
        contesting.keep_text(contested, by=member("daan"), reply="Toch niet.")
    with pytest.raises(DomainError):
        contesting.change_text(
            contested, by=member("daan"), seen="1", reply="", heard=MENDED, advice=ADVICE
        )
    assert fresh(contested).part.heard == HEARD


def test_only_coordinators_of_the_table_answer(client_of, cast, contested):
    path = f"/contests/{contested.id}/reply"
    for persona, status in (("anna", 403), ("eva", 404), ("dirk", 404), ("sanne", 404)):
        device = client_of(getattr(cast, persona))
        sent = {"state": "kept", "reply": "Nee.", "seen": "1"}
        assert device.post(path, sent).status_code == status, persona
    assert fresh(contested).is_open


# -- fixing


def test_minutes_are_fixed_after_seven_days_and_not_a_second_earlier(published):
    ends_at = end_of_contest(minutes_of(published))
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        contesting.fix_due()
        assert not minutes_of(published).is_fixed
    with time_machine.travel(ends_at, tick=False):
        contesting.fix_due()
        assert minutes_of(published).is_fixed
        assert minutes_of(published).fixed_at == now()


def test_with_an_open_contest_they_wait_and_take_no_new_one(
    contested, published, after_contest_time, member
):
    contesting.fix_due()
    assert not minutes_of(published).is_fixed
    with pytest.raises(DomainError):
        contesting.contest(
            published, by=member("bram"), seen="1", sentence="heard-0", remark="Nee."
        )

    contesting.keep_text(contested, by=member("carla"), reply="Zo is het gezegd.")
    contesting.fix_due()
    assert minutes_of(published).is_fixed


def test_fixing_destroys_earlier_texts_and_forgets_who_contested(
    contested, published, after_contest_time, member, client_of, cast
):
    contesting.keep_text(contested, by=member("carla"), reply="Zo is het gezegd.")
    contesting.fix_due()

    assert not MinutesRevision.select().where(MinutesRevision.part == published).exists()
    assert fresh(contested).membership_id is None
    page = client_of(cast.anna).get(f"/meetings/{minutes_of(published).meeting_id}/minutes").text
    assert "Zo is het gezegd." in page


def test_after_fixing_nothing_changes_any_more(published, after_contest_time, client_of, cast):
    contesting.fix_due()
    carla, anna = client_of(cast.carla), client_of(cast.anna)
    path = f"/minutes-parts/{published.id}"
    text = {"seen": "1", "heard": "Anders.", "advice": ""}

    assert carla.post(path, text).status_code == 409
    assert (
        carla.post(f"/meetings/{minutes_of(published).meeting_id}/minutes/publish").status_code
        == 409
    )
    assert (
        anna.post(f"{path}/contest", {"sentence": "heard-0", "remark": "Nee."}).status_code == 409
    )
    assert fresh(published).heard == HEARD


def test_advice_is_owed_an_answer_by_who_published_it(published, after_contest_time):
    contesting.fix_due()

    outcome = fresh(published).outcome
    assert (outcome.owed_by, outcome.is_given) == ("police", False)
    assert outcome.due_at == now() + timedelta(hours=72)
    assert [p.outcome_id for p in parts_beside(published)] == [None, None]


def parts_beside(part):
    rows = MinutesPart.select().where(MinutesPart.minutes == part.minutes_id)
    return list(rows.where(MinutesPart.id != part.id))


@pytest.mark.parametrize("state", ["discussed", "approved"])
def test_advice_about_a_topic_is_owed_through_that_topic_and_never_twice(
    published, after_contest_time, veere, state
):
    """Also when nobody has noted yet that it was discussed."""
    topic = Topic.get(Topic.alliance == veere, Topic.state == TopicState.DISCUSSED)
    outcome = topic.outcome if state == "discussed" else None
    held = minutes_of(published).meeting
    Topic.update(state=state, outcome=outcome, meeting=held).where(Topic.id == topic.id).execute()
    item = fresh(published).item
    type(item).delete().where(type(item).topic == topic).execute()
    type(item).update(topic=topic).where(type(item).id == item.id).execute()
    owed = Outcome.select().count()

    contesting.fix_due()

    assert fresh(published).outcome is None
    assert fresh(topic).state == TopicState.DISCUSSED
    assert Outcome.select().count() == owed + (state == "approved")


def test_fixing_twice_owes_once(published, after_contest_time):
    contesting.fix_due()
    number = Outcome.select().count()

    assert contesting.fix(minutes_of(published)) is False
    assert contesting.fix_due() == 0
    assert Outcome.select().count() == number


def test_a_coordinator_tells_what_was_done_with_it(published, after_contest_time, client_of, cast):
    contesting.fix_due()
    carla, path = client_of(cast.carla), f"/minutes-parts/{published.id}/outcome"
    assert carla.get(path).status_code == 200
    assert carla.post(path, {"state": "partly", "text": ""}).status_code == 422

    sent = {"state": "partly", "text": "We zijn begonnen in twee dorpen."}
    assert carla.post(path, sent).status_code == 303
    assert carla.post(path, sent).status_code == 409
    page = client_of(cast.anna).get(f"/meetings/{minutes_of(published).meeting_id}/minutes").text
    assert "We zijn begonnen in twee dorpen." in page
    assert client_of(cast.anna).get(path).status_code == 403
    assert MinutesPart.current_for(cast.anna).where(MinutesPart.id == published.id).exists()
    assert not MinutesPart.current_for(cast.mina).where(MinutesPart.id == published.id).exists()


def test_an_answer_without_text_owed_is_too_early(client_of, cast, published):
    answer = client_of(cast.carla).get(f"/minutes-parts/{published.id}/outcome")

    assert answer.status_code == 409


# -- who it was


def test_who_contested_is_known_for_sixty_days_at_most(contested):
    with time_machine.travel(now() + timedelta(days=60), tick=False):
        keeping.prune()

    assert fresh(contested).membership_id is None
    assert fresh(contested).is_open


def test_a_remark_of_somebody_who_left_can_be_answered(contested, member):
    Contest.update(membership=None).where(Contest.id == contested.id).execute()
    Delivery.delete().execute()

    contesting.keep_text(fresh(contested), by=member("carla"), reply="Zo is het gezegd.")

    assert not Delivery.select().exists()


def test_one_s_own_remarks_are_in_one_s_own_data(contested, cast):
    rows = keeping.KEPT[Contest].export(cast.anna)

    assert "Ook jongeren." in {row["remark"] for row in rows}
    assert "Ook jongeren." not in {row["remark"] for row in keeping.KEPT[Contest].export(cast.bram)}


def test_minutes_go_with_all_their_parts_after_five_years(published, contested):
    meeting = minutes_of(published).meeting
    with time_machine.travel(meeting.starts_at + timedelta(days=5 * 365, hours=-1), tick=False):
        keeping.KEPT[Contest].prune()
        assert Minutes.get_or_none(Minutes.meeting == meeting)
    with time_machine.travel(meeting.starts_at + timedelta(days=5 * 365, hours=1), tick=False):
        keeping.KEPT[Contest].prune()

    assert Meeting.get_or_none(Meeting.id == meeting.id)
    for model in (Minutes, MinutesPart, Contest, MinutesRevision):
        mine = {Minutes: published.minutes_id, MinutesPart: published.id, Contest: contested.id}
        assert not model.get_or_none(model.id == mine.get(model)), model
    assert not MinutesRevision.select().where(MinutesRevision.part == published.id).exists()


def test_somebody_who_saved_meanwhile_loses_nothing(published, contested, member):
    text = {"heard": MENDED, "advice": ADVICE, "reply": "Ja."}
    with pytest.raises(SavedMeanwhile):
        contesting.change_text(contested, by=member("carla"), seen="0", **text)

    assert fresh(contested).is_open


@pytest.mark.parametrize(
    ("published_at", "last"),
    [
        ("2027-03-21T23:30+01:00", "2027-03-28"),  # the clock goes forward that night
        ("2027-03-22T00:10+01:00", "2027-03-29"),
        ("2027-10-24T12:00+02:00", "2027-10-31"),  # and back
        ("2027-12-28T23:59+01:00", "2028-01-04"),
    ],
)
def test_the_seventh_day_counts_whole_on_the_clock_of_walcheren(published, published_at, last):
    minutes = minutes_of(published)
    minutes.published_at = datetime.fromisoformat(published_at).astimezone(UTC)
    minutes.save()

    assert minutes.contest_ends_on == date.fromisoformat(last)
    midnight = end_of_contest(minutes)
    for moment, is_over in ((midnight - timedelta(seconds=1), False), (midnight, True)):
        with time_machine.travel(moment, tick=False):
            assert minutes.may_be_contested != is_over
            assert contesting.fix_due() == is_over


def test_the_last_day_is_told_without_a_time(client_of, cast, published):
    meeting_id = minutes_of(published).meeting_id
    page = client_of(cast.anna).get(f"/meetings/{meeting_id}/minutes").text
    told = page.split('class="note screen"')[1].split("</div>")[0]

    assert re.search(rf"\b{minutes_of(published).contest_ends_on.day} \w+", told)
    assert not re.search(r"\d[.:]\d\d", told)

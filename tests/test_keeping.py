"""What is kept of people: every table is registered, and nothing outlives its term (T10, T28)."""

from datetime import timedelta

import pytest
import time_machine

from allies import keeping
from allies.accounts.models import Attempt, Device, HeldForm, SignIn, User
from allies.advice.models import Advice, CallList, Round
from allies.alliances.models import Membership
from allies.attendance.models import Attendance
from allies.audit import AuditLine, AuditNote, record
from allies.calendars.models import CalendarFeed
from allies.crypto import token
from allies.dates.models import DateAnswer, DatePoll, ProposedDate
from allies.db import now
from allies.guests.models import Guest
from allies.i18n import today
from allies.invitations.models import Invitation
from allies.keeping import KEPT
from allies.meetings.models import Answer, Meeting, Need, Rsvp
from allies.migrate import all_models
from allies.minutes.models import Contest
from allies.notifications.models import Delivery, Link
from allies.outcomes.models import Outcome
from allies.passkeys.models import SpentChallenge
from allies.people.models import NewEmail, Opened, Reason, Reveal
from allies.receipts import Receipt
from allies.rights.models import Erasure, Objection
from allies.topics.models import Support, Topic, TopicState

DAY = timedelta(days=1)
YEAR = 365 * DAY

NOT_PERSONAL = {
    "Region": "the installation",
    "Alliance": "a group, not a person",
    "Venue": "a building",
    "Meeting": "a moment and a building; who comes is in Rsvp",
    "DatePoll": "a question; who answered what is in DateAnswer",
    "ProposedDate": "a moment",
    "Reminder": "a moment",
    "AgendaItem": "a topic and a number of minutes",
    "Minutes": "what was said, without who said it",
    "MinutesPart": "what was said, without who said it",
    "MinutesRevision": "what was said, without who said it",
    "Action": "what a role does",
    "KeyCheck": "whether the keys fit",
    "DrawnAlias": "a word that was given out once, not to whom",
    "AuditAnchor": "where the chain of the log begins",
}
# Tables without a term of their own: they go with the account, the membership, or what they are of.
WHILE_A_MEMBER = {
    "Passphrase", "Passkey", "CodeApp", "RecoveryCode", "Identity",
}  # fmt: skip

# The terms of TRUST.md once more, apart from the code: the rows of each table that are over it.
OVER_TERM = {
    User: lambda: User.disabled_at < now() - DAY,
    SignIn: lambda: SignIn.ends_at < now() - 2 * DAY,
    Device: lambda: Device.ends_at < now() - 2 * DAY,
    HeldForm: lambda: HeldForm.ends_at < now(),
    Attempt: lambda: Attempt.at < now() - DAY,
    Receipt: lambda: Receipt.day < today() - 2 * DAY,
    SpentChallenge: lambda: SpentChallenge.at < now() - DAY,
    NewEmail: lambda: NewEmail.ends_at < now(),
    Reveal: lambda: Reveal.on < today() - 5 * YEAR,
    Opened: lambda: Opened.id < today() - YEAR,
    Membership: lambda: Membership.ends_on < today(),
    Invitation: lambda: Invitation.ends_at < now() - DAY,
    Rsvp: lambda: Rsvp.meeting.in_(
        Meeting.select(Meeting.id).where(Meeting.starts_at < now() - 15 * DAY)
    ),
    Need: lambda: Need.meeting.in_(
        Meeting.select(Meeting.id).where(Meeting.starts_at < now() - 15 * DAY)
    ),
    Attendance: lambda: Attendance.meeting.in_(
        Meeting.select(Meeting.id).where(Meeting.starts_at < now() - 15 * DAY)
    ),
    Guest: lambda: Guest.email.is_null(False) & Guest.meeting.in_(
        Meeting.select(Meeting.id).where(Meeting.starts_at < now() - DAY)
    ),
    DateAnswer: lambda: DateAnswer.proposed.in_(
        ProposedDate.select(ProposedDate.id).join(DatePoll).where(
            DatePoll.made_on < today() - 61 * DAY
        )
    ),
    Contest: lambda: Contest.membership.is_null(False) & (Contest.made_on < today() - 60 * DAY),
    CalendarFeed: lambda: CalendarFeed.ends_at < now() - DAY,
    Topic: lambda: (
        Topic.proposed_by.is_null(False) & (Topic.decided_on <= today() - 30 * DAY)
    ) | (Topic.submitted_on < today() - 5 * YEAR - 30 * DAY),
    Support: lambda: Support.topic.in_(
        Topic.select(Topic.id).where(
            Topic.state == TopicState.DISCUSSED, Topic.decided_on <= today() - 30 * DAY
        )
    ),
    Round: lambda: Round.closed_at < now() - 5 * YEAR,
    Advice: lambda: Advice.membership.is_null(False) & Advice.round.in_(
        Round.select(Round.id).where(Round.closed_at < now() - 30 * DAY)
    ),
    CallList: lambda: CallList.opened_at < now() - DAY,
    Outcome: lambda: Outcome.due_at < now() - 5 * YEAR,
    Delivery: lambda: Delivery.created_at < now() - 30 * DAY,
    Link: lambda: Link.ends_at < now() - DAY,
    Objection: lambda: Objection.answered_on < today() - YEAR,
    Erasure: lambda: Erasure.on < today() - 35 * DAY,
    AuditLine: lambda: AuditLine.at < now() - 184 * DAY,
    AuditNote: lambda: AuditNote.id.not_in(AuditLine.select(AuditLine.id)),
}  # fmt: skip


def over_term():
    """{table: how many rows are over its term}, where there are any."""
    counts = {m.__name__: m.select().where(over()).count() for m, over in OVER_TERM.items()}
    return {name: number for name, number in counts.items() if number}


def test_every_table_with_personal_data_is_registered():
    known = {m.__name__ for m in KEPT} | NOT_PERSONAL.keys()

    assert {m.__name__ for m in all_models()} == known
    assert not {m.__name__ for m in KEPT} & NOT_PERSONAL.keys()


def test_every_registered_table_has_a_term():
    assert {m.__name__ for m in KEPT} == {m.__name__ for m in OVER_TERM} | WHILE_A_MEMBER


@pytest.fixture
def full(cast, member, veere):
    """A row of today in every table that has a term and is empty in the demo region."""
    anna, carla = member("anna"), member("carla")
    end = now() + timedelta(minutes=15)
    user = User.create(disabled_at=now())
    SignIn.create(id=token(), user=cast.anna, ends_at=end)
    Device.create(id=token(), user=cast.anna, ends_at=now() + 180 * DAY)
    HeldForm.create(id=token(), sealed=b"x", ends_at=end)
    Attempt.create(bucket="b")
    Receipt.create(id=token(), fingerprint="", location="", message="")
    SpentChallenge.create(id=token())
    email = NewEmail.seal("email", cast.anna.id, "a@example.org")
    NewEmail.create(user=cast.anna, email=email, ends_at=end)
    facts = {"alliance": veere, "membership": anna}
    Reveal.create(**facts, field="name", reason=Reason.SAFETY, by=carla)
    Opened.create(id=today(), times=3)
    deputy = User.create()
    Membership.create(
        alliance=veere, user=deputy, role="coordinator", organisation="police",
        alias="Invaller", ends_on=today() + DAY,
    )  # fmt: skip
    Invitation.create(alliance=veere, role="ally", code_hash=token(), ends_at=now() + 7 * DAY)
    CallList.create(round=Round.select().first(), by=carla)
    for moment in (now(), now() - 2 * DAY):
        Delivery.create(membership=anna, created_at=moment)
    Link.create(id=token(), membership=anna, ends_at=now() + 14 * DAY)
    CalendarFeed.create(id=token(), membership=anna, made_on=today(), ends_at=now() + YEAR)
    Objection.create(**facts, text="Nee", answer="Goed", answered_on=today())
    Erasure.create(id=token()[:16])
    held = Meeting.create(alliance=veere, starts_at=now() - timedelta(hours=1), duration=60)
    Attendance.create(meeting=held, membership=anna, presence="present")
    record(carla, "member.tried", anna, note="Omdat")
    return user


def test_after_thirteen_months_nothing_is_over_its_term(app, full):
    with time_machine.travel(now() + timedelta(days=396), tick=False):
        assert len(over_term()) >= 15, "the test must begin with rows that are over their term"
        failed = keeping.prune()

        assert failed == []
        assert over_term() == {}


def test_after_six_years_nothing_is_over_its_term_either(app, full):
    with time_machine.travel(now() + 6 * YEAR, tick=False):
        assert {"Reveal", "Outcome", "Round", "Topic"} <= over_term().keys()
        keeping.prune()

        assert over_term() == {}


def test_what_is_within_its_term_stays(app, full):
    User.delete().where(User.id == full.id).execute()
    stays = [m for m in OVER_TERM if m not in (Delivery, Rsvp)]
    keeping.prune()  # what the demo region has too much
    before = {m: m.select().count() for m in stays}
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        keeping.prune()

        assert {m: m.select().count() for m in stays} == before


def test_repeating_the_nightly_work_changes_nothing(app, full):
    keeping.prune()
    before = {m: m.select().count() for m in all_models()}
    keeping.prune()

    assert {m: m.select().count() for m in all_models()} == before


def test_what_is_kept_for_minutes_does_not_wait_for_the_night(app, full):
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        keeping.prune(every_minute=True)

        assert not HeldForm.select().exists()
        assert not NewEmail.select().exists()
        assert CallList.select().exists()


def test_one_table_that_fails_holds_up_no_other(app, full, monkeypatch, caplog):
    def fail():
        raise ValueError("anna@example.org")

    broken = keeping.Keeping(**{**vars(KEPT[Attempt]), "prune": fail})
    monkeypatch.setitem(KEPT, Attempt, broken)
    with time_machine.travel(now() + 40 * DAY, tick=False):
        failed = keeping.prune()

    assert failed == ["Attempt"]
    assert not SpentChallenge.select().exists()
    assert "anna" not in caplog.text


# -- who said this? (T10)


def test_after_the_term_no_column_of_any_table_gives_the_author(app, veere, member):
    anna = member("anna")
    topic = Topic.select().where(Topic.alliance == veere, Topic.state == "approved").first()
    Support.delete().where(Support.topic == topic).execute()
    Topic.update(proposed_by=anna, decided_on=today()).where(Topic.id == topic.id).execute()
    round = Round.select().where(Round.alliance == veere).first()
    Advice.delete().where(Advice.round == round).execute()
    advice = Advice.create(round=round, membership=anna, mood="calm")
    Round.update(closed_at=now()).where(Round.id == round.id).execute()
    assert linked(anna, topic)
    assert linked(anna, advice)

    with time_machine.travel(now() + 31 * DAY, tick=False):
        keeping.prune()

    assert linked(anna, topic) == linked(anna, advice) == []


def linked(member, contribution):
    """The tables with a row that holds both this contribution and its member or user."""
    persons, found = {member.id, member.user_id}, []
    for model in all_models():
        for row in model.select().tuples():
            values = {v for v in row if isinstance(v, str)}
            if contribution.id in values and persons & values:
                found.append(model.__name__)
    return found


# -- who came


@pytest.fixture
def past(veere, member):
    """A meeting of fifteen days ago without answers."""
    return Meeting.create(alliance=veere, starts_at=now() - 15 * DAY, duration=60)


def answered(meeting, number):
    for ally in list(meeting.alliance.allies)[:number]:
        Rsvp.create(meeting=meeting, membership=ally, answer=Answer.YES, note="Ik breng taart")


def test_two_weeks_after_a_meeting_only_numbers_are_left(past):
    answered(past, 5)
    keeping.prune()

    stored = Meeting.get_by_id(past.id)
    assert not Rsvp.select().where(Rsvp.meeting == past).exists()
    assert stored.past_counts["yes"] == 5
    assert (stored.counts[Answer.YES], stored.counts.may_show) == (5, True)
    assert stored.counts.open == 0


def test_of_fewer_than_five_answers_not_even_the_number_is_kept(past):
    answered(past, 4)
    keeping.prune()

    stored = Meeting.get_by_id(past.id)
    assert not Rsvp.select().where(Rsvp.meeting == past).exists()
    assert stored.past_counts == {}
    assert (stored.counts.total(), stored.counts.may_show) == (0, False)


def test_before_two_weeks_are_over_the_answers_stay(veere):
    recent = Meeting.create(alliance=veere, starts_at=now() - 13 * DAY, duration=60)
    answered(recent, 5)
    keeping.prune()

    assert Rsvp.select().where(Rsvp.meeting == recent).count() == 5


@pytest.mark.parametrize(("persona", "number"), [("anna", 5), ("anna", 4), ("carla", 5),
                                                 ("carla", 4), ("eva", 5), ("eva", 4)])  # fmt: skip
def test_the_page_of_a_past_meeting_tells_numbers_and_no_names(
    client_of, cast, past, persona, number
):
    answered(past, number)
    keeping.prune()
    page = client_of(getattr(cast, persona)).get(f"/meetings/{past.id}").text

    assert ("5 zeiden ja" in page) == (number == 5)
    assert "taart" not in page
    assert "Niet geantwoord" not in page
    assert "U hebt niet geantwoord" not in page

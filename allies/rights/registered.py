"""Everything that registers what it keeps of people; a new feature is added here."""
# ruff: noqa: F401 - each registers by being imported

from allies.accounts import keeping as accounts
from allies.advice import keeping as advice
from allies.alliances import keeping as alliances
from allies.attendance import keeping as attendance
from allies.calendars import keeping as calendars
from allies.dates import keeping as dates
from allies.guests import keeping as guests
from allies.invitations import keeping as invitations
from allies.meetings import keeping as meetings
from allies.minutes import keeping as minutes
from allies.notifications import keeping as notifications
from allies.outcomes import keeping as outcomes
from allies.passkeys import keeping as passkeys
from allies.people import keeping as people
from allies.rights import keeping as rights
from allies.second_step import keeping as second_step
from allies.topics import keeping as topics

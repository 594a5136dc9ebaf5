"""Telling people that something waits for them, without saying what (PRODUCT 4.6, TRUST T14)."""

import random
from datetime import timedelta

from allies.db import atomic, now
from allies.notifications.models import Delivery

SPREAD_SECONDS = 60  # ordinary messages leave spread out, so that their moment shows no group


@atomic
def tell(memberships, *, meeting=None, is_urgent=False):
    """Put a message for each of these members in the outbox, in the transaction of the change."""
    for membership in memberships:
        pause = 0 if is_urgent else random.uniform(0, SPREAD_SECONDS)  # noqa: S311 - no secret
        Delivery.create(
            membership=membership,
            meeting_id=meeting.id if meeting else None,
            is_urgent=is_urgent,
            due_at=now() + timedelta(seconds=pause),
        )

"""The daily mail with the head of the audit log: kept elsewhere, it shows lines that are gone.

Goes to ALLIES_AUDIT_MAIL, once a day: also when the worker was away at midnight,
and again when the mail server was. The day of the last one is kept in the
instance folder, so that nothing but this mail depends on it. Whoever reads it on
the way sees numbers only: no name, no place, nothing of what this is about.
"""

import logging
import re
from contextlib import suppress
from datetime import date, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from allies import audit, files
from allies.crypto import digest
from allies.db import now
from allies.i18n import today
from allies.notifications.mail import Letter
from allies.notifications.post import NotTaken, Unreachable, carrier
from allies.people.models import Opened, Reveal

log = logging.getLogger(__name__)

LAST = "audit.sent"  # the file with the day of the last mail
HEAD = re.compile(r"\b([0-9]{1,18}):([0-9a-f]{64})\b")
TEXT = """\
Goedendag,

Dit is de dagstaat van {day}. Bewaar deze mail; u hoeft niets te doen.

{head}

Per dag: ingezien, verzonden
{counts}

Antwoorden op deze mail kan niet.
"""


def send_head(settings):
    """Send the mail of today, unless it went out or nobody wants it. Failing, the next call may."""
    last = last_sent(settings)
    if not settings.audit_mail or last == today():
        return
    post = carrier(settings)  # one of our own: a connection is not for two threads
    try:
        post.send(letter(settings, last))
    except (Unreachable, NotTaken) as reason:
        log.warning("The head of the audit log can't be sent now: %s", reason)
    else:
        files.replace(settings.instance / LAST, f"{today()}\n")
    finally:
        post.close()


def last_sent(settings):
    """The day of the last mail, or None."""
    with suppress(OSError, ValueError):
        return date.fromisoformat((settings.instance / LAST).read_text().strip())
    return None


def letter(settings, last):
    """The mail of today, with the counts of every day since the last one."""
    sender = Address(settings.public_name, addr_spec=settings.mail_from)
    # the same again when it goes out twice, so that the receiver can tell
    message_id = digest(f"{settings.base_url} {today()}")[:16]
    message = EmailMessage(SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=settings.audit_mail)
    message["Subject"] = f"Dagstaat {today()}"
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(TEXT.format(day=today(), head=head_line(), counts=counts(last)))
    return Letter(message_id, settings.mail_from, settings.audit_mail, message.as_bytes())


def head_line():
    """The head as NUMBER:HEX, the way `flask verify-audit --head` takes it."""
    number, mac = audit.head()
    return f"{number}:{mac.hex()}"


def heads_in(text):
    """Every head in a text, such as one or many of these mails, as (number, mac)."""
    return [(int(number), bytes.fromhex(mac)) for number, mac in HEAD.findall(text)]


def counts(last):
    """A line for each day since the last mail, or for yesterday: reveals, opened addresses."""
    days = max((today() - last).days, 1) if last else 1
    return "\n".join(_counted(today() - timedelta(days=n)) for n in range(days, 0, -1))


def _counted(day):
    opened = Opened.get_or_none(Opened.id == day)
    reveals = Reveal.select().where(Reveal.on == day).count()
    return f"{day}: {reveals}, {opened.times if opened else 0}"

"""Writing the two neutral messages: ordinary and urgent (PRODUCT 4.6, TRUST T14).

Whoever sees one on a phone, in a mailbox or on a mail server learns that
something is ready, and no more: not what, where, or with whom. Every message of
an installation has the same number of bytes, whatever its kind, language and
address. One recipient each, and nothing to answer to.
"""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from allies.db import now
from allies.errors import ConfigError

POLICY = SMTP.clone(max_line_length=998)  # RFC 5322 2.1.1; folding would make the size vary
LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1

# (language, is it urgent): subject and text. ASCII only, so that no mail server recodes it.
TEXTS = {
    ("nl", False): (
        "Er staat iets voor u klaar",
        """\
Goedendag,

Er staat iets voor u klaar. U kunt het hier bekijken:

{link}

Deze link is alleen voor u. Stuur hem niet door.
Antwoorden op deze mail kan niet.
""",
    ),
    ("nl", True): (
        "Wilt u vandaag nog even kijken?",
        """\
Goedendag,

Er staat iets voor u klaar dat haast heeft. Wilt u zo snel mogelijk kijken?

{link}

Deze link is alleen voor u. Stuur hem niet door.
Antwoorden op deze mail kan niet.
""",
    ),
    ("en", False): (
        "Something is ready for you",
        """\
Hello,

Something is ready for you. You can see it here:

{link}

This link is for you only. Please do not pass it on.
You can't reply to this mail.
""",
    ),
    ("en", True): (
        "Can you have a look today?",
        """\
Hello,

Something is ready for you and it can't wait. Please look as soon as you can.

{link}

This link is for you only. Please do not pass it on.
You can't reply to this mail.
""",
    ),
}


@dataclass(frozen=True)
class Letter:
    """One message as it goes out: `content` is the whole of it, ready for the wire."""

    id: str
    sender: str
    recipient: str
    content: bytes


def check_sender(settings):
    """Raise ConfigError when mail can't be sent from the configured address."""
    try:
        Address(settings.public_name, addr_spec=settings.mail_from)
    except (ValueError, IndexError):
        raise ConfigError("ALLIES_MAIL_FROM must be an e-mail address.") from None


def write(settings, addressee, *, message_id, locale, is_urgent, token):
    """The message to one person. Raises ValueError for an address no mail can go to.

    `addressee` is the row with the sealed address: an identity, or a delivery that
    goes elsewhere. The only place where an address is opened to be used.
    """
    address = addressee.unsealed("email")
    subject, text = TEXTS[locale if (locale, is_urgent) in TEXTS else "nl", is_urgent]
    sender = Address(settings.public_name, addr_spec=settings.mail_from)
    message = EmailMessage(POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=address)
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    shorter = LONGEST_ADDRESS - len(address) + LONGEST_TEXT - _size(subject, text)
    message["X-Filler"] = "." * shorter
    message.set_content(text.format(link=f"{settings.base_url}/n/{token}"))
    return Letter(message_id, settings.mail_from, address, message.as_bytes())


def _size(subject, text):
    return len(subject) + len(text.replace("\n", "\r\n"))


LONGEST_TEXT = max(_size(*texts) for texts in TEXTS.values())

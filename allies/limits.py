"""How often somebody may try or ask (TRUST T22 and T38)."""

import hmac
import threading
import time
from datetime import timedelta
from ipaddress import ip_address, ip_network

from allies.accounts.models import Attempt
from allies.db import atomic, now
from allies.errors import TooMany

WINDOW = timedelta(minutes=15)
REQUESTS_A_MINUTE = 240


@atomic
def count_try(kind, limits, *, key):
    """Count one try in each bucket, {name: most in 15 minutes}. TooMany when one is full.

    Buckets are hashed with `key` and the day, so the table tells no address or
    account. A refused try is not counted: nobody can keep a bucket full. Returns
    the tries counted, for `forget_tries` when this one was right.
    """
    since, tries = now() - WINDOW, []
    day = now().date().isoformat()
    for name, most in limits.items():
        bucket = hmac.new(key.encode(), f"{day}\0{kind}\0{name}".encode(), "sha256").hexdigest()
        if Attempt.select().where(Attempt.bucket == bucket, Attempt.at > since).count() >= most:
            raise TooMany(int(WINDOW.total_seconds()))
        tries.append(Attempt.create(bucket=bucket))
    return tries


@atomic
def forget_tries(tries):
    """Take back what `count_try` counted: only wrong tries use up a limit."""
    Attempt.delete().where(Attempt.id.in_([t.id for t in tries])).execute()


def network_of(address):
    """The network an address counts under: /24 for IPv4, /48 for IPv6."""
    ip = ip_address(address)
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


class RequestLimit:
    """At most so many requests a minute for one sign-in, counted in this process."""

    def __init__(self, most=REQUESTS_A_MINUTE):
        self.most, self.minute, self.counts = most, 0, {}
        self.lock = threading.Lock()

    def count(self, who, *, weight=1):
        """Count one request, as `weight` of them when it is much work. TooMany after the last."""
        moment = time.time()
        with self.lock:
            if int(moment // 60) != self.minute:
                self.minute, self.counts = int(moment // 60), {}
            self.counts[who] = self.counts.get(who, 0) + weight
            if self.counts[who] > self.most:
                raise TooMany(60 - int(moment % 60))

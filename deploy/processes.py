"""Processes that are started, watched and stopped together.

The parent takes its signals with sigwait: no handler can strike between starting a child and
remembering it.
"""

import ctypes
import os
import signal
import sys
import time

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # started with nohup
    STOPS.remove(signal.SIGHUP)
READY = signal.SIGUSR1  # a child says it can do its work
SIGNALS = {*STOPS, READY, signal.SIGCHLD}
GRACE = 5  # seconds; after that what still runs is killed
PR_SET_PDEATHSIG = 1


def take_signals():
    """From here on signals wait for `Family.next_event`."""
    signal.signal(signal.SIGCHLD, lambda number, frame: None)  # where ignored signals are dropped
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


class Family:
    """The children of this process, each the leader of a process group of its own."""

    def __init__(self):
        self.names = {}

    def start(self, name, target):
        """Run `target` in a child; what it returns is the child's exit code."""
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            os._exit(_as_child(target, parent))
        self.names[pid] = name

    def next_event(self):
        """Wait for a signal. Gives (signal, None), or (SIGCHLD, (name, exit code)) for an end."""
        while True:
            ended = self._reap()
            if ended:
                return signal.SIGCHLD, ended
            number = signal.sigwait(SIGNALS)
            if number != signal.SIGCHLD:
                return number, None

    def stop(self):
        """End every child and whatever it started; returns when they are gone."""
        groups = list(self.names)
        _kill_groups(groups, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self.names and time.monotonic() < deadline:
            if not self._reap():
                time.sleep(0.01)
        _kill_groups(groups, signal.SIGKILL)
        while self.names:
            self._reap()

    def _reap(self):
        for pid in list(self.names):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return self.names.pop(pid), os.waitstatus_to_exitcode(status)
        return None


def _kill_groups(groups, number):
    for group in groups:
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            continue


def _as_child(target, parent):
    """Give the child its signals back and run it; nothing escapes into the parent's code."""
    die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if os.getppid() != parent:
        return 1
    try:
        code = target() or 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # a child must end here, whatever happened
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def die_with_parent():
    """On Linux, be told to stop when the parent is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

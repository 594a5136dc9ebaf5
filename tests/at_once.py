"""People who press at the same moment."""

import threading

from allies.db import database


def at_once(jobs):
    """Run the jobs in threads that start together; their results in order."""
    results, barrier = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(place, job):
        barrier.wait()
        try:
            results[place] = job()
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def press(device, path, fields=(), **more):
    """A press on a button whose page was opened before."""
    sent = {"csrf_token": device.token, **dict(fields), **more}
    return lambda: device.client.post(path, data=sent).status_code

"""Writing a small file of our own so that it is whole or not there, also after a power cut."""

import os


def replace(path, text):
    """Put `text` in this file, which only its owner can read, in place of what it held."""
    draft = path.with_name(f"{path.name}.part")  # one left by a crash is written over
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(handle)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut could bring the old file back
    finally:
        os.close(folder)

"""Find Chromium for the browser tests; as a program, install it when that is allowed."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SWITCHES = [
    "--no-sandbox",  # root and most containers can't start it otherwise; it opens our pages only
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium():
    """The path of an installed Chromium, or None. CHROMIUM= names one elsewhere."""
    return shutil.which(os.environ.get("CHROMIUM") or "") or next(
        (path for path in map(shutil.which, NAMES) if path), None
    )


def as_root():
    """What goes before a command to run it as root without a question; None when it can't."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if (
        shutil.which("sudo")
        and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0
    ):
        return sudo
    return None


def install():
    """Install Chromium with apt-get. Says in one line what it does or why it can't."""
    prefix = as_root()
    if not shutil.which("apt-get") or prefix is None:
        print("Chromium is missing and can't be installed from here; please install it yourself.")
        return
    print(
        "Chromium is missing; installing it with apt-get, for the browser tests only.", flush=True
    )
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for arguments in (["update"], ["install", "--no-install-recommends", "-y", "chromium"]):
        result = subprocess.run(
            [*apt, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip().splitlines() or ["nothing"]
            print(f"apt-get {arguments[0]} failed; it said: {said[-1]}")


if __name__ == "__main__":
    if not find_chromium():
        install()
    sys.exit(0)

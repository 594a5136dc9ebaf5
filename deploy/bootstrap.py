"""Make `.venv` and the translations ready, then start Allies or leave it to the tools.

Runs before anything is installed, so: standard library only, and syntax that a Python from
years ago can read, because it has to tell its owner that it is too old.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import signal
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
BUSY = os.path.join(VENV, ".installing")  # left behind only when an installation was cut off
LOCK = os.path.join(ROOT, ".venv.lock")
REQUIREMENTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


class Refused(Exception):
    """The start can't go on; the text is what its owner should know."""


def main(command):
    """`run` starts Allies, `dev` adds the packages of the tests. An exit code when it returns."""
    try:
        check_python(sys.version_info, sys.executable)
        prepare(REQUIREMENTS[command])
        compile_translations()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        print(cannot_write(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0 if command == "run" else 130  # asked to stop, it stopped; tests must not go on
    if command == "run":
        os.chdir(ROOT)
        os.execv(VENV_PYTHON, [VENV_PYTHON, "-m", "deploy.serve"])  # noqa: S606 - our own program
    return 0


def check_python(version, executable):
    """Raise Refused when this Python is too old or comes without its venv module."""
    if tuple(version[:2]) < OLDEST:
        text = "Allies needs Python 3.11 or newer; this is {}.{}.{} ({})."
        raise Refused(text.format(version[0], version[1], version[2], executable))


def check_venv(version):
    """Raise Refused when the modules that make a `.venv` are missing, as on a bare Debian."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        text = (
            "Allies needs Python's venv module; on Debian or Ubuntu: apt install python{}.{}-venv"
        )
        raise Refused(text.format(version[0], version[1])) from None


def cannot_write(error):
    """The one line for a folder that is not ours, or a disk that is full."""
    return "Allies can't write in {}: {}.".format(ROOT, error.strerror or error)


def prepare(requirements):
    """Bring `.venv` up to date with a requirements file; does nothing when it already is."""
    if is_ready(requirements):
        return
    lock = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        wait_for(lock)
        if not is_ready(requirements):
            install(requirements)
    finally:
        os.close(lock)


def wait_for(lock):
    """Let another start in this folder finish first."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another start is installing here; waiting for it...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def is_ready(requirements):
    """Were exactly these packages installed to the end, for the Python that is still there?"""
    try:
        with open(stamp_path(requirements)) as stamp:
            return stamp.read() == fingerprint(requirements) and not os.path.exists(BUSY)
    except OSError:
        return False


def stamp_path(requirements):
    return os.path.join(VENV, ".installed-" + requirements)


def fingerprint(requirements):
    """Changes with the requirements and with the interpreter `.venv` points at."""
    with open(os.path.join(ROOT, requirements), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest() + " " + os.path.realpath(VENV_PYTHON)


def install(requirements):
    """Install from the lock file, in a `.venv` that is made anew when the old one is damaged."""
    print("Installing {} (once; about a minute)...".format(requirements), flush=True)
    if os.path.exists(BUSY) or not venv_works():
        make_venv()
    mark_busy()
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    problem = run([*pip, "--require-hashes", "-r", requirements])
    os.remove(BUSY)
    if problem is not None:
        raise Refused("The packages could not be installed. pip said: " + problem)
    partial = stamp_path(requirements) + ".part"
    with open(partial, "w") as stamp:
        stamp.write(fingerprint(requirements))
    os.replace(partial, stamp_path(requirements))


def venv_works():
    """Can the Python in `.venv` start and find pip? A moved or upgraded Python can't."""
    return os.access(VENV_PYTHON, os.X_OK) and run([VENV_PYTHON, "-c", "import pip"]) is None


def mark_busy():
    with open(BUSY, "w"):
        pass


def make_venv():
    check_venv(sys.version_info)
    # This very interpreter may be the one in .venv, which is about to go.
    python = os.path.realpath(sys.executable)
    shutil.rmtree(VENV, ignore_errors=True)
    os.makedirs(VENV, exist_ok=True)
    mark_busy()
    problem = run([python, "-m", "venv", VENV])
    if problem is not None:
        raise Refused("The folder .venv could not be made. Python said: " + problem)


def compile_translations():
    """Compile the .po files when one is newer than its .mo."""
    folder = os.path.join("allies", "translations")
    sources = glob.glob(os.path.join(ROOT, folder, "*", "LC_MESSAGES", "*.po"))
    if any(is_stale(source) for source in sources):
        frontend = [VENV_PYTHON, "-m", "babel.messages.frontend"]
        problem = run([*frontend, "compile", "-d", folder])
        if problem is not None:
            raise Refused("The translations could not be compiled. Babel said: " + problem)


def is_stale(source):
    compiled = source[: -len(".po")] + ".mo"
    return not os.path.exists(compiled) or os.path.getmtime(compiled) < os.path.getmtime(source)


def run(arguments):
    """Run a quiet command in the project folder: None when it went well, else its last words."""
    process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        arguments,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output = process.communicate()[0]
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
        process.wait()
        raise
    if process.returncode == 0:
        return None
    lines = [line.strip() for line in output.decode(errors="replace").splitlines()]
    said = [line for line in lines if line.startswith("ERROR:")] or [line for line in lines if line]
    return said[-1] if said else "nothing, exit code {}".format(process.returncode)


def stop(number, frame):
    """On SIGTERM, stop the way Ctrl-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    sys.exit(main(sys.argv[1]))

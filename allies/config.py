"""Settings from ALLIES_* variables. A missing or weak secret stops the start with one line."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import urlsplit

from allies.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SECRETS = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY")
KEY_BYTES = 32


@dataclass(frozen=True)
class Config:
    """All settings of one installation; made by `load`, never changed afterwards."""

    secret_key: str
    data_keys: tuple[bytes, ...]
    data_keys_file: Path | None  # None: they came from the environment
    index_key: bytes
    database: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    public_name: str
    smtp_url: str
    mail_from: str
    security_contact: str
    audit_mail: str
    demo: bool
    proxies: int
    instance: Path

    @property
    def is_https(self):
        return self.base_url.startswith("https://")

    @property
    def is_local(self):
        return urlsplit(self.base_url).hostname in LOCAL_HOSTS

    def reload_data_keys(self):
        """The data keys as they are now: their file may have got a new one in front."""
        if self.data_keys_file is None:
            return self.data_keys
        return parse_keys("DATA_KEYS", read_secret("DATA_KEYS", self.data_keys_file))


def load(environ=None, instance=ROOT / "instance"):
    """Read and check every setting. Raises ConfigError naming the first that will not do."""
    environ = os.environ if environ is None else environ
    base_url = environ.get("ALLIES_BASE_URL", "http://localhost:8000").rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError("ALLIES_BASE_URL must be a web address like https://example.org.")
    hosts = environ.get("ALLIES_TRUSTED_HOSTS", "")
    trusted = tuple(h.strip() for h in hosts.split(",") if h.strip())
    config = Config(
        secret_key=_secret_key(_secret("SECRET_KEY", environ, instance)),
        data_keys=parse_keys("DATA_KEYS", _secret("DATA_KEYS", environ, instance)),
        data_keys_file=_file_of("DATA_KEYS", environ, instance),
        index_key=parse_keys("INDEX_KEY", _secret("INDEX_KEY", environ, instance))[0],
        database=environ.get("ALLIES_DATABASE") or f"sqlite:///{instance / 'allies.db'}",
        base_url=base_url,
        trusted_hosts=trusted or tuple(dict.fromkeys((parts.hostname, "localhost", "127.0.0.1"))),
        public_name=environ.get("ALLIES_PUBLIC_NAME") or "De Tafel",
        smtp_url=_optional_secret("SMTP_URL", environ),
        mail_from=environ.get("ALLIES_MAIL_FROM") or f"noreply@{parts.hostname}",
        security_contact=_contact(environ.get("ALLIES_SECURITY_CONTACT"), parts.hostname),
        audit_mail=_address("AUDIT_MAIL", environ),
        demo=environ.get("ALLIES_DEMO", "") == "1",
        proxies=_number("PROXIES", environ),
        instance=Path(instance),
    )
    if config.demo and not (config.is_local and set(config.trusted_hosts) <= LOCAL_HOSTS):
        raise ConfigError(
            "ALLIES_DEMO=1 works only on localhost; unset it or change ALLIES_BASE_URL."
        )
    return config


def ensure_secrets(folder):
    """Make the secrets that `folder` lacks, readable by their owner only. Existing ones stay."""
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in SECRETS:
        path = folder / name.lower()
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")


def _secret(name, environ, instance):
    """The value of a secret: its variable, its …_FILE, or its file in the instance folder."""
    file = _file_of(name, environ, instance)
    value = read_secret(name, file) if file else environ[f"ALLIES_{name}"].strip()
    if not value:
        raise ConfigError(f"ALLIES_{name} is empty.")
    return value


def _file_of(name, environ, instance):
    """The file a secret comes from, or None when it is in the environment itself."""
    if f"ALLIES_{name}" in environ:
        return None
    return Path(environ.get(f"ALLIES_{name}_FILE") or Path(instance) / name.lower())


def _number(name, environ):
    value = environ.get(f"ALLIES_{name}", "0")
    if not value.isascii() or not value.isdigit():
        raise ConfigError(f"ALLIES_{name} must be a whole number.")
    return int(value)


def _optional_secret(name, environ):
    file = environ.get(f"ALLIES_{name}_FILE")
    return read_secret(name, Path(file)) if file else environ.get(f"ALLIES_{name}", "")


def _contact(value, host):
    """Where a weakness can be reported, as RFC 9116 wants it written."""
    value = value or f"mailto:security@{host}"
    if not value.startswith(("mailto:", "https://", "tel:")) or len(value.split()) != 1:
        raise ConfigError("ALLIES_SECURITY_CONTACT must begin with mailto:, https:// or tel:")
    return value


def _address(name, environ):
    """An e-mail address, or "" for none."""
    value = environ.get(f"ALLIES_{name}", "").strip()
    try:
        is_fine = not value or (value.isascii() and Address(addr_spec=value).domain)
    except (ValueError, IndexError, MessageError):
        is_fine = False
    if not is_fine:
        raise ConfigError(f"ALLIES_{name} must be an e-mail address.")
    return value


def read_secret(name, path):
    """What is in the file of a secret. Raises ConfigError when others can read it too."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(
                f"{path} holds a secret and can be read by others; run: chmod 600 {path}"
            )
        return path.read_text().strip()
    except OSError:
        raise ConfigError(f"ALLIES_{name} is missing ({path} can't be read).") from None


def _secret_key(value):
    if len(value) < KEY_BYTES or len(set(value)) < 10:
        raise ConfigError("ALLIES_SECRET_KEY is weak: use at least 32 random characters.")
    return value


def parse_keys(name, text):
    """The keys in a text, in their order. Raises ConfigError for one that is no good key."""
    keys = []
    for part in text.split(","):
        try:
            key = base64.urlsafe_b64decode(part.strip())
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES or len(set(key)) < 8:
            raise ConfigError(
                f"ALLIES_{name} is weak: it needs 32 random bytes in URL-safe base64."
            )
        keys.append(key)
    return tuple(keys)

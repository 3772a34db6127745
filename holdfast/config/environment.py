"""What the surroundings tell us: the HOLDFAST_* variables as one typed value, all faults named at once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"", "0", "false", "no", "off"})
POSTGRES_OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"})

# Kinds of number by which persons are known: the system that other records write, and what people call it.
NUMBERS: Mapping[str, str] = {"mrn": "Hospital number", "national": "National health number"}

# The write lock is taken when a transaction starts, so two writers wait for each other instead of failing half-way.
SQLITE_OPTIONS: dict[str, object] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
}


class EnvironmentFault(Exception):
    """The surroundings cannot be used; `faults` holds one plain sentence for each thing that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Holdfast cannot start:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Environment:
    """All that Holdfast takes from outside.

    `public_url` is where people reach it, without a slash at the end; `idle_minutes` is how long an unused session lasts;
    `numbers` maps each kind of identifier to what people call it.
    """

    data: Path
    database: dict[str, object]
    secret_key: str
    master_key: str | None
    mail_url: str | None
    public_url: str
    demo: bool
    debug: bool
    idle_minutes: int = 15
    numbers: Mapping[str, str] = field(default_factory=lambda: dict(NUMBERS))


def read_environment(env: Mapping[str, str], here: Path) -> Environment:
    """Read the HOLDFAST_* variables of `env`; `here` is where a relative data folder starts.

    In the demo the data folder and a secret key are made where they are absent.
    Raises EnvironmentFault with every fault.
    """
    faults: list[str] = []
    demo = _switch(env, "HOLDFAST_DEMO", faults)
    debug = _switch(env, "HOLDFAST_DEBUG", faults)
    data = (here / (env.get("HOLDFAST_DATA") or "data")).resolve()
    public_url = (env.get("HOLDFAST_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(public_url).scheme not in {"http", "https"} or not urlsplit(public_url).hostname:
        faults.append("HOLDFAST_PUBLIC_URL is not an address; write it as https://handoffs.example.org")
    idle = env.get("HOLDFAST_IDLE_MINUTES") or "15"
    if not (idle.isascii() and idle.isdigit() and 1 <= int(idle) <= 720):
        faults.append("HOLDFAST_IDLE_MINUTES must be a number from 1 to 720")
    numbers = _pairs(env.get("HOLDFAST_NUMBERS", ""))
    if not all(system and name for system, name in numbers.items()):
        faults.append(
            "HOLDFAST_NUMBERS is not understood; write mrn=Hospital number;https://id.example.org/=Health number"
        )
    database: dict[str, object] = {}
    try:
        database = read_database_url(env.get("HOLDFAST_DATABASE_URL") or f"sqlite:///{data / 'holdfast.sqlite3'}")
    except ValueError as fault:
        faults.append(str(fault))
    secret_key = env.get("HOLDFAST_SECRET_KEY") or _kept_secret_key(data, make=demo and not faults)
    if not secret_key:
        faults.append(
            "HOLDFAST_SECRET_KEY is not set; give at least 50 random characters"
            + (f", or keep them in {data / 'secret.key'}" if data.is_dir() else "")
        )
    if faults:
        raise EnvironmentFault(faults)
    return Environment(
        data=data,
        database=database,
        secret_key=secret_key,
        master_key=env.get("HOLDFAST_MASTER_KEY") or None,
        mail_url=env.get("HOLDFAST_MAIL_URL") or None,
        public_url=public_url,
        demo=demo,
        debug=debug,
        idle_minutes=int(idle),
        numbers=numbers or dict(NUMBERS),
    )


def read_database_url(url: str) -> dict[str, object]:
    """Django's settings for one database, from `sqlite:////path` or `postgres://user:password@host:port/name`.

    A relative SQLite path (`sqlite:///data/x.sqlite3`) starts at the working folder. Raises ValueError in plain words.
    """
    if url.startswith("sqlite:///"):
        path = Path(unquote(url.removeprefix("sqlite:///")))
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path.resolve()), "OPTIONS": dict(SQLITE_OPTIONS)}
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name or not parts.hostname:
        raise ValueError(
            "HOLDFAST_DATABASE_URL is not understood; write sqlite:////folder/file.sqlite3"
            " or postgres://user:password@host:5432/name"
        )
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - POSTGRES_OPTIONS):
        raise ValueError(f"HOLDFAST_DATABASE_URL has unknown options: {', '.join(unknown)}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname),
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _switch(env: Mapping[str, str], name: str, faults: list[str]) -> bool:
    word = env.get(name, "").strip().lower()
    if word not in TRUE | FALSE:
        faults.append(f"{name} must be 1 or 0")
    return word in TRUE


def _pairs(text: str) -> dict[str, str]:
    """`a=b;c=d`; the last sign of equality divides, for an address may hold others."""
    cut = [part.rpartition("=") for part in text.split(";") if part.strip()]
    return {system.strip(): name.strip() for system, _sign, name in cut}


def _kept_secret_key(data: Path, *, make: bool) -> str:
    """The key kept in the data folder, "" if there is none; made there, readable by its owner only, if `make`."""
    path = data / "secret.key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    if not make:
        return ""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(secrets.token_urlsafe(64) + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()

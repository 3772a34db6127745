"""A throw-away PostgreSQL cluster with the owner's and the application's roles, on a free port of this machine."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

OWNER, APPLICATION = "holdfast_owner", "holdfast_app"


class NoPostgres(Exception):
    """PostgreSQL's programs are not on this machine."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: `folder` holds its files, `port` is on 127.0.0.1, `password` is that of both roles."""

    folder: Path
    port: int
    password: str

    def url(self, role: str, database: str) -> str:
        """The address of one database for one role."""
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"


def start_cluster(*, durable: bool) -> Cluster:
    """Make and start a cluster; without `durable` it does not wait for the disk. Raises NoPostgres."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="holdfast-pg-"))
    password = secrets.token_hex(16)
    port = _free_port()
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    if os.geteuid() == 0:
        for path in (folder, password_file):
            shutil.chown(path, "postgres", "postgres")
    _run(
        [
            str(programs / "initdb"),
            *("-D", str(folder / "data"), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}"),
        ]
    )
    waits = {"fsync": "on", "synchronous_commit": "on"} if durable else {"fsync": "off", "synchronous_commit": "off"}
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "max_connections": "100",
        "shared_buffers": "128MB",
        "full_page_writes": waits["fsync"],
        **waits,
    }
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    _run([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-t", "60", "start"])
    cluster = Cluster(folder, port, password)
    _make_roles(cluster)
    return cluster


def stop_cluster(cluster: Cluster) -> None:
    """Stop the cluster at once and remove its files."""
    _run([str(find_programs() / "pg_ctl"), "-D", str(cluster.folder / "data"), "-m", "immediate", "-w", "stop"])
    shutil.rmtree(cluster.folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder of initdb and pg_ctl: on the path, or where Debian keeps them (the newest). Raises NoPostgres."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise NoPostgres("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[-1].parent


def _make_roles(cluster: Cluster) -> None:
    import psycopg

    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        for role, may in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
            connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER {may} PASSWORD '{cluster.password}'")


def _run(command: list[str]) -> None:
    """Run as this user, or as `postgres` where this user is root: PostgreSQL refuses root."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

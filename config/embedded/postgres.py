"""The embedded PostgreSQL: a cluster with one superuser and one database, both called portal."""

import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from config.embedded.home import Home, NotStarted, write_private
from config.embedded.server import LOCALHOST, Server, environment
from config.supervisor import Program, identity

NAME = "portal"


def url(home: Home, port: int) -> str:
    """Where Django finds the database."""
    return f"postgresql://{NAME}:{home.secrets['postgres']}@{LOCALHOST}:{port}/{NAME}"


def server(home: Home, install: Path, port: int, alive: int) -> Server:
    """Prepare the cluster (on first use) and say how to run it. Raises NotStarted where it cannot be made."""
    folder = home.folder("postgres")
    if not (folder / "data").exists():
        _make_cluster(home, install, folder)
    # A pid file can outlive its server and name a process that has nothing to do with it. The lock that we hold is
    # inherited by every process of a cluster, so nobody of the last one is left.
    (folder / "data" / "postmaster.pid").unlink(missing_ok=True)
    options = {
        "listen_addresses": LOCALHOST,
        "port": str(port),
        "unix_socket_directories": "",  # a path of a socket may have 107 bytes; a path of a project may have more
        "recovery_init_sync_method": "syncfs",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "100",
    }
    program = Program(
        name="postgres",
        command=[
            str(install / "bin" / "postgres"),
            "-D",
            str(folder / "data"),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        cwd=folder,
        env=environment(folder),
        log=folder / "log",
        user=home.user,
        group=home.group,
        stop_signal=signal.SIGINT,  # "fast": ends sessions, writes everything, stops
        death_signal=signal.SIGINT,
        pass_fds=(alive,),
    )
    return Server(program, lambda: _is_ready(home, port))


def _make_cluster(home: Home, install: Path, folder: Path) -> None:
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password = folder / "password"
    write_private(password, home.secrets["postgres"])
    made = subprocess.run(
        [
            install / "bin" / "initdb",
            f"--pgdata={draft}",
            f"--username={NAME}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",  # the same order of text on every machine
            "--sync-method=syncfs",
        ],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        **identity(home.user, home.group),
    )
    if made.returncode:
        raise NotStarted(f"PostgreSQL could not make its cluster:\n{made.stdout}{made.stderr}")
    password.unlink()
    draft.rename(folder / "data")


def _is_ready(home: Home, port: int) -> bool:
    try:
        with psycopg.connect(url(home, port).rsplit("/", 1)[0] + "/postgres", autocommit=True, connect_timeout=2) as db:
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                db.execute(f"CREATE DATABASE {NAME}")
    except psycopg.OperationalError:
        return False
    return True

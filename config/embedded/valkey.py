"""The embedded Valkey, the Celery broker: every write in the append-only file, nothing ever evicted."""

import socket
from pathlib import Path

from config.embedded.home import Home, write_private
from config.embedded.server import LOCALHOST, Server, environment
from config.supervisor import Program


def url(home: Home, port: int) -> str:
    """Where Celery finds the broker."""
    return f"redis://:{home.secrets['valkey']}@{LOCALHOST}:{port}/0"


def server(home: Home, binary: Path, port: int, alive: int) -> Server:
    """Write the configuration and say how to run it."""
    folder = home.folder("valkey")
    home.folder("valkey", "data")
    settings = {
        "bind": LOCALHOST,
        "port": str(port),
        "protected-mode": "yes",
        "requirepass": home.secrets["valkey"],
        "dir": "data",  # below the working directory: whatever the path of a project contains, nothing needs quoting
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    configuration = folder / "valkey.conf"  # a file, since arguments are seen by every user of the machine
    write_private(configuration, "".join(f"{name} {value}\n" for name, value in settings.items()))
    program = Program(
        name="valkey",
        command=[str(binary), str(configuration)],
        cwd=folder,
        env=environment(folder),
        log=folder / "log",
        user=home.user,
        group=home.group,
        pass_fds=(alive,),
    )
    return Server(program, lambda: _is_ready(home, port))


def _is_ready(home: Home, port: int) -> bool:
    try:
        with socket.create_connection((LOCALHOST, port), timeout=2) as connection:
            connection.sendall(f"AUTH {home.secrets['valkey']}\r\nPING\r\nQUIT\r\n".encode())
            answer = b""
            while data := connection.recv(1024):
                answer += data
    except OSError:
        return False
    return b"+PONG" in answer  # while the append-only file is read, it answers -LOADING

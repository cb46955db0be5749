"""What the keeper needs to know of an embedded server."""

import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.supervisor import Program

LOCALHOST = "127.0.0.1"
# Below the ports that systems give to outgoing connections (from 32768), and leaving room for SeaweedFS, whose
# gRPC ports are its HTTP ports plus 10000.
PORTS = range(11000, 22000)
GRPC = 10000


@dataclass(frozen=True)
class Server:
    """A program, and `ready`: False while the server is not yet as it should be. It may finish setting it up."""

    program: Program
    ready: Callable[[], bool]


def environment(home: Path) -> dict[str, str]:
    """What a server sees of our environment: nothing that could configure it."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on now, with the port 10000 above free as well."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        if _is_free(port) and _is_free(port + GRPC) and _removed_sockets(port):
            found.append(port)
    return found


def remove_sockets(port: int) -> None:
    """Take away what a SeaweedFS that has ended left in /tmp for this port. Raises PermissionError."""
    for number in (port, port + GRPC):
        for path in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):  # noqa: S108
            path.unlink(missing_ok=True)


def _removed_sockets(port: int) -> bool:
    """SeaweedFS puts sockets into /tmp whatever TMPDIR says, and stumbles over those that a killed one has left there."""
    try:
        remove_sockets(port)
    except PermissionError:
        return False  # another user's
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True

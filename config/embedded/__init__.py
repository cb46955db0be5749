"""The services in a box: PostgreSQL, Valkey and S3 from their wheels, for one `var` folder, used through their URLs.

    services = embedded.ensure(Path("var"))

starts the servers, or attaches to those that another process has started for the same folder. They stop when the last
process that uses them ends, however it ends; the data stays. See docs/adr/0003-embedded-services.md.
"""

import atexit
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.embedded.home import NotStarted, give_to_owner_of_folder
from config.embedded.locks import held, is_held, open_lock, wait_until_free

__all__ = ["ALL", "NotStarted", "Services", "attach_or_start", "ensure", "running", "stop"]

ALL = frozenset({"postgres", "valkey", "s3"})
ROOT = Path(__file__).resolve().parent.parent.parent
STARTING = 60.0  # seconds
STOPPING = 30.0

_used: dict[Path, int] = {}  # `var` → the descriptor that says we use its servers
_keepers: dict[Path, "subprocess.Popen[bytes]"] = {}  # those that this process has started


@dataclass(frozen=True)
class Services:
    """Where the servers are, all on 127.0.0.1; empty for a server that was not wanted.

    `s3_credentials` maps `originals`, `clean` and `releases` to the access key and secret key of the identity that may
    read, write and list the bucket of that name, and no other.
    """

    database_url: str
    redis_url: str
    s3_endpoint_url: str
    s3_credentials: dict[str, tuple[str, str]]


def ensure(var: Path, *, want: Iterable[str] = ALL) -> Services:
    """The servers of `var`, running and ready: started now, or attached to. `want` is a part of ALL.

    They run at least as long as this process. Raises NotStarted with what to do instead: no wheel fits the machine,
    the folder cannot be written, a server does not start, or the running instance lacks a wanted server.
    """
    var, wanted = var.absolute(), sorted(want)
    try:
        _make_folder(var)
        if var not in _used:
            _used[var] = open_lock(var / "embedded" / "users.lock")
            fcntl.flock(_used[var], fcntl.LOCK_SH)
        with held(var / "embedded" / "start.lock"):
            services = _attach(var) or _start(var, wanted)
    except PermissionError as error:
        raise NotStarted(
            f"{error.filename or var} belongs to another user; set VAR_DIR to a folder of yours."
        ) from error
    has = {"postgres": services.database_url, "valkey": services.redis_url, "s3": services.s3_endpoint_url}
    if lacking := [name for name in wanted if not has[name]]:
        raise NotStarted(
            f"The services running for {var} do not include {', '.join(lacking)}: whoever started them had DATABASE_URL, "
            "REDIS_URL or S3_ENDPOINT_URL set. Set the same variables here, or end that process first."
        )
    return services


def attach_or_start(var: Path, *, want: Iterable[str] = ALL) -> Services:
    """As `ensure`; where this process started the servers, its end waits for them to stop, unless others use them."""
    services = ensure(var, want=want)
    if var.absolute() in _keepers:
        atexit.unregister(_leave)
        atexit.register(_leave, os.getpid())
    return services


def running(var: Path) -> Services | None:
    """The live servers of `var`, if there are any. Looking does not keep them alive: for that, use `ensure`."""
    record = _record(var.absolute())
    return _services(record["services"]) if record else None


def stop(var: Path) -> None:
    """Stop the servers of `var`, whoever uses them, and wait for their end. Raises TimeoutError after half a minute."""
    var = var.absolute()
    record = _record(var)
    if record:
        with suppress(ProcessLookupError):
            os.kill(record["pid"], signal.SIGTERM)
    if keeper := _keepers.pop(var, None):
        keeper.wait(STOPPING)
    if record and not wait_until_free(Path(record["home"]) / "alive.lock", seconds=STOPPING):
        raise TimeoutError(f"The servers of {var} do not stop; see {var / 'embedded' / 'keeper.log'}.")
    if var in _used:
        os.close(_used.pop(var))


def _leave(process: int) -> None:
    """At exit; a fork inherits the list of such calls, but not the servers."""
    if process != os.getpid():
        return
    for var in list(_keepers):
        with suppress(KeyError):
            os.close(_used.pop(var))
        if not is_held(var / "embedded" / "users.lock"):
            stop(var)


def _make_folder(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    folder = var / "embedded"
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    give_to_owner_of_folder(descriptor, var)
    os.close(descriptor)


def _record(var: Path) -> dict[str, Any] | None:
    path = var / "embedded.json"
    if not is_held(path):
        return None
    with suppress(FileNotFoundError):  # stopped this very moment
        return dict(json.loads(path.read_text(encoding="utf-8")))
    return None


def _attach(var: Path) -> Services | None:
    """The running servers once all of them can be reached: one may be starting again, or all may be about to end."""
    deadline = time.monotonic() + STARTING
    while services := running(var):
        addresses = [
            urlsplit(url) for url in (services.database_url, services.redis_url, services.s3_endpoint_url) if url
        ]
        if all(_is_listening(str(address.hostname), int(address.port or 0)) for address in addresses):
            return services
        if time.monotonic() > deadline:
            raise NotStarted(f"The servers running for {var} do not answer; see {var / 'embedded' / 'keeper.log'}.")
        time.sleep(0.05)
    return None


def _is_listening(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def _start(var: Path, want: list[str]) -> Services:
    log = var / "embedded" / "keeper.log"
    with log.open("wb") as output:
        give_to_owner_of_folder(output.fileno(), var)
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.embedded.keeper", str(var), *want],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # a Ctrl-C is for us; the keeper ends after us
        )
    answer: dict[str, Any] = {}
    if keeper.stdout is not None:
        with keeper.stdout as reply:
            answer = json.loads(reply.read() or b"{}")
    if "services" in answer:
        _keepers[var] = keeper
        return _services(answer["services"])
    keeper.wait()
    raise NotStarted(answer.get("error") or f"The embedded services did not start; see {log}.")


def _services(known: dict[str, Any]) -> Services:
    credentials = {place: (pair[0], pair[1]) for place, pair in known["s3_credentials"].items()}
    return Services(known["database_url"], known["redis_url"], known["s3_endpoint_url"], credentials)

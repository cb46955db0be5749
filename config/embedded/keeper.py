"""The process between the servers and whoever uses them: `python -m config.embedded.keeper VAR NAME…`.

It starts the servers, starts one again that exits, and stops them all when told to (SIGTERM) or when no process uses
them any more, however the last one ended. When the keeper itself is killed, the kernel stops the servers (on Linux).
Its answer is one JSON object on standard output: {"services": …} or {"error": "…"}.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.embedded import postgres, seaweed, valkey
from config.embedded.home import Home, NotStarted, open_home, programs, write_private
from config.embedded.locks import open_lock, try_lock
from config.embedded.server import Server, free_ports, remove_sockets
from config.supervisor import Supervisor

ATTEMPTS = 5  # a port may be taken meanwhile; the shared memory of a killed PostgreSQL may take a moment to go
PATIENCE = 60.0  # seconds for one attempt
GRACE = 10.0  # seconds for the servers to stop


class _ToldToStop(Exception):
    pass


class Keeper:
    """The servers of one `var`."""

    def __init__(self, var: Path, want: Sequence[str]) -> None:
        self.var, self.want = var, want
        self.record = var / "embedded.json"
        self.users = open_lock(var / "embedded" / "users.lock")
        self.told_to_stop = False
        self.supervisor = Supervisor(_say)
        self.ports: list[int] = []

    def start(self) -> dict[str, Any]:
        """Bring the servers up and write the record; return the services. Raises NotStarted."""
        home = open_home(self.var)
        alive = self._wait_for_the_last_ones(home)
        found = programs(home, self.want)
        for name in self.want:
            log = home.folder(name) / "log"
            if log.exists():
                log.replace(log.with_name("log.1"))
        failed: str | None = None
        for attempt in range(ATTEMPTS):
            failed = self._bring_up(home, found, alive)
            if failed is None:
                services = self._services(home)
                self._write_record({"pid": os.getpid(), "home": str(home.path), "services": services})
                return services
            self.stop_servers()
            time.sleep(attempt)
        tail = (home.path / str(failed) / "log").read_text(errors="replace").splitlines()[-15:]
        raise NotStarted("\n".join([f"The embedded {failed} did not start. The end of its log:", *tail]))

    def keep(self) -> None:
        """Watch over the servers until told to stop, or until nobody uses them."""
        while not self._is_over():
            self.supervisor.step(0.3)

    def stop(self) -> None:
        """Whoever comes now starts servers of their own, which wait for these to end."""
        self.record.unlink(missing_ok=True)
        os.close(self.users)
        self.stop_servers()

    def stop_servers(self) -> None:
        """End the servers, cleanly where that takes no longer than GRACE."""
        self.supervisor.stop(grace=GRACE)
        for port in self.ports:
            remove_sockets(port)

    def _is_over(self) -> bool:
        return self.told_to_stop or try_lock(self.users)

    def _wait_for_the_last_ones(self, home: Home) -> int:
        alive = open_lock(home.path / "alive.lock")
        deadline = time.monotonic() + PATIENCE / 2
        while not try_lock(alive):
            if time.monotonic() > deadline:
                raise NotStarted(f"Servers of an earlier run still use {home.path} and do not end: stop them by hand.")
            time.sleep(0.05)
        return alive

    def _bring_up(self, home: Home, found: dict[str, Path], alive: int) -> str | None:
        """Start the servers on ports of their own; the name of the one that failed, or None."""
        self.ports = free_ports(2 + len(seaweed.PARTS))
        pending: list[Server] = []
        for name in ("s3", "valkey", "postgres"):  # s3 takes longest to be ready, and needs no preparation
            if name not in self.want:
                continue
            if name == "s3":
                server = seaweed.server(home, found[name], self.ports[2:], alive)
            elif name == "valkey":
                server = valkey.server(home, found[name], self.ports[1], alive)
            else:
                server = postgres.server(home, found[name], self.ports[0], alive)
            self.supervisor.start(server.program)
            pending.append(server)
        deadline = time.monotonic() + PATIENCE
        while pending:
            if self._is_over():
                raise _ToldToStop
            self.supervisor.step(0.03)
            pending = [server for server in pending if not server.ready()]
            for server in pending:
                if self.supervisor.exits(server.program.name) or time.monotonic() > deadline:
                    return server.program.name
        return None

    def _services(self, home: Home) -> dict[str, Any]:
        postgres_port, valkey_port, s3_port = self.ports[:3]
        return {
            "database_url": postgres.url(home, postgres_port) if "postgres" in self.want else "",
            "redis_url": valkey.url(home, valkey_port) if "valkey" in self.want else "",
            "s3_endpoint_url": seaweed.endpoint_url(s3_port) if "s3" in self.want else "",
            "s3_credentials": seaweed.credentials(home) if "s3" in self.want else {},
        }

    def _write_record(self, record: dict[str, Any]) -> None:
        draft = self.record.with_name("embedded.json.draft")
        write_private(draft, json.dumps(record))
        try_lock(open_lock(draft))  # held until this process ends
        draft.replace(self.record)


def main() -> None:
    """Start, answer, keep, stop."""
    keeper = Keeper(Path(sys.argv[1]), sys.argv[2:])

    def stop(*_: object) -> None:
        keeper.told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    answer = os.dup(1)
    os.dup2(2, 1)  # from here on the log, so that the reader sees the end of the answer
    try:
        with os.fdopen(answer, "w", encoding="utf-8") as reply:
            try:
                reply.write(json.dumps({"services": keeper.start()}))
            except (NotStarted, OSError) as error:
                reply.write(json.dumps({"error": str(error)}))
                return
        keeper.keep()
    except _ToldToStop:
        pass
    finally:
        keeper.stop()


def _say(name: str, line: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {name}: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()

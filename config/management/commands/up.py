"""The everyday start: services if none are configured, migrations, web, worker and beat, in one terminal."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded import NotStarted
from config.embedded.locks import open_lock, try_lock
from config.services import ROOT, provide, var_dir
from config.supervisor import Program, Supervisor

GRACE = 10.0  # seconds for requests and tasks under way; a task that is cut off is done again
PATIENCE = 60.0  # seconds for the web to answer


class Command(BaseCommand):
    help = "Run the site on this machine until Ctrl-C: services, migrations, web, worker and beat."
    requires_system_checks = []  # they would ask a database that is not there yet; `migrate` makes them below

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        var = var_dir().absolute()
        var.mkdir(parents=True, exist_ok=True)
        if not try_lock(open_lock(var / "up.lock")):  # held until this process ends
            raise CommandError(f"The site of {var} is running already. Set VAR_DIR to run another one.")
        _check_port(host, port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        record = var / "up.json"
        record.unlink(missing_ok=True)  # of a run that was killed
        supervisor = Supervisor(self._say)
        try:
            self._say("up", "starting")
            if os.geteuid() == 0:
                self._say(
                    "up", "running as root, which is fine for trying it out; a real study uses docker-compose.yml"
                )
            _provide_services(var)
            self._migrate(var)
            url = f"http://{host}:{port}"
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
            for program in _programs(var, host, port):
                supervisor.start(program)
            self._wait_for_the_web(supervisor, host, port)
            record.write_text(json.dumps({"pid": os.getpid(), "url": url}), encoding="utf-8")
            self._say("up", f"the site is at {url} (Ctrl-C stops it)")
            while True:
                supervisor.step(1.0)
        except KeyboardInterrupt:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._say("up", "stopping")
        finally:
            record.unlink(missing_ok=True)
            supervisor.stop(grace=GRACE)

    def _migrate(self, var: Path) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input"],
            cwd=ROOT,
            env=_environment(var),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for line in done.stdout.splitlines():
            if done.returncode or "..." in line:
                self._say("migrate", line.strip())
        if done.returncode:
            raise CommandError("The database could not be migrated.")

    def _wait_for_the_web(self, supervisor: Supervisor, host: str, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while not _answers(host, port):
            if supervisor.exits("web"):
                raise CommandError("The web could not start; its lines above say why.")
            if time.monotonic() > deadline:
                raise CommandError(f"The web did not answer within {PATIENCE:g} s.")
            supervisor.step(0.2)

    def _say(self, name: str, line: str) -> None:
        self.stdout.write(f"{name:>8} | {line}")
        self.stdout.flush()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(f"Nothing can listen on {host}:{port} ({reason}); try another --port.") from error


def _provide_services(var: Path) -> None:
    try:
        provide(var=var)
    except NotStarted as error:
        raise CommandError(str(error)) from error


def _environment(var: Path) -> dict[str, str]:
    return os.environ | {
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",  # said once, above
    }


def _programs(var: Path, host: str, port: int) -> list[Program]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    commands = {
        "web": [
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application", f"--bind={host}:{port}"),
            *("--workers=2", "--threads=4", "--timeout=120", "--graceful-timeout=5", "--no-control-socket"),
        ],
        "worker": [*celery, "worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel=INFO", f"--schedule={var / 'beat'}", "--pidfile="],
    }
    return [Program(name=name, command=command, cwd=ROOT, env=_environment(var)) for name, command in commands.items()]


def _answers(host: str, port: int) -> bool:
    """Whether the web answers a request, whatever it says: a socket alone would listen before the pages are loaded."""
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True

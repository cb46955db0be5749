"""The site that the demonstration walks through: `manage.py up` in a folder of its own, started and ended here."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL")
PATIENCE = 120.0
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """On Linux, let the kernel end the site with the demonstration, even one that was killed with -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class SiteFailed(Exception):
    """The site did not start, or a command of it failed; the text is what it said."""


class Site:
    """Start it with `with Site(...)`: a new folder, new services in a box (unless they are configured), all processes."""

    def __init__(self, var: Path, port: int, environ: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.var = var
        self.log = var / "up.log"
        self._environ = (
            os.environ | environ | {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.development"}
        )
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if (running := self._running()) is not None:
            raise SiteFailed(f"A site is already running in {self.var}, at {running}. End it first.")
        if not any(self._environ.get(name) for name in SERVICES):
            shutil.rmtree(self.var, ignore_errors=True)
        self.var.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self._port)],
                cwd=ROOT,
                env=self._environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the demonstration, which ends the site when it has cleaned up
                preexec_fn=_end_with_parent,
            )
        self._wait_until_it_answers(self._process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def manage(self, *words: str) -> str:
        """Run a command of manage.py beside the running site; return what it printed. Raises SiteFailed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SiteFailed(f"manage.py {' '.join(words)}:\n{done.stderr.strip()[-2000:]}")
        return done.stdout

    def accounts(self) -> list[dict[str, str]]:
        """A new account for each role: email, password, role."""
        printed: list[dict[str, str]] = json.loads(self.manage("demo_accounts").strip().splitlines()[-1])
        return printed

    def check(self) -> None:
        """Raises SiteFailed if the site has ended."""
        if self._process is not None and self._process.poll() is not None:
            raise SiteFailed(f"The site ended. The end of {self.log}:\n{self._last_words()}")

    def wait(self) -> None:
        """Until the site ends."""
        if self._process is not None:
            self._process.wait()

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise SiteFailed(f"The site did not start. The end of {self.log}:\n{self._last_words()}")
            if self._running() is not None:
                return
            time.sleep(0.2)
        self.__exit__(None, None, None)
        raise SiteFailed(
            f"The site did not answer within {PATIENCE:.0f} s. The end of {self.log}:\n{self._last_words()}"
        )

    def _running(self) -> str | None:
        """The URL of the site that runs in this folder; `manage.py up` writes it down once the site has answered."""
        try:
            record = json.loads((self.var / "up.json").read_text(encoding="utf-8"))
            os.kill(record["pid"], 0)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return str(record["url"])

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

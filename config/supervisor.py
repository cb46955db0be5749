"""Processes that belong to this one: started, started again with a pause when they exit, and gone when it is.

The embedded servers and the processes of `manage.py up` are kept by the same rules.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST_PAUSE = 0.5  # seconds before a program that exited is started again; doubled each time it exits soon after
LONGEST_PAUSE = 30.0
STEADY_AFTER = 30.0  # seconds after which a program counts as having started well
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run. Without a `log` its lines are handed to the supervisor's `say`.

    `death_signal` is what the kernel sends (on Linux) when the supervising process is gone, however it went.
    """

    name: str
    command: Sequence[str]
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    log: Path | None = None
    user: int | None = None
    group: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    pass_fds: tuple[int, ...] = ()


def identity(user: int | None, group: int | None) -> dict[str, Any]:
    """Arguments of Popen that run a process as somebody else, without any group of ours."""
    return {} if user is None else {"user": user, "group": group, "extra_groups": [], "umask": 0o077}


@dataclass
class _Child:
    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_at: float | None = None
    quick_exits: int = 0
    exits: int = 0
    unfinished: bytes = b""


class Supervisor:
    """Runs programs until `stop`. One thread: call `step` again and again."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        """`say(name, line)` receives what happens, and every line of a program that has no log of its own."""
        self._say = say
        self._children: dict[str, _Child] = {}
        self._selector = selectors.DefaultSelector()

    def start(self, program: Program) -> None:
        """Start the program and keep it running. Raises OSError where it cannot be executed."""
        child = self._children[program.name] = _Child(program)
        self._spawn(child)

    def exits(self, name: str) -> int:
        """How often the program has exited."""
        return self._children[name].exits

    def step(self, timeout: float) -> None:
        """Hand on output for up to `timeout` seconds; then see who exited and start who is due."""
        self._listen(timeout)
        now = time.monotonic()
        for child in self._children.values():
            if child.process is not None and child.process.poll() is not None:
                self._exited(child, child.process, now)
            if child.start_at is not None and child.start_at <= now:
                try:
                    self._spawn(child)
                except OSError as error:
                    self._say(child.program.name, f"cannot be started: {error}")
                    child.start_at = now + LONGEST_PAUSE

    def stop(self, *, grace: float) -> None:
        """Ask everyone to stop at once; after `grace` seconds insist."""
        running = {child.program.name: child.process for child in self._children.values() if child.process}
        for name, process in running.items():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self._children[name].program.stop_signal)
        deadline = time.monotonic() + grace
        while any(process.poll() is None for process in running.values()) and time.monotonic() < deadline:
            self._listen(0.05)
        for name, process in running.items():
            if process.poll() is None:
                self._say(name, f"did not stop within {grace:g} s; killed")
            _kill_group(process)
            process.wait()
            self._close(self._children[name], process)
        self._children.clear()

    def _spawn(self, child: _Child) -> None:
        program, parent = child.program, os.getpid()

        def die_with_parent() -> None:
            if LIBC is not None:
                LIBC.prctl(PR_SET_PDEATHSIG, program.death_signal)
                if os.getppid() != parent:  # it was gone before we asked
                    os._exit(1)

        with program.log.open("ab") if program.log else contextlib.nullcontext(subprocess.PIPE) as output:
            child.process = subprocess.Popen(
                program.command,
                bufsize=0,
                cwd=program.cwd,
                env=program.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C is for the supervisor, which then stops the others
                preexec_fn=die_with_parent,  # runs after the change of user, which would clear the death signal
                pass_fds=program.pass_fds,
                **identity(program.user, program.group),
            )
        child.started, child.start_at = time.monotonic(), None
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout.fileno(), selectors.EVENT_READ, child)

    def _exited(self, child: _Child, process: "subprocess.Popen[bytes]", now: float) -> None:
        _kill_group(process)  # whom it has left behind
        self._close(child, process)
        child.exits += 1
        child.quick_exits = 1 if now - child.started >= STEADY_AFTER else child.quick_exits + 1
        pause = min(FIRST_PAUSE * 2 ** (child.quick_exits - 1), LONGEST_PAUSE)
        child.process, child.start_at = None, now + pause
        code = process.returncode
        reason = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
        self._say(child.program.name, f"exited with {reason}; started again in {pause:g} s")

    def _listen(self, timeout: float) -> None:
        """Without anything to listen to, this is a pause."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if not self._selector.get_map():
                time.sleep(left)
                return
            ready = self._selector.select(left)
            for key, _ in ready:
                self._read(key.data, key.fd)
            if ready:
                return

    def _read(self, child: _Child, descriptor: int) -> None:
        try:
            data = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(descriptor)
        *lines, child.unfinished = (child.unfinished + data).split(b"\n")
        for line in lines:
            self._say(child.program.name, line.decode(errors="replace"))

    def _close(self, child: _Child, process: "subprocess.Popen[bytes]") -> None:
        if process.stdout is None:
            return
        descriptor = process.stdout.fileno()
        if descriptor in self._selector.get_map():
            self._read(child, descriptor)
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)
        if child.unfinished:
            self._say(child.program.name, child.unfinished.decode(errors="replace"))
            child.unfinished = b""
        process.stdout.close()


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)

"""Locks that end with the processes that hold them, kill -9 included.

embedded/start.lock   held while servers are started, so that two processes do not start them at once
embedded/users.lock   shared by every process that uses the servers; who can hold it alone knows that nobody does
embedded.json         held by the keeper of live servers, so that a record left behind is not taken for one
alive.lock            beside the data; inherited by every server, so it is free once the last of them is gone
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.home import give_to_owner_of_folder


def open_lock(path: Path) -> int:
    """The descriptor of a lock file, made where it is missing. Programs that are executed do not inherit it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    give_to_owner_of_folder(descriptor, path.parent)
    return descriptor


def try_lock(descriptor: int, mode: int = fcntl.LOCK_EX) -> bool:
    """Take the lock if that is possible now."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether some process holds this lock."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def wait_until_free(path: Path, *, seconds: float) -> bool:
    """Wait until nobody holds the lock; False when somebody still does after `seconds`."""
    deadline = time.monotonic() + seconds
    while is_held(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock, waiting for whoever has it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

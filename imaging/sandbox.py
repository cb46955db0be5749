"""The one place where bytes from outside are decoded: a child process with limits, in the web process as in the worker.

A decoder that crashes, loops, or is made to run somebody else's code takes a child with it that has an empty
environment, no file of ours open, and little memory and time. What it hands back is checked here before it counts.
A plain subprocess per photo, not a pool: Celery's prefork workers are daemonic and may not have multiprocessing
children, and a child that has decoded one stranger's photo should not see another's. It costs 0.2 s a photo.
"""

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from imaging.readback import NotOnlyPixels, read_back
from imaging.results import MAX_BYTES, Advice, Cleaned, Preview, Reason, Refused

CLEAN_SECONDS: Final = 60.0
"""Wall time for the image that counts."""

PREVIEW_SECONDS: Final = 20.0
"""Wall time for a preview: a web server's own limit, usually 30 s, must not come first."""

ROOT: Final = Path(__file__).resolve().parent.parent
ENVIRONMENT: Final = {
    "PYTHONPATH": str(ROOT),
    # One thread each: a thread's stack and heap count against the memory limit.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}
COMMAND: Final = (sys.executable, "-s", "-P", "-m", "imaging.sandbox_child")

logger = logging.getLogger(__name__)


def clean(data: bytes, *, max_edge: int | None = None) -> Cleaned:
    """The image that counts, of a photo from outside; see `imaging.clean.clean`.

    Raises Refused for whatever is wrong with the file or breaks because of it; OSError only where no child process can
    be started at all.
    """
    answer, png = _run({"do": "clean", "max_edge": max_edge}, data, seconds=CLEAN_SECONDS)
    try:
        cleaned = Cleaned(png=png, **answer)
        if read_back(png) != (cleaned.width, cleaned.height):
            raise NotOnlyPixels("another size than it says")
    except (TypeError, ValueError) as error:
        raise _distrusted(error) from error
    return cleaned


def preview_and_advice(data: bytes) -> Preview:
    """A small JPEG of a photo from outside, and advice on it; see `imaging.clean.preview`. Raises as `clean` does."""
    answer, jpeg = _run({"do": "preview"}, data, seconds=PREVIEW_SECONDS)
    try:
        return Preview(jpeg=jpeg, advice=tuple(Advice(code) for code in answer.pop("advice")), **answer)
    except (KeyError, TypeError, ValueError) as error:
        raise _distrusted(error) from error


def _run(job: dict[str, Any], data: bytes, *, seconds: float) -> tuple[dict[str, Any], bytes]:
    """What the child answers: the fields of its result and the bytes of the image."""
    if not data:
        raise Refused(Reason.EMPTY)
    if len(data) > MAX_BYTES:
        raise Refused(Reason.TOO_LARGE)
    try:
        child = subprocess.run(
            [*COMMAND, json.dumps(job)],
            input=data,
            capture_output=True,
            timeout=seconds,
            cwd="/",
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.TIMEOUT) from error
    if child.returncode:
        raise Refused(_reason_of(child.returncode, child.stderr))
    head, _, image = child.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
        refusal = Refused(Reason(answer["refused"]), answer["looks_like"]) if "refused" in answer else None
    except (KeyError, TypeError, ValueError) as error:
        raise _distrusted(error) from error
    if refusal:
        raise refusal
    return answer, image


def _distrusted(error: Exception) -> Refused:
    """The refusal for an answer that our own child, in its right mind, would not have given."""
    logger.error("The sandbox answered what it should not: %s", error)
    return Refused(Reason.CRASHED)


def _reason_of(returncode: int, stderr: bytes) -> Reason:
    """Why a child ended without an answer."""
    if returncode == -signal.SIGXCPU:
        return Reason.TIMEOUT
    if returncode == -signal.SIGKILL:  # by the system, when memory runs out
        return Reason.OUT_OF_MEMORY
    logger.warning("A child of the sandbox ended with %s: %s", returncode, stderr[-300:].decode(errors="replace"))
    return Reason.CRASHED

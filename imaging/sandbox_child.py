"""The child of `imaging.sandbox`: a job as the argument, a photo on stdin, an answer on stdout.

The answer is one line of JSON, the fields of a result or `{"refused": reason, "looks_like": …}`, then the image's
bytes. The limits are set here, before anything from outside is read: in the parent they would have to run between fork
and exec, which is not safe where there are threads.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any, Final

MEMORY_BYTES: Final = 1536 * 1024**2
"""Address space. Every format with an image of MAX_PIXELS was cleaned in 1024 MB, libraries included."""

CPU_SECONDS: Final = 45

LIMITS: Final = {
    resource.RLIMIT_AS: MEMORY_BYTES,
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_FSIZE: 0,  # no file may be written; the answer leaves through a pipe
    resource.RLIMIT_CORE: 0,  # nor the photo be dumped into one
    resource.RLIMIT_NOFILE: 32,
}


def main() -> None:
    """Limit this process, do the job, answer."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value + 1 if limit == resource.RLIMIT_CPU else value))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a C library prints must not end up inside the answer
    answer, image = _do(json.loads(sys.argv[1]), sys.stdin.buffer.read())
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.write(image)
    answers.close()


def _do(job: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    from imaging.clean import clean, preview  # under the limits, like all that follows
    from imaging.results import Reason, Refused

    try:
        if job["do"] == "clean":
            result = asdict(clean(data, max_edge=job["max_edge"]))
            image = result.pop("png")
        else:
            result = asdict(preview(data))
            image = result.pop("jpeg")
    except Refused as refusal:
        return {"refused": refusal.reason, "looks_like": refusal.looks_like}, b""
    except MemoryError:
        return {"refused": Reason.OUT_OF_MEMORY, "looks_like": ""}, b""
    return result, image


if __name__ == "__main__":
    main()

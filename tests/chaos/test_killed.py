"""Whatever is killed with -9, a contribution reaches its end."""

import io
import json
import threading
import time
from contextlib import suppress

import numpy as np
import psutil
from PIL import Image

from demo.answers import Person
from demo.people import contribute
from demo.photos import Photo

PATIENCE = 100


def slow_photo(seed: int) -> Photo:
    """A photo that takes a worker a second or more: 10 megapixels of noise."""
    noise = np.random.default_rng(seed).integers(0, 256, (2600, 4000, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=60)
    return Photo(f"noise-{seed}.jpg", "image/jpeg", file.getvalue())


def give(site, seed: int) -> None:
    contribute(site.url, Person(("CLOSE_UP",)), {"CLOSE_UP": slow_photo(seed)})


def wait_for(rows, query: str, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not rows.execute(query).fetchone()[0]:
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.02)


def kill_broker(site) -> int:
    """kill -9 the Valkey of this site; how many processes."""
    keeper = psutil.Process(json.loads((site.var / "embedded.json").read_text())["pid"])
    victims = [process for process in keeper.children() if "valkey" in process.name()]
    for process in victims:
        process.kill()
    psutil.wait_procs(victims, timeout=5)
    return len(victims)


def kill_workers(site) -> int:
    """kill -9 Celery's worker, its pool and their decoding children; how many processes."""
    up = psutil.Process(json.loads((site.var / "up.json").read_text())["pid"])
    workers = []
    for process in up.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            line = " ".join(process.cmdline())
            if "celery" in line and " worker" in line:
                workers.append(process)
    for process in workers:
        with suppress(psutil.NoSuchProcess):
            for child in process.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
            process.kill()
    return len(workers)


AN_IMAGE_IS_BEING_CLEANED = "SELECT count(*) FROM privacy_caseimage WHERE status = 'WAITING' AND leased_until > now()"
EVERYTHING_IS_CLEAN = (
    "SELECT count(*) = (SELECT count(*) FROM contrib_portal_contribution WHERE status = 'SUBMITTED') "
    "FROM privacy_case c JOIN privacy_caseimage i USING (case_id) WHERE c.status = 'NEEDS_REVIEW' AND i.status = 'CLEAN'"
)
TWO_MINUTES_PASS = "UPDATE privacy_caseimage SET leased_until = now() WHERE leased_until > now()"


def test_a_worker_killed_in_the_middle_of_an_image_loses_nothing(site, rows):
    give(site, seed=1)
    wait_for(rows, AN_IMAGE_IS_BEING_CLEANED, "an image to be claimed")
    assert kill_workers(site) > 0
    assert rows.execute(AN_IMAGE_IS_BEING_CLEANED).fetchone()[0] == 1, "the image was finished before the kill"

    rows.execute(TWO_MINUTES_PASS)  # the lease of the dead worker runs out
    wait_for(rows, EVERYTHING_IS_CLEAN, "another worker to take the image over")
    (attempts,) = rows.execute("SELECT max(attempts) FROM privacy_caseimage").fetchone()
    assert attempts == 2


def test_a_broker_killed_while_contributions_come_in_loses_nothing(site, rows):
    """It is killed again and again until the contribution is sent, so that the doorbell cannot ring; beat rings later."""
    is_sent = threading.Event()
    kills = []

    def keep_killing():
        while not is_sent.is_set():
            kills.append(kill_broker(site))
            is_sent.wait(0.05)

    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        give(site, seed=2)
    finally:
        is_sent.set()
        killer.join()
    assert sum(kills) > 1
    wait_for(rows, EVERYTHING_IS_CLEAN, "the contribution that was sent while the broker was away")

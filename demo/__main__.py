"""`make demo`: from photographs to a published release on one machine, through the site's own pages and workers."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from demo import people, photos, releasing
from demo.answers import Person
from demo.answers import people as contributors
from demo.browser import Unexpected
from demo.people import Account
from demo.report import Report
from demo.site import ROOT, Site, SiteFailed

COUNT = 12
READERS = 3
VERSION = "1.0.0"
PATIENCE = 180.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the table instead of leaving the site running")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)  # all end it as Ctrl-C does, in the background too
    print("The whole way, from a photograph to a release:", file=sys.stderr)
    report = Report()
    try:
        with report.stage("start the services and the site") as stage:
            site = Site(ROOT / "var" / "demo", arguments.port, {"LABELS_PER_CASE": str(READERS)}).__enter__()
            stage.came_out = site.url
    except SiteFailed as error:
        print(error, file=sys.stderr)
        return 1
    try:
        accounts = [Account(**entry) for entry in site.accounts()]
        release = _walk(site, accounts, report)
        print(report.table())
        print(f"The release lies in {release.relative_to(ROOT)}/")
        if not arguments.once:
            _leave_running(site, accounts)
    except (Unexpected, SiteFailed) as error:
        print(report.table())
        print(f"\nThe demonstration stopped: {error}\nThe site's log: {site.log}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        site.__exit__(None, None, None)
    return 0


def _walk(site: Site, accounts: list[Account], report: Report) -> Path:
    """Every stage in order; raises Unexpected unless every contribution reaches its end."""
    by_name = {account.email.partition("@")[0]: account for account in accounts}
    persons = contributors(COUNT)
    with report.stage("take photographs") as stage:
        taken = list(_photographs(persons))
        count = sum(len(shots) for shots in taken)
        size = sum(len(photo.data) for shots in taken for photo in shots.values())
        formats = sorted({photo.name.rpartition(".")[2].lower() for shots in taken for photo in shots.values()})
        stage.went_in = f"{COUNT} people"
        stage.came_out = f"{count} photos ({', '.join(formats)}), {size / 1e6:.1f} MB"

    with report.stage("contribute in the browser") as stage:
        stage.expect(COUNT)
        codes = []
        for person, shots in zip(persons, taken, strict=True):
            codes.append(people.contribute(site.url, person, shots))
            stage.step()
        stage.went_in, stage.came_out = f"{COUNT} people, {count} photos", f"{len(set(codes))} receipt codes"

    moderator = people.sign_in(site.url, by_name["moderator"])
    with report.stage("clean and check (worker)") as stage:
        stage.went_in = f"{count} photos"
        _until(lambda: people.waiting_for_moderation(moderator) == COUNT, "contributions to be cleaned", site)
        stage.came_out = f"{COUNT} cases to review"

    with report.stage("moderate") as stage:
        stage.went_in = f"{COUNT} cases"
        stage.expect(COUNT)
        admitted = people.moderate(moderator, stage.step)
        stage.came_out = f"{admitted} admitted"

    with report.stage("label (dermatologists)") as stage:
        stage.went_in, total = f"{admitted} cases, {READERS} readers", admitted * READERS
        stage.expect(total)
        readers = [people.sign_in(site.url, by_name[f"dermatologist-{n}"]) for n in range(1, READERS + 1)]
        labels = 0

        def all_labelled() -> bool:
            nonlocal labels
            labels += sum(people.label(browser, n, stage.step) for n, browser in enumerate(readers))
            return labels == total

        _until(all_labelled, "cases to be labelled", site)
        stage.came_out = f"{labels} labels"

    with report.stage("estimate skin tones (graders)") as stage:
        graders = [people.sign_in(site.url, account) for account in accounts if account.role == "skin-tone grader"]
        stage.went_in = f"{admitted} cases, {len(graders)} pools"
        stage.expect(admitted * len(graders))
        estimates = sum(people.grade(browser, stage.step) for browser in graders)
        stage.came_out = f"{estimates} estimates"

    managers = [people.sign_in(site.url, by_name[f"release-manager-{n}"]) for n in (1, 2)]
    with report.stage("draft, freeze and build") as stage:
        stage.went_in = f"{admitted} cases"
        releasing.draft_and_freeze(managers[0], VERSION)
        _until(lambda: releasing.is_built(managers[0], VERSION), "the release to be built", site)
        stage.came_out = f"release {VERSION}"
    with report.stage("approve and publish") as stage:
        stage.went_in = "a second person"
        releasing.approve_and_publish(managers[1], VERSION)
        stage.came_out = "published"
    with report.stage("download and verify") as stage:
        target = site.var / f"release-{VERSION}"
        site.manage("download_release", VERSION, str(target))
        stage.came_out = releasing.contents(target, cases=COUNT, images=count)

    with report.stage("look at every receipt") as stage:
        stage.went_in = f"{COUNT} receipt codes"
        stage.expect(COUNT)
        arrived = 0
        for code in codes:
            arrived += people.is_published(site.url, code, VERSION)
            stage.step()
        stage.came_out = f"{arrived} are part of release {VERSION}"
    if arrived != COUNT:
        raise Unexpected(f"{COUNT - arrived} of {COUNT} contributions did not reach their end")
    return target


def _photographs(persons: list[Person]) -> Iterator[dict[str, photos.Photo]]:
    """Photos for each person: real ones of PHOTOS_DIR first where that is set (HEIC and GPS), else and then drawn ones."""
    folder = os.environ.get("PHOTOS_DIR")
    real = sorted([*Path(folder).glob("heic/*"), *Path(folder).glob("gps/*")])[:6] if folder else []
    for index, person in enumerate(persons):
        shots = {}
        for number, shot in enumerate(people.shots_of(person)):
            if real and number == 0 and index % 2 == 0:
                path = real.pop(0)
                shots[shot] = photos.Photo(path.name, "application/octet-stream", path.read_bytes())
            else:
                shots[shot] = photos.take(3 * index + number, shot, index)
        yield shots


def _until(ready: Callable[[], bool], what: str, site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise Unexpected(f"waited {PATIENCE:.0f} s for {what}")
        site.check()
        time.sleep(0.5)


def _leave_running(site: Site, accounts: list[Account]) -> None:
    width = max(len(account.email) for account in accounts)
    print(f"\nThe site is at {site.url}, for staff at {site.url}/staff/")
    for account in accounts:
        print(f"  {account.email:<{width}}  {account.password}  {account.role}")
    print("\nCtrl-C ends it.", flush=True)
    site.wait()


if __name__ == "__main__":
    raise SystemExit(main())

"""From a frozen case list to the files of a release, and the worker's other work on releases.

A build goes in portions: each claim copies the images of some cases and notes on each item that it did, the last writes
the tables and the checksums. A worker may die anywhere; the next one goes on where it stopped, and what lies there
already with the right SHA-256 is kept. The same cases, labels and settings give the same bytes.
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from audit.trail import WORKER, record
from core import leases, storage
from privacy.models import Case, CaseImage
from privacy.queries import ImageNotThere, image_stream
from releases import gathering, queries, schema, writers
from releases.actions import leaving_out, storing, verifying
from releases.gathering import released_image
from releases.mitigation import Mitigated, mitigate
from releases.models import Release, ReleaseItem

PORTION = 50
"""Cases whose images are copied under one lease: seconds of work, so that a kill costs little."""

log = logging.getLogger(__name__)


class CannotBuild(Exception):
    """The release cannot be built as it is; the message says why, for the release manager."""


def build_next(*, at: datetime) -> bool:
    """Do the next portion of the release that has waited longest: build it, verify it, or delete an abandoned one.

    Whether to go on: False without work or storage.
    """
    release = leases.claim(queries.work(), at=at, lease=settings.LEASE)
    if release is None:
        return False
    try:
        match release.status:
            case Release.Status.ABANDONED:
                storing.discard(release, storing.sizes(release))
                leases.finish(release)
            case Release.Status.BUILT:
                verifying.verify_on(release, at=at)
            case _:
                _build(release, at=at)
    except leases.LeaseLost:
        log.info("release %s: its lease was lost, the attempt is thrown away", release.version)
    except storage.Unavailable as error:
        log.warning("release %s waits for the storage: %s", release.version, error)
        with suppress(leases.LeaseLost):  # no fault of the release
            leases.retry(release, at=at, attempts=release.attempts - 1, problem="The storage does not answer.")
        return False
    except Exception as error:
        log.exception("release %s could not be built, verified or deleted", release.version)
        with suppress(leases.LeaseLost):
            leases.retry(release, at=at, problem=(str(error) or type(error).__name__)[:300])
    return True


def _build(release: Release, *, at: datetime) -> None:
    leaving_out.leave_out(release, queries.items_withdrawn_since(release))
    uncopied = release.items.filter(copied_at=None).order_by("pk")
    for item in uncopied[:PORTION]:
        for image in item.case.images.filter(status=CaseImage.Status.CLEAN).order_by("pk"):
            _copy(release, image)
        ReleaseItem.objects.filter(pk=item.pk).update(copied_at=at)
    if uncopied.exists():
        release.attempts = 0  # progress: the next portion is due at once, with all its attempts
        leases.retry(release, at=at, attempts=0, problem="")
    else:
        _write(release, at=at)


def _copy(release: Release, image: CaseImage) -> None:
    """Put a clean image into the release under its public name. Raises CannotBuild unless it is the one admitted."""
    digest = hashlib.sha256()
    with TemporaryFile() as file:
        try:
            for piece in image_stream(image):
                digest.update(piece)
                file.write(piece)
        except ImageNotThere as error:
            if isinstance(error.__cause__, storage.Unavailable):
                raise error.__cause__ from error
            raise CannotBuild(f"Image {image.pk} is not in the storage.") from error
        if digest.hexdigest() != image.sha256:
            raise CannotBuild(f"Image {image.pk} is not the one that was admitted.")
        _put(release, released_image(image).path, file, sha256=image.sha256, content_type="image/png")


def _put(release: Release, path: str, data: bytes | BinaryIO, *, sha256: str, content_type: str) -> None:
    """Store one file while the lease is held. Raises LeaseLost: then the file is not there, or another worker's.

    The lease is asked for on both sides: an eraser takes it away before it deletes, and must find nothing afterwards.
    """
    _require_lease(release)
    is_ours = storing.store(release, path, data, sha256=sha256, content_type=content_type)
    try:
        _require_lease(release)
    except leases.LeaseLost:
        storing.discard(release, [path] * is_ours)
        raise


def _require_lease(release: Release) -> None:
    if not Release.objects.filter(pk=release.pk, leased_until=release.leased_until).exists():
        raise leases.LeaseLost(f"Release {release.version}")


def _write(release: Release, *, at: datetime) -> None:
    """The tables and texts, the checksums last; then the release is built, and due to be verified."""
    cases = gathering.cases_of(release)
    if not cases:
        raise CannotBuild("Every case of this release has been withdrawn. Abandon it.")
    mitigated = mitigate(
        gathering.case_rows(cases, version=release.version), k=release.k, hidden=queries.hidden_elsewhere(release)
    )
    withdrawn = queries.withdrawn_from_published()
    images = {released_image(image).path: image.sha256 for case in cases for image in case.images.all()}
    sums = images | {
        name: _put_file(release, name, write) for name, write in _files(release, cases, mitigated, withdrawn).items()
    }
    stored = storing.sizes(release).keys()
    if missing := sums.keys() - stored:
        raise CannotBuild(f"Copied files have gone from the storage ({len(missing)}), such as {min(missing)}.")
    storing.discard(release, stored - sums.keys())
    manifest_sha256 = _put_file(release, schema.CHECKSUMS_FILE, lambda to: writers.write_checksums(sums, to=to))
    report = {
        "cases": len(cases),
        "images": len(images),
        "withdrawn": len(withdrawn),
        "mitigation": mitigated.report,
    }
    _finish(release, mitigated, manifest_sha256=manifest_sha256, report=report, at=at)


Writer = Callable[[BinaryIO], str]


def _files(release: Release, cases: list[Case], mitigated: Mitigated, withdrawn: list[int]) -> dict[str, Writer]:
    """Name → what writes it, for all but images and checksums."""
    images = sum(len(case.images.all()) for case in cases)
    values = {
        "study": settings.STUDY["name"],
        "publisher": settings.STUDY["organisation"],
        "contact": settings.STUDY["contact_email"],
        "version": release.version,
        "year": settings.STUDY["year"],
        "cases": len(cases),
        "images": images,
        "k": release.k,
    }

    def text(name: str) -> Writer:
        def write(to: BinaryIO) -> str:
            data = writers.release_text(name, values)
            to.write(data)
            return hashlib.sha256(data).hexdigest()

        return write

    return {
        schema.CASES_FILE: lambda to: writers.write_cases(mitigated.rows, to=to),
        schema.LABELS_FILE: lambda to: writers.write_labels(gathering.label_rows(cases), to=to),
        schema.APP_QUESTIONS_FILE: lambda to: writers.write_app_questions(gathering.texts("app"), to=to),
        schema.LABEL_QUESTIONS_FILE: lambda to: writers.write_label_questions(gathering.texts("label"), to=to),
        schema.WITHDRAWN_FILE: lambda to: writers.write_withdrawn_cases(withdrawn, to=to),
        schema.REPORT_FILE: lambda to: writers.write_report(mitigated.report, to=to),
        schema.LICENSE_FILE: text(schema.LICENSE_FILE),
        schema.README_FILE: text(schema.README_FILE),
    }


CONTENT_TYPES = {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown", ".txt": "text/plain"}


def _put_file(release: Release, name: str, write: Writer) -> str:
    buffer = BytesIO()
    sha256 = write(buffer)
    content_type = CONTENT_TYPES["." + name.rpartition(".")[2]] + "; charset=utf-8"
    _put(release, name, buffer.getvalue(), sha256=sha256, content_type=content_type)
    return sha256


@transaction.atomic
def _finish(
    release: Release, mitigated: Mitigated, *, manifest_sha256: str, report: dict[str, object], at: datetime
) -> None:
    rows = {row.case_id: writers.row_sha256(row) for row in mitigated.rows}
    items = list(release.items.all())
    if {item.case_id for item in items} != rows.keys():
        raise CannotBuild("A case was withdrawn while the tables were written.")
    for item in items:
        item.row_sha256 = rows[item.case_id]
        item.mitigations = [cell.value for cell in mitigated.hidden.get(item.case_id, ())]
    ReleaseItem.objects.bulk_update(items, ["row_sha256", "mitigations"], batch_size=1000)
    record(
        "release-built",
        actor=WORKER,
        subject=f"Release {release.version}",
        at=at,
        cases=len(rows),
        manifest_sha256=manifest_sha256,
    )
    # Last, because a lease that is given up in a transaction that fails could not be given back.
    release.attempts = 0  # it is due again at once: what was built has to be verified
    leases.retry(
        release,
        at=at,
        attempts=0,
        status=Release.Status.BUILT,
        built_at=at,
        manifest_sha256=manifest_sha256,
        report=report,
        problem="",
    )

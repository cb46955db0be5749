"""From admitted, labelled cases to a published release: every file, byte for byte."""

import ast
import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from audit.models import AuditEvent
from core import storage
from core.models import User
from core.storage import Place
from privacy.models import Case
from privacy.queries import images_of
from releases.actions import building, drafting, publishing, storing
from releases.models import Release
from tests.factories.cases import AT_DISTANCE, CLOSE_UP, admitted_case
from tests.integration.releases.conftest import build, estimate, files

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
TABLES = {
    "scin_cases.csv",
    "scin_labels.csv",
    "scin_app_questions.csv",
    "scin_label_questions.csv",
    "withdrawn_cases.csv",
    "k_anonymity_report.json",
    "LICENSE.txt",
    "README.md",
    "SHA256SUMS.txt",
}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_release_holds_the_tables_the_texts_the_images_and_nothing_else(
    labelled_case: Callable[..., Case], built: Make
) -> None:
    cases = [labelled_case(shots=(CLOSE_UP, AT_DISTANCE)), labelled_case()]
    images = [image for case in cases for image in images_of(case)]

    found = files(built())

    assert set(found) == TABLES | {f"dataset/images/{image.pk}.png" for image in images}
    for image in images:
        data = found[f"dataset/images/{image.pk}.png"]
        assert hashlib.sha256(data).hexdigest() == image.sha256
        assert data == storage.get(Place.CLEAN, image.key)


def test_each_release_lies_under_its_own_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert storing.key_of(Release(version="1.0.0"), "README.md") == "releases/1.0.0/README.md"


def test_the_row_of_a_case_is_what_was_told_with_the_age_as_a_group(
    labelled_case: Callable[..., Case], built: Make
) -> None:
    case = labelled_case(
        age=34,
        sex_at_birth="FEMALE",
        fitzpatrick_skin_type="FST2",
        race_ethnicity=["white", "asian"],
        textures=["flat"],
        body_parts=["palm", "arm"],
        condition_symptoms=["itching"],
        related_category="RASH",
        condition_duration="ONE_DAY",
    )
    (image,) = images_of(case)

    header, row, end = files(built())["scin_cases.csv"].decode().split("\n")

    assert end == ""
    assert len(header.split(",")) == 57
    told = {name: value for name, value in table(f"{header}\n{row}\n".encode())[0].items() if value}
    assert told == {
        "case_id": str(case.pk),
        "source": "CONTRIB_PORTAL",
        "release": "1.0.0",
        "year": "2026",
        "age_group": "AGE_30_TO_39",
        "sex_at_birth": "FEMALE",
        "fitzpatrick_skin_type": "FST2",
        "race_ethnicity_asian": "YES",
        "race_ethnicity_white": "YES",
        "textures_flat": "YES",
        "body_parts_arm": "YES",
        "body_parts_palm": "YES",
        "condition_symptoms_itching": "YES",
        "related_category": "RASH",
        "condition_duration": "ONE_DAY",
        "image_1_path": f"dataset/images/{image.pk}.png",
        "image_1_shot_type": "CLOSE_UP",
        "combined_race": "ASIAN,WHITE",
    }


def test_the_labels_of_a_case_are_weighed_over_its_readers(
    labelled_case: Callable[..., Case], built: Make, now: datetime
) -> None:
    case = labelled_case(readings=([("Eczema", 4), ("Psoriasis", 4), ("Tinea", 3)], [], [("Psoriasis", 5)]))
    estimate(case, pool="us", monk=7, at=now)
    estimate(case, pool="india", monk=None, at=now)

    (row,) = table(files(built())["scin_labels.csv"])

    assert ast.literal_eval(row["dermatologist_skin_condition_on_label_name"]) == [
        "Eczema",
        "Psoriasis",
        "Tinea",
        "Psoriasis",
    ]
    assert row["dermatologist_skin_condition_confidence"] == "[4, 4, 3, 5]"
    assert row["weighted_skin_condition_label"] == "{'Eczema': 0.26, 'Psoriasis': 0.62, 'Tinea': 0.12}"
    assert [row[f"dermatologist_fitzpatrick_skin_type_label_{n}"] for n in (1, 2, 3)] == ["FST3"] * 3
    assert (row["gradable_for_monk_skin_tone_us"], row["monk_skin_tone_label_us"]) == ("True", "7")
    assert (row["gradable_for_monk_skin_tone_india"], row["monk_skin_tone_label_india"]) == ("False", "")


def test_every_file_but_itself_stands_in_the_checksums(labelled_case: Callable[..., Case], built: Make) -> None:
    labelled_case()
    release = built()
    found = files(release)
    sums = found.pop("SHA256SUMS.txt")

    listed = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(found.items()))
    assert sums.decode() == listed
    assert release.manifest_sha256 == hashlib.sha256(sums).hexdigest()


def test_the_same_cases_give_the_same_bytes(labelled_case: Callable[..., Case], built: Make, now: datetime) -> None:
    for age in (20, 30, 40):
        labelled_case(age=age, race_ethnicity=["white"])
    release = built(k=3)
    first = files(release)
    for path in first:
        storage.delete(Place.RELEASES, storing.key_of(release, path))
    later = now + timedelta(days=9)
    release.items.update(copied_at=None)
    Release.objects.filter(pk=release.pk).update(
        status="FROZEN", manifest_sha256="", built_at=None, due_at=later, attempts=0
    )

    build(release, at=later)

    assert files(release) == first


def test_a_case_that_waits_for_a_label_is_left_for_the_next_release(
    labelled_case: Callable[..., Case], frozen: Make, now: datetime
) -> None:
    ready, waiting = labelled_case(), admitted_case(at=now)

    release = frozen()

    assert list(release.items.values_list("case_id", flat=True)) == [ready.pk]
    assert waiting.pk != ready.pk


def test_a_release_without_a_case_is_not_frozen(manager: User, now: datetime) -> None:
    release = drafting.draft(version="1.0.0", k=1, manager=manager, at=now)

    with pytest.raises(drafting.NothingToRelease):
        drafting.freeze(release=release, manager=manager, at=now)
    release.refresh_from_db()
    assert release.status == "DRAFT"


def test_a_small_class_is_hidden_and_the_report_counts_it(labelled_case: Callable[..., Case], built: Make) -> None:
    for _ in range(3):
        labelled_case(age=25, sex_at_birth="FEMALE", race_ethnicity=["white"])
    rare = labelled_case(age=82, sex_at_birth="MALE", race_ethnicity=["asian", "white"])

    release = built(k=3)

    rows = {row["case_id"]: row for row in table(files(release)["scin_cases.csv"])}
    hidden = rows[str(rare.pk)]
    assert (hidden["age_group"], hidden["sex_at_birth"]) == ("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED")
    assert hidden["combined_race"] == "TWO_OR_MORE_AFTER_MITIGATION"
    report = json.loads(files(release)["k_anonymity_report.json"])
    assert report["hidden"] == {"age_group": 1, "sex_at_birth": 1, "race_ethnicity": 1}
    assert release.items.get(case=rare).mitigations == ["age_group", "sex_at_birth", "race_ethnicity"]
    assert release.report["mitigation"] == report


def test_what_one_release_hides_stays_hidden_in_the_next_however_large_the_class_has_become(
    labelled_case: Callable[..., Case], published: Make, built: Make
) -> None:
    rare = labelled_case(age=82, sex_at_birth="MALE")
    labelled_case(age=25, sex_at_birth="FEMALE")
    published("1.0.0", k=2)
    others = [labelled_case(age=82, sex_at_birth="MALE") for _ in range(2)]

    rows = {row["case_id"]: row for row in table(files(built("1.1.0", k=2))["scin_cases.csv"])}

    assert rows[str(rare.pk)]["age_group"] == "AGE_UNKNOWN"
    assert {rows[str(case.pk)]["age_group"] for case in others} == {"AGE_80_OR_ABOVE"}


def test_what_an_abandoned_release_hid_was_never_public_and_binds_nobody(
    labelled_case: Callable[..., Case], built: Make, manager: User, now: datetime
) -> None:
    labelled_case(age=82)
    drafting.abandon(release=built("1.0.0", k=2), manager=manager, at=now)
    labelled_case(age=82)

    rows = table(files(built("1.1.0", k=2))["scin_cases.csv"])

    assert [row["age_group"] for row in rows] == ["AGE_80_OR_ABOVE"] * 2


def test_a_second_publication_supersedes_the_first(labelled_case: Callable[..., Case], published: Make) -> None:
    labelled_case()
    first = published("1.0.0")

    second = published("1.1.0")

    first.refresh_from_db()
    assert (first.status, second.status) == ("SUPERSEDED", "PUBLISHED")
    assert AuditEvent.objects.filter(action="release-superseded", subject="Release 1.0.0").count() == 1
    assert set(files(first)) == set(files(second))


def test_the_trail_says_who_did_what(
    labelled_case: Callable[..., Case], published: Make, manager: User, approver: User
) -> None:
    labelled_case()
    published()

    told = AuditEvent.objects.filter(subject="Release 1.0.0").order_by("pk").values_list("action", "actor")
    assert list(told) == [
        ("release-drafted", manager.email),
        ("release-frozen", manager.email),
        ("release-built", "worker"),
        ("release-verified", "worker"),
        ("release-approved", approver.email),
        ("release-published", manager.email),
    ]


@pytest.mark.parametrize("version", ["1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.0.0-rc1", " 1.0.0", "1.0.٣", ""])
def test_a_version_is_three_numbers(version: str, manager: User, now: datetime) -> None:
    with pytest.raises(drafting.NotAVersion):
        drafting.draft(version=version, k=10, manager=manager, at=now)


@pytest.mark.parametrize("version", ["1.10.0", "1.9.9", "0.99.0"])
def test_a_version_is_higher_than_every_one_before_it(version: str, manager: User, now: datetime) -> None:
    first = drafting.draft(version="1.10.0", k=10, manager=manager, at=now)
    drafting.abandon(release=first, manager=manager, at=now)

    with pytest.raises(drafting.NotNewer):
        drafting.draft(version=version, k=10, manager=manager, at=now)
    assert drafting.draft(version="1.11.0", k=10, manager=manager, at=now).status == "DRAFT"


def test_an_abandoned_release_loses_its_objects(
    labelled_case: Callable[..., Case], built: Make, manager: User, now: datetime
) -> None:
    labelled_case()
    release = built()

    drafting.abandon(release=release, manager=manager, at=now)
    building.build_next(at=now)

    release.refresh_from_db()
    assert (release.status, release.due_at, files(release)) == ("ABANDONED", None, {})


def test_a_published_release_is_not_abandoned(
    labelled_case: Callable[..., Case], published: Make, manager: User, now: datetime
) -> None:
    labelled_case()
    release = published()

    with pytest.raises(drafting.NoLongerPossible):
        drafting.abandon(release=release, manager=manager, at=now)
    with pytest.raises(publishing.NoLongerPossible):
        publishing.publish(release=release, manager=manager, at=now)
    assert files(release)

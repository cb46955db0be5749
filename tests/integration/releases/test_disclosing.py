"""Nothing withheld is in the bytes of a release, whatever column it might have slipped through."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps

from contrib_portal.models import Contribution
from privacy.models import Case, CaseImage
from releases.disclosure import DECISIONS, Decision
from releases.models import Release
from tests.factories.cases import AT_AN_ANGLE, CLOSE_UP
from tests.integration.releases.conftest import estimate, files

pytestmark = pytest.mark.django_db

TELLING = 8
"""Shorter values (1, True, "us") stand in any file by chance."""


def values(field: str) -> Iterator[str]:
    """What stands in a field, over all rows, as it would look in a file."""
    model, name = field.rsplit(".", 1)
    found = apps.get_model(model)._meta.get_field(name)
    if found.many_to_many:  # roles, whose names are words
        return
    for row in apps.get_model(model).objects.all():
        value: Any = found.value_from_object(row)
        for each in value if isinstance(value, list | tuple) else [value]:
            yield each.isoformat() if isinstance(each, datetime) else str(each)


def test_no_withheld_value_stands_in_any_file(
    labelled_case: Callable[..., Case], built: Callable[..., Release], now: datetime
) -> None:
    cases = [labelled_case(shots=(CLOSE_UP, AT_AN_ANGLE), age=age, sex_at_birth="FEMALE") for age in (19, 47, 113)]
    for case in cases:
        estimate(case, pool="us", monk=3, at=now)
    Contribution.objects.update(campaign="a-campaign-nobody-else-has")
    CaseImage.objects.update(metadata_found={"GPSLatitude": 1, "SerialNumberOfTheCamera": 1})
    told = b"".join(data for path, data in files(built()).items() if not path.endswith(".png")).decode()
    released = {
        value for field, decision in DECISIONS.items() if decision is not Decision.WITHHOLD for value in values(field)
    }

    withheld = {
        (field, value)
        for field, decision in DECISIONS.items()
        if decision is Decision.WITHHOLD
        for value in values(field)
        if len(value) >= TELLING and value not in released
    }

    assert len({field for field, _ in withheld}) > 40
    assert {field for field, value in withheld if value in told} == set()

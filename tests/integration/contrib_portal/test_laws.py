"""What the database itself refuses."""

import uuid
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from contrib_portal.actions.consenting import sha256_of
from contrib_portal.models import Consent, ConsentDocument, Contribution, Image, SelfReport
from contrib_portal.models.self_report import QUESTIONS
from core.ids import random_key
from core.states import move
from tests.factories.cases import CLOSE_UP, consent_document
from tests.factories.contributions import draft, received_image

pytestmark = pytest.mark.django_db


def test_nothing_is_submitted_without_a_consent(now: datetime) -> None:
    contribution = Contribution.objects.create(receipt_digest="d", language="en", created_at=now, touched_at=now)
    with pytest.raises(DatabaseError, match="only with a consent"), transaction.atomic():
        move(contribution, Contribution.Status.SUBMITTED, submitted_at=now)


def test_consent_is_never_changed_nor_deleted(now: datetime) -> None:
    draft(at=now)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Consent.objects.update(document_sha256="0" * 64)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Consent.objects.all().delete()


def test_a_text_in_force_stands(now: datetime) -> None:
    text = consent_document(at=now)
    with pytest.raises(DatabaseError, match="write a new version"), transaction.atomic():
        ConsentDocument.objects.filter(pk=text.pk).update(body="Something else")


def test_a_text_in_force_does_not_become_a_draft_that_may_be_edited(now: datetime) -> None:
    text = consent_document(at=now)
    with pytest.raises(DatabaseError, match="write a new version"), transaction.atomic():
        ConsentDocument.objects.filter(pk=text.pk).update(status="DRAFT", effective_at=None)


def test_a_contribution_is_withdrawn_exactly_where_there_is_a_withdrawal(now: datetime) -> None:
    contribution = draft(at=now)
    with pytest.raises(DatabaseError, match="exactly where it has a withdrawal"), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).update(status="WITHDRAWN", submitted_at=now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_shot_has_one_live_photo_and_an_upload_is_one_row(now: datetime) -> None:
    contribution = draft(at=now)
    image = received_image(contribution, at=now)
    with pytest.raises(IntegrityError, match="one_live_image_per_shot"), transaction.atomic():
        received_image(contribution, at=now)
    with pytest.raises(IntegrityError, match="upload_id"), transaction.atomic():
        received_image(draft(at=now), at=now, upload_id=image.upload_id)


def test_a_photo_is_not_received_without_its_checksum(now: datetime) -> None:
    image = Image.objects.create(
        contribution=draft(at=now),
        shot_type=CLOSE_UP,
        upload_id=uuid.uuid4(),
        key=random_key(),
        preview_key=random_key(),
        size=1,
        source_format="JPEG",
        created_at=now,
    )
    with pytest.raises(IntegrityError, match="has_a_checksum"), transaction.atomic():
        move(image, Image.Status.RECEIVED)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"age": 17},
        {"age": 151},
        {"sex_at_birth": "X"},
        {"textures": ["flat", "soft"]},
        {"skipped": ["name"]},
        {"left_empty": ["name"]},
    ],
)
def test_answers_keep_to_the_vocabulary(now: datetime, nonsense: dict[str, object]) -> None:
    draft(at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfReport.objects.update(**nonsense)


def test_every_question_may_be_skipped(now: datetime) -> None:
    draft(at=now, skipped=list(QUESTIONS))


def test_the_study_begins_with_an_english_text_in_force_whose_hash_is_its_own() -> None:
    text = ConsentDocument.objects.get(version="1.0", language="en")
    assert text.status == ConsentDocument.Status.EFFECTIVE
    assert text.sha256 == sha256_of(text.body)
    for promise in ("18 or older", "never exclude", "not paid", "not a medical", "receipt code", "study@example.org"):
        assert promise in text.body

"""Each action of the contributor's room: what it changes, what it refuses, what it leaves behind."""

import io
import uuid
from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from audit.models import AuditEvent, Erasure
from contrib_portal import queries, receipts
from contrib_portal.actions import (
    answering,
    consenting,
    drafting,
    erasing,
    expiring,
    photographing,
    submitting,
    sweeping,
    withdrawing,
)
from contrib_portal.models import Consent, ConsentDocument, Contribution, Image, SelfReport, Withdrawal
from core import storage
from core.ids import random_key
from core.states import IllegalMove
from imaging.results import MAX_BYTES, Reason
from tests.factories.cases import AT_AN_ANGLE, CLOSE_UP, consent_document, picture, staff
from tests.factories.contributions import draft, is_stored, new_text, received_image, sent

pytestmark = pytest.mark.django_db


def receive(contribution: Contribution, *, at: datetime, data: bytes | None = None, **given: object) -> Image:
    file = ContentFile(picture(image_format="JPEG") if data is None else data, name="photo.jpg")
    asked = {"shot_type": CLOSE_UP, "upload_id": uuid.uuid4()} | given
    return photographing.receive(contribution=contribution, file=file, at=at, **asked)


# Consent


def begin(text: ConsentDocument, *, at: datetime) -> Contribution:
    digest = receipts.digest(receipts.new_code(), key="k")
    return consenting.begin(shown_sha256=text.sha256, language="en", campaign="", receipt_digest=digest, at=at)


def test_consent_keeps_the_text_its_hash_and_the_time(now: datetime) -> None:
    text = consent_document(at=now)
    contribution = begin(text, at=now)
    consent = contribution.consents.get()
    assert (consent.document, consent.document_sha256, consent.given_at) == (text, text.sha256, now)
    event = AuditEvent.objects.get(action="consent-given")
    assert event.detail == {"version": text.version, "language": "en"}


def test_a_small_change_of_the_text_makes_nobody_agree_again(now: datetime) -> None:
    shown = consent_document(at=now)
    text = new_text(version="1.1", is_material_change=False)
    consenting.bring_into_force(document=text, by=staff(), at=shown.effective_at + timedelta(days=1))
    contribution = begin(shown, at=now)
    assert contribution.consents.get().document_sha256 == shown.sha256
    received_image(contribution, at=now)
    submitting.submit(contribution=contribution, receipt_digest="d", at=now)


def test_a_change_of_what_is_agreed_to_has_to_be_shown_first(now: datetime) -> None:
    shown = consent_document(at=now)
    contribution = draft(at=now, shots=(CLOSE_UP,))
    text = new_text(version="2", is_material_change=True)
    consenting.bring_into_force(document=text, by=staff(), at=shown.effective_at + timedelta(days=1))
    with pytest.raises(consenting.TextChanged):
        begin(shown, at=now)
    with pytest.raises(submitting.ConsentOutdated):
        submitting.submit(contribution=contribution, receipt_digest="d", at=now)
    consenting.agree_again(contribution=contribution, shown_sha256=text.sha256, at=now)
    submitting.submit(contribution=contribution, receipt_digest="d", at=now)
    assert contribution.consents.count() == 2


def test_nobody_agrees_to_a_text_that_was_never_in_force(now: datetime) -> None:
    consent_document(at=now)
    text = new_text(version="2", is_material_change=False)
    with pytest.raises(consenting.TextChanged):
        begin(text, at=now)


def test_a_text_comes_into_force_once_and_the_one_before_it_retires(now: datetime) -> None:
    before = consent_document(at=now)
    text = new_text(version="2", is_material_change=True)
    consenting.bring_into_force(document=text, by=staff(), at=now)
    before.refresh_from_db()
    assert (before.status, text.status) == (ConsentDocument.Status.RETIRED, ConsentDocument.Status.EFFECTIVE)
    with pytest.raises(IllegalMove):
        consenting.bring_into_force(document=text, by=staff(), at=now)


# Photos


def test_a_photo_is_stored_as_it_came_and_its_thumbnail_is_ours(now: datetime) -> None:
    contribution, data = draft(at=now), picture(image_format="PNG", width=600, height=500)
    image = receive(contribution, at=now + timedelta(minutes=1), data=data)
    assert image.status == Image.Status.RECEIVED
    assert (image.source_format, image.size) == ("PNG", len(data))
    assert storage.get(storage.Place.ORIGINALS, image.key) == data
    assert photographing.thumbnail(image=image).startswith(b"\xff\xd8")
    contribution.refresh_from_db()
    assert contribution.touched_at == now + timedelta(minutes=1)


def test_another_photo_of_the_shot_replaces_the_one_before(now: datetime, rings: list[str]) -> None:
    contribution = draft(at=now)
    first, other_shot = receive(contribution, at=now), receive(contribution, at=now, shot_type=AT_AN_ANGLE)
    second = receive(contribution, at=now)
    first.refresh_from_db()
    assert first.status == Image.Status.REPLACED
    assert set(queries.live_images(contribution)) == {other_shot, second}


def test_the_same_post_twice_is_one_photo(now: datetime) -> None:
    contribution, upload_id, data = draft(at=now), uuid.uuid4(), picture(image_format="JPEG")
    first = receive(contribution, at=now, upload_id=upload_id, data=data)
    assert receive(contribution, at=now, upload_id=upload_id, data=data) == first
    assert Image.objects.count() == 1


def test_a_late_copy_of_a_post_does_not_push_out_the_photo_after_it(now: datetime) -> None:
    contribution, upload_id, data = draft(at=now), uuid.uuid4(), picture(image_format="JPEG")
    receive(contribution, at=now, upload_id=upload_id, data=data)
    second = receive(contribution, at=now)
    receive(contribution, at=now, upload_id=upload_id, data=data)
    assert list(queries.live_images(contribution)) == [second]


def test_a_form_from_the_back_button_with_another_file_is_another_photo(now: datetime) -> None:
    contribution, upload_id = draft(at=now), uuid.uuid4()
    first = receive(contribution, at=now, upload_id=upload_id)
    second = receive(contribution, at=now, upload_id=upload_id)
    assert list(queries.live_images(contribution)) == [second] != [first]


def test_a_photo_that_was_removed_may_come_back(now: datetime) -> None:
    contribution, upload_id, data = draft(at=now), uuid.uuid4(), picture(image_format="JPEG")
    receive(contribution, at=now, upload_id=upload_id, data=data)
    photographing.remove(contribution=contribution, shot_type=CLOSE_UP, at=now)
    receive(contribution, at=now, upload_id=upload_id, data=data)
    assert queries.live_images(contribution).count() == 1


def test_an_upload_id_of_somebody_else_does_no_harm(now: datetime) -> None:
    theirs = receive(draft(at=now), at=now)
    ours = receive(draft(at=now), at=now, upload_id=theirs.upload_id)
    assert ours.upload_id != theirs.upload_id
    theirs.refresh_from_db()
    assert theirs.status == Image.Status.RECEIVED


def test_a_post_that_comes_again_after_a_crash_in_its_middle_becomes_the_photo(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution, upload_id, data = draft(at=now), uuid.uuid4(), picture(image_format="JPEG")
    with monkeypatch.context() as broken:
        # The original is stored, then the process dies.
        put = storage.put
        calls = iter([put])
        broken.setattr(storage, "put", lambda *given, **named: next(calls)(*given, **named))
        with pytest.raises(StopIteration):
            receive(contribution, at=now, upload_id=upload_id, data=data)
    begun = Image.objects.get()
    assert begun.status == Image.Status.RECEIVING
    first_key = begun.key
    image = receive(contribution, at=now, upload_id=upload_id, data=data)
    assert (image.pk, image.status) == (begun.pk, Image.Status.RECEIVED)
    assert image.key != first_key
    assert storage.get(storage.Place.ORIGINALS, image.key) == data


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", Reason.EMPTY), (b"%PDF-1.4", Reason.NOT_A_PHOTO), (b"\xff\xd8\xff", Reason.DAMAGED)]
)
def test_a_refused_file_leaves_nothing_behind(now: datetime, data: bytes, reason: Reason) -> None:
    with pytest.raises(photographing.PhotoRefused) as refused:
        receive(draft(at=now), at=now, data=data)
    assert refused.value.reason == reason
    assert not Image.objects.exists()


def test_a_file_that_is_too_large_is_refused_unread(now: datetime) -> None:
    class Unreadable(ContentFile):
        def read(self, *args: object) -> bytes:
            raise AssertionError("it was read")

    file = Unreadable(b"")
    file.size = MAX_BYTES + 1
    with pytest.raises(photographing.PhotoRefused) as refused:
        photographing.receive(contribution=draft(at=now), shot_type=CLOSE_UP, upload_id=uuid.uuid4(), file=file, at=now)
    assert refused.value.reason == Reason.TOO_LARGE


def test_a_bomb_of_a_hundred_megapixels_is_refused(now: datetime) -> None:
    from PIL import Image as Picture

    file = io.BytesIO()
    Picture.new("1", (10_000, 10_000)).save(file, "PNG")
    with pytest.raises(photographing.PhotoRefused) as refused:
        receive(draft(at=now), at=now, data=file.getvalue())
    assert refused.value.reason == Reason.TOO_MANY_PIXELS


def test_a_photo_for_a_draft_that_is_sent_meanwhile_is_dropped_with_its_objects(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution = draft(at=now, shots=(CLOSE_UP,))
    put, stored = storage.put, []

    def put_and_send(place: storage.Place, key: str, *given: object, **named: object) -> str:
        stored.append(key)
        if len(stored) == 2:
            submitting.submit(contribution=contribution, receipt_digest="d", at=now)
        return put(place, key, *given, **named)

    monkeypatch.setattr(storage, "put", put_and_send)
    with pytest.raises(drafting.NotADraft):
        receive(contribution, at=now, shot_type=AT_AN_ANGLE)
    assert [is_stored(key) for key in stored] == [False, False]
    assert queries.live_images(contribution).count() == 1


# Answers, sending


def test_only_a_draft_is_changed(now: datetime) -> None:
    contribution = sent(at=now, code=receipts.new_code())
    with pytest.raises(drafting.NotADraft):
        answering.answer(contribution=contribution, column="age", value=30, at=now)
    with pytest.raises(drafting.NotADraft):
        photographing.remove(contribution=contribution, shot_type=CLOSE_UP, at=now)
    with pytest.raises(drafting.NotADraft):
        receive(contribution, at=now)
    with pytest.raises(drafting.NotADraft):
        expiring.expire(contribution=contribution, actor="worker", at=now)
    with pytest.raises(drafting.NotADraft):
        consenting.agree_again(contribution=contribution, shown_sha256=queries.effective_document("en").sha256, at=now)


def test_answers_leave_no_line_in_the_audit_trail(now: datetime) -> None:
    contribution = draft(at=now)
    answering.answer(contribution=contribution, column="textures", value=["flat"], at=now)
    answering.skip(contribution=contribution, column="age", at=now)
    assert not AuditEvent.objects.exists()
    assert queries.answers(contribution).textures == ["flat"]


def test_sending_rings_once_and_writes_one_line(
    now: datetime, rings: list[str], django_capture_on_commit_callbacks: object
) -> None:
    contribution = draft(at=now, shots=(CLOSE_UP,))
    with django_capture_on_commit_callbacks(execute=True):
        submitting.submit(contribution=contribution, receipt_digest="d", at=now)
        submitting.submit(contribution=contribution, receipt_digest="another", at=now)
    contribution.refresh_from_db()
    assert (contribution.status, contribution.receipt_digest) == (Contribution.Status.SUBMITTED, "d")
    assert rings == ["privacy.tasks.open_cases"]
    assert AuditEvent.objects.get(action="contribution-submitted").detail == {"images": 1}
    assert list(queries.submitted()) == [contribution]


def test_without_a_close_up_nothing_is_sent(now: datetime) -> None:
    contribution = draft(at=now, shots=(AT_AN_ANGLE,))
    with pytest.raises(submitting.MissingCloseUp):
        submitting.submit(contribution=contribution, receipt_digest="d", at=now)


# Taking back, forgetting


def test_withdrawing_hides_at_once_and_rings_once(
    now: datetime, rings: list[str], django_capture_on_commit_callbacks: object
) -> None:
    contribution = sent(at=now, code=receipts.new_code())
    with django_capture_on_commit_callbacks(execute=True):
        withdrawing.withdraw(contribution=contribution, at=now)
        withdrawing.withdraw(contribution=contribution, at=now + timedelta(days=1))
    assert not queries.submitted().exists()
    assert Withdrawal.objects.get().withdrawn_at == now
    assert rings == ["contrib_portal.tasks.erase_withdrawn"]
    assert AuditEvent.objects.filter(action="contribution-withdrawn").count() == 1


def test_a_draft_cannot_be_withdrawn(now: datetime) -> None:
    with pytest.raises(withdrawing.NothingToWithdraw):
        withdrawing.withdraw(contribution=draft(at=now), at=now)


def test_erasing_leaves_consent_and_receipts_of_forgetting_alone(now: datetime) -> None:
    contribution = sent(at=now, code=receipts.new_code(), shots=(CLOSE_UP, AT_AN_ANGLE), age=44)
    replaced = received_image(contribution, at=now, status=Image.Status.REPLACED)
    keys = [key for image in contribution.images.all() for key in (image.key, image.preview_key)]
    assert all(is_stored(key) for key in keys)
    withdrawing.withdraw(contribution=contribution, at=now)
    for _ in range(2):
        erasing.erase(reference=contribution.reference, at=now)
    assert not any(is_stored(key) for key in keys)
    assert not SelfReport.objects.exists()
    assert set(contribution.images.values_list("status", "sha256")) == {(Image.Status.ERASED, "")}
    assert replaced in contribution.images.all()
    assert Consent.objects.count() == 1
    erased = Erasure.objects.filter(reference=contribution.reference).order_by("place")
    assert [(row.place, row.items) for row in erased] == [("ANSWERS", 1), ("ORIGINALS", 3)]


def test_erasing_does_not_touch_anybody_else(now: datetime) -> None:
    theirs = sent(at=now, code=receipts.new_code(), age=50)
    ours = sent(at=now, code=receipts.new_code(), age=44)
    erasing.erase(reference=ours.reference, at=now)
    assert queries.answers(theirs).age == 50
    assert is_stored(queries.live_images(theirs).get().key)


def test_a_photo_whose_objects_are_gone_already_is_erased_all_the_same(now: datetime) -> None:
    image = received_image(draft(at=now), at=now)
    storage.delete(storage.Place.ORIGINALS, image.key)
    erasing.erase_image(image=image)
    assert image.status == Image.Status.ERASED


def test_a_draft_ends_even_while_storage_is_down(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    contribution = draft(at=now, shots=(CLOSE_UP,), age=30)

    def unavailable(*args: object) -> None:
        raise storage.Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(storage, "delete", unavailable)
        expiring.expire(contribution=contribution, actor="contributor", at=now)
    contribution.refresh_from_db()
    assert contribution.status == Contribution.Status.EXPIRED
    assert list(queries.expired_and_not_erased()) == [contribution]


# Sweeping


def test_the_sweep_deletes_what_no_row_names_and_nothing_else(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    orphan, foreign, shrunk = random_key(), "seals/2026-03-01", random_key()
    for key in (orphan, foreign, shrunk):
        storage.put(storage.Place.ORIGINALS, key, b"bytes", content_type="image/jpeg")
    kept = received_image(draft(at=now), at=now)
    stranded = Image.objects.create(
        contribution=draft(at=now),
        shot_type=CLOSE_UP,
        upload_id=uuid.uuid4(),
        key=shrunk,
        preview_key=random_key(),
        size=5,
        source_format="JPEG",
        created_at=now - timedelta(hours=2),
    )
    # Tests that run at the same time share the bucket: theirs stay out of this sweep.
    listed, here = storage.keys, {orphan, foreign, shrunk, kept.key, kept.preview_key}
    monkeypatch.setattr(storage, "keys", lambda place: (found for found in listed(place) if found.key in here))
    stored_at = storage.head(storage.Place.ORIGINALS, orphan).modified_at
    sweeping.sweep(at=stored_at + timedelta(hours=23))
    stranded.refresh_from_db()
    assert stranded.status == Image.Status.ERASED
    assert not is_stored(shrunk)
    assert is_stored(orphan)
    sweeping.sweep(at=stored_at + timedelta(hours=25))
    assert not is_stored(orphan)
    assert is_stored(foreign)
    assert is_stored(kept.key)
    assert is_stored(kept.preview_key)
    storage.delete(storage.Place.ORIGINALS, foreign)

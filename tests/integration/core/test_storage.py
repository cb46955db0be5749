"""What the storage promises, asked of the S3 server itself."""

import hashlib
import io
import tempfile

import boto3
import pytest
from botocore.config import Config
from django.conf import settings

from core import storage
from core.ids import random_key
from core.storage import CHUNK, AlreadyStored, NotStored, Place, Unavailable


def put(data: bytes = b"some bytes", place: Place = Place.CLEAN) -> str:
    key = random_key()
    storage.put(place, key, data, content_type="application/octet-stream")
    return key


@pytest.mark.parametrize("place", Place)
def test_what_is_put_comes_back_with_its_checksum_and_size(place: Place) -> None:
    data = b"x" * (2 * CHUNK + 17)
    key = random_key()

    digest = storage.put(place, key, data, content_type="image/png")

    assert digest == hashlib.sha256(data).hexdigest()
    assert storage.get(place, key) == data
    stored = storage.head(place, key)
    assert (stored.key, stored.size, stored.sha256) == (key, len(data), digest)


def test_a_file_is_stored_from_its_beginning_and_never_read_at_once() -> None:
    data = b"0123456789" * CHUNK
    key = random_key()
    with tempfile.TemporaryFile() as file:
        file.write(data)
        digest = storage.put(Place.RELEASES, key, file, content_type="text/csv")

    assert digest == hashlib.sha256(data).hexdigest()
    assert storage.head(Place.RELEASES, key).size == len(data)


def test_an_object_is_never_overwritten() -> None:
    key = put(b"first")

    with pytest.raises(AlreadyStored):
        storage.put(Place.CLEAN, key, b"second", content_type="text/plain")

    assert storage.get(Place.CLEAN, key) == b"first"


def test_an_object_is_read_in_pieces() -> None:
    data = bytes(range(256)) * 4096
    pieces = list(storage.stream(Place.CLEAN, put(data)))

    assert b"".join(pieces) == data
    assert len(pieces) == len(data) // CHUNK


def test_what_is_not_there_is_said_before_the_first_piece() -> None:
    with pytest.raises(NotStored):
        storage.stream(Place.CLEAN, random_key())
    with pytest.raises(NotStored):
        storage.head(Place.CLEAN, random_key())


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error() -> None:
    key = put()

    storage.delete(Place.CLEAN, key)
    storage.delete(Place.CLEAN, key)

    with pytest.raises(NotStored):
        storage.get(Place.CLEAN, key)


def test_many_objects_are_deleted_at_once_and_those_that_are_not_there_are_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "BATCH", 2)
    prefix = f"{random_key()}/"
    for name in "abcdef":
        storage.put(Place.RELEASES, prefix + name, b"12345", content_type="text/plain")

    storage.delete_many(Place.RELEASES, (prefix + name for name in "abcxe"))
    storage.delete_many(Place.RELEASES, [])

    assert [stored.key for stored in storage.keys(Place.RELEASES, prefix)] == [prefix + "d", prefix + "f"]


def test_more_keys_than_one_call_takes_are_all_deleted() -> None:
    prefix = f"{random_key()}/"
    storage.put(Place.RELEASES, f"{prefix}999", b"12345", content_type="text/plain")

    storage.delete_many(Place.RELEASES, [f"{prefix}{number}" for number in range(1001)])

    assert list(storage.keys(Place.RELEASES, prefix)) == []


def test_objects_that_the_server_does_not_delete_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    key = put(place=Place.CLEAN)
    monkeypatch.setattr(storage, "_bucket", lambda place: settings.S3_PLACES[Place.CLEAN]["bucket"])

    with pytest.raises(Unavailable):
        storage.delete_many(Place.RELEASES, [key])  # the server answers 200, and in it that access is denied

    assert storage.get(Place.CLEAN, key) == b"some bytes"


def test_keys_lists_what_begins_with_a_prefix_in_order() -> None:
    prefix = f"{random_key()}/"
    for name in ("b", "a", "c/d"):
        storage.put(Place.RELEASES, prefix + name, b"12345", content_type="text/plain")

    listed = list(storage.keys(Place.RELEASES, prefix))

    assert [stored.key for stored in listed] == [prefix + "a", prefix + "b", prefix + "c/d"]
    assert {stored.size for stored in listed} == {5}


def test_more_keys_than_one_page_of_the_server_are_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = f"{random_key()}/"
    client = storage._client(Place.RELEASES)
    list_page = client.list_objects_v2
    for number in range(5):
        storage.put(Place.RELEASES, f"{prefix}{number}", b"", content_type="text/plain")
    monkeypatch.setattr(client, "list_objects_v2", lambda **query: list_page(**query, MaxKeys=2))

    assert len(list(storage.keys(Place.RELEASES, prefix))) == 5


@pytest.mark.parametrize(
    ("identity", "bucket"),
    [(Place.CLEAN, Place.ORIGINALS), (Place.RELEASES, Place.ORIGINALS), (Place.RELEASES, Place.CLEAN)],
)
def test_the_identity_of_one_place_cannot_read_another(
    identity: Place, bucket: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = put(place=bucket)
    monkeypatch.setattr(storage, "_bucket", lambda place: settings.S3_PLACES[bucket]["bucket"])

    with pytest.raises(Unavailable, match=r"AccessDenied|403"):
        storage.get(identity, key)
    with pytest.raises(Unavailable, match=r"AccessDenied|403"):
        storage.put(identity, random_key(), b"x", content_type="text/plain")
    with pytest.raises(Unavailable, match=r"AccessDenied|403"):
        list(storage.keys(identity))


def test_nobody_reads_without_an_identity() -> None:
    from botocore import UNSIGNED
    from botocore.exceptions import ClientError

    key = put()
    stranger = boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL,
        region_name=settings.S3_REGION,
        config=Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}),
    )

    with pytest.raises(ClientError, match=r"AccessDenied|403"):
        stranger.get_object(Bucket=settings.S3_PLACES["clean"]["bucket"], Key=key)


def test_a_file_that_changes_between_its_checksum_and_its_sending_is_refused() -> None:
    class Changing(io.BytesIO):
        rewinds = 0

        def seek(self, offset: int, whence: int = 0) -> int:
            if (offset, whence) == (0, 0):
                self.rewinds += 1
                if self.rewinds == 2:
                    self.getbuffer()[:4] = b"THAT"
            return super().seek(offset, whence)

    key = random_key()

    with pytest.raises(Unavailable, match=r"Digest|Checksum"):
        storage.put(Place.CLEAN, key, Changing(b"this is the file"), content_type="text/plain")

    with pytest.raises(NotStored):
        storage.get(Place.CLEAN, key)


def test_a_server_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    away = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:1",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 1}, connect_timeout=1),
    )
    monkeypatch.setattr(storage, "_client", lambda place: away)

    for attempt in (
        lambda: storage.put(Place.CLEAN, "k", b"x", content_type="text/plain"),
        lambda: storage.get(Place.CLEAN, "k"),
        lambda: storage.head(Place.CLEAN, "k"),
        lambda: list(storage.keys(Place.CLEAN)),
        lambda: storage.delete(Place.CLEAN, "k"),
    ):
        with pytest.raises(Unavailable):
            attempt()

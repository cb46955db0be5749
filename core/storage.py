"""Objects in S3: three places with an identity each, random keys, SHA-256 checksums, never an overwrite.

Row first, object, row again: nothing here may be called inside a database transaction that the row depends on.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import IO, TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHUNK = 256 * 1024
BATCH = 1000
"""Keys of one DeleteObjects: S3 takes no more."""


class Place(StrEnum):
    """A bucket and the one identity that may open it."""

    ORIGINALS = "originals"
    CLEAN = "clean"
    RELEASES = "releases"


class AlreadyStored(Exception):
    """There is an object of this key; it was left as it is."""


class NotStored(Exception):
    """There is no object of this key."""


class Unavailable(Exception):
    """The storage did not answer, or refused. Try again later."""


@dataclass(frozen=True)
class Stored:
    """An object: `sha256` in hexadecimal ("" where the server keeps none), `size` in bytes."""

    key: str
    size: int
    sha256: str
    modified_at: datetime


@cache
def _client(place: Place) -> "S3Client":
    access = settings.S3_PLACES[place]
    return boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL,
        region_name=settings.S3_REGION,
        aws_access_key_id=access["access_key"],
        aws_secret_access_key=access["secret_key"],
        config=Config(
            connect_timeout=3,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": "path"},
        ),
    )


def _bucket(place: Place) -> str:
    return settings.S3_PLACES[place]["bucket"]


def put(place: Place, key: str, data: bytes | IO[bytes], *, content_type: str) -> str:
    """Store `data` (bytes or a seekable file) as a new object; return its SHA-256 in hexadecimal, checked by the server.

    Raises AlreadyStored where the key is taken, Unavailable.
    """
    digest = hashlib.sha256()
    if isinstance(data, bytes):
        digest.update(data)
    else:
        data.seek(0)
        while chunk := data.read(CHUNK):
            digest.update(chunk)
        data.seek(0)
    try:
        _client(place).put_object(
            Bucket=_bucket(place),
            Key=key,
            Body=data,
            ContentType=content_type,
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            IfNoneMatch="*",
        )
    except (ClientError, BotoCoreError) as error:
        raise _translated(error, key) from error
    return digest.hexdigest()


def get(place: Place, key: str) -> bytes:
    """The whole object. Raises NotStored, Unavailable."""
    return b"".join(stream(place, key))


def stream(place: Place, key: str) -> Iterator[bytes]:
    """The object in pieces of 256 KiB; it is asked for before the first piece is taken. Raises NotStored, Unavailable."""
    try:
        body = _client(place).get_object(Bucket=_bucket(place), Key=key)["Body"]
    except (ClientError, BotoCoreError) as error:
        raise _translated(error, key) from error
    return body.iter_chunks(CHUNK)


def head(place: Place, key: str) -> Stored:
    """What is known of an object without reading it. Raises NotStored, Unavailable."""
    try:
        answer = _client(place).head_object(Bucket=_bucket(place), Key=key, ChecksumMode="ENABLED")
    except (ClientError, BotoCoreError) as error:
        raise _translated(error, key) from error
    checksum = answer.get("ChecksumSHA256", "")
    return Stored(key, answer["ContentLength"], base64.b64decode(checksum).hex(), answer["LastModified"])


def keys(place: Place, prefix: str = "") -> Iterator[Stored]:
    """Every object whose key begins with `prefix`, in order of key; their `sha256` is not looked up. Raises Unavailable."""
    try:
        for page in _client(place).get_paginator("list_objects_v2").paginate(Bucket=_bucket(place), Prefix=prefix):
            for entry in page.get("Contents", []):
                yield Stored(entry["Key"], entry["Size"], "", entry["LastModified"])
    except (ClientError, BotoCoreError) as error:
        raise _translated(error, prefix) from error


def delete(place: Place, key: str) -> None:
    """Make sure that there is no object of this key. Raises Unavailable."""
    try:
        _client(place).delete_object(Bucket=_bucket(place), Key=key)
    except (ClientError, BotoCoreError) as error:
        raise _translated(error, key) from error


def delete_many(place: Place, unwanted: Iterable[str]) -> None:
    """Make sure that there is no object of any of these keys, 1,000 a call.

    Raises Unavailable, also where the server deletes only some of them: which ones are left is not known then.
    """
    remaining = iter(unwanted)
    while batch := list(islice(remaining, BATCH)):
        try:
            answer = _client(place).delete_objects(
                Bucket=_bucket(place), Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
            )
        except (ClientError, BotoCoreError) as error:
            raise _translated(error, batch[0]) from error
        if errors := answer.get("Errors", []):
            raise Unavailable(f"{len(errors)} of {len(batch)} objects were not deleted: {errors[0].get('Code', '')}")


def _translated(error: ClientError | BotoCoreError, key: str) -> Exception:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    if code in {"NoSuchKey", "404", "NotFound"}:
        return NotStored(key)
    if code in {"PreconditionFailed", "412", "ConditionalRequestConflict"}:
        return AlreadyStored(key)
    return Unavailable(f"{type(error).__name__} {code}".strip())

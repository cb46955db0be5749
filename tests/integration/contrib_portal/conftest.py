"""A visitor at the contributor's pages."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from contrib_portal.models import Contribution
from core import doorbell
from tests.factories.cases import consent_document, picture


class Visitor:
    """Somebody with a browser, who does what the pages ask for."""

    def __init__(self) -> None:
        self.client = Client()

    def get(self, path: str) -> HttpResponse:
        return self.client.get(path)

    def post(self, path: str, **data: object) -> HttpResponse:
        return self.client.post(path, data)

    def agree(self, *, campaign: str = "") -> HttpResponse:
        """From the start to the first photo."""
        self.post("/eligible", eligible="yes", campaign=campaign)
        shown = self.get("/consent/agree").context["form"]["document"].value()
        return self.post("/consent/agree", document=shown, agree="yes")

    def send_photo(self, shot: str = "close-up", data: bytes | None = None, **more: object) -> HttpResponse:
        file = SimpleUploadedFile("IMG_0001.HEIC", picture(image_format="JPEG") if data is None else data)
        return self.post(f"/photo/{shot}", **{"photo": file, "upload_id": uuid.uuid4()} | more)

    @property
    def contribution(self) -> Contribution:
        return Contribution.objects.get(pk=self.client.session["contribution"])


@pytest.fixture
def moment() -> datetime:
    """Now, for what the pages compare with their own clock."""
    return timezone.now()


@pytest.fixture
def visitor(db: None, moment: datetime) -> Visitor:
    """A browser that knows nothing yet, at a study that has a consent text."""
    consent_document(at=moment)
    return Visitor()


@pytest.fixture
def drafting(visitor: Visitor) -> Visitor:
    """A visitor who has agreed to take part."""
    visitor.agree()
    return visitor


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The tasks that were told to look for work, in order, as far as transactions were committed."""
    told: list[str] = []
    monkeypatch.setattr(doorbell, "_send", told.append)
    yield told


@pytest.fixture
def only_this_room(settings: Settings) -> None:
    """The other rooms' part is tested in their own rooms, and all together in the journeys."""
    settings.ERASERS = ["contrib_portal.actions.erasing.erase"]
    settings.PROGRESS = ["contrib_portal.queries.progress"]

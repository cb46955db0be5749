"""Consent texts in the administration: written as drafts, brought into force, then left alone."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from contrib_portal.actions.consenting import sha256_of
from contrib_portal.models import ConsentDocument
from core.models import User
from tests.factories.cases import consent_document
from tests.factories.contributions import new_text

LIST = reverse("admin:contrib_portal_consentdocument_changelist")
ADD = reverse("admin:contrib_portal_consentdocument_add")


@pytest.fixture
def administrator(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_superuser(username="admin", email="admin@example.org"))
    return client


def test_a_draft_is_hashed_as_it_is_stored(administrator: Client) -> None:
    answer = administrator.post(ADD, {"version": "2", "language": "en", "title": "T", "body": "One\r\n\r\nTwo."})
    assert answer.status_code == 302
    text = ConsentDocument.objects.get(version="2")
    assert (text.body, text.sha256, text.status) == ("One\n\nTwo.", sha256_of("One\n\nTwo."), "DRAFT")


def test_a_draft_is_brought_into_force_and_then_stands(administrator: Client, now: datetime) -> None:
    before = consent_document(at=now)
    text = new_text(version="2", is_material_change=True)
    chosen = {"action": "bring_into_force", "_selected_action": [text.pk, before.pk]}
    page = administrator.post(LIST, chosen, follow=True)
    assert f"{before.version} is not a draft" in page.content.decode()
    before.refresh_from_db()
    text.refresh_from_db()
    assert (before.status, text.status) == ("RETIRED", "EFFECTIVE")
    assert AuditEvent.objects.get(action="consent-text-in-force").actor == "admin@example.org"
    address = reverse("admin:contrib_portal_consentdocument_change", args=[text.pk])
    assert administrator.post(address, {"title": "Something else"}).status_code == 403

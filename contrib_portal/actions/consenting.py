"""A person agrees to a text: only then does anything of theirs exist here."""

import hashlib
from datetime import datetime

from django.db import transaction

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import drafting
from contrib_portal.models import Consent, ConsentDocument, Contribution, SelfReport
from core.models import User
from core.states import move


class TextChanged(Exception):
    """Another text is in force by now and changes what people agree to: it has to be shown first."""


def begin(*, shown_sha256: str, language: str, campaign: str, receipt_digest: str, at: datetime) -> Contribution:
    """Agree to the text with that SHA-256, as it was shown, and start a draft. Raises TextChanged."""
    document = _document_as_shown(shown_sha256, language)
    with transaction.atomic():
        contribution = Contribution.objects.create(
            receipt_digest=receipt_digest, language=language, campaign=campaign, created_at=at, touched_at=at
        )
        SelfReport.objects.create(contribution=contribution)
        _record(contribution, document, at)
    return contribution


def agree_again(*, contribution: Contribution, shown_sha256: str, at: datetime) -> None:
    """Agree to another text with a draft that is already there. To the same text it changes nothing.

    Raises TextChanged, drafting.NotADraft.
    """
    document = _document_as_shown(shown_sha256, contribution.language)
    with transaction.atomic():
        locked = drafting.lock(contribution=contribution)
        if not Consent.objects.filter(contribution=locked, document=document).exists():
            _record(locked, document, at)


def _document_as_shown(shown_sha256: str, language: str) -> ConsentDocument:
    in_force = queries.effective_document(language)
    if in_force.sha256 == shown_sha256:
        return in_force
    retired = ConsentDocument.objects.filter(
        sha256=shown_sha256, language=in_force.language, status=ConsentDocument.Status.RETIRED
    ).first()
    if retired is None or queries.changes_what_was_agreed(retired):
        raise TextChanged(in_force.version)
    return retired


def _record(contribution: Contribution, document: ConsentDocument, at: datetime) -> None:
    Consent.objects.create(contribution=contribution, document=document, document_sha256=document.sha256, given_at=at)
    trail.record(
        "consent-given",
        actor=trail.CONTRIBUTOR,
        subject=f"Contribution {contribution.reference}",
        at=at,
        version=document.version,
        language=document.language,
    )


def bring_into_force(*, document: ConsentDocument, by: User, at: datetime) -> None:
    """From now on people agree to this draft; the text before it retires. Raises states.IllegalMove for anything else."""
    with transaction.atomic():
        in_force = ConsentDocument.objects.select_for_update().filter(
            language=document.language, status=ConsentDocument.Status.EFFECTIVE
        )
        for earlier in in_force:
            move(earlier, ConsentDocument.Status.RETIRED)
        move(document, ConsentDocument.Status.EFFECTIVE, effective_at=at, sha256=sha256_of(document.body))
        trail.record(
            "consent-text-in-force",
            actor=by,
            subject=f"ConsentDocument {document.version} {document.language}",
            at=at,
            is_material_change=document.is_material_change,
        )


def sha256_of(body: str) -> str:
    """Of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()

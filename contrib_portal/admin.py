"""Consent texts are written here, as drafts; once in force they stand."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from contrib_portal.actions import consenting
from contrib_portal.models import ConsentDocument
from core.models import User
from core.states import IllegalMove


@admin.register(ConsentDocument)
class ConsentDocumentAdmin(admin.ModelAdmin):
    """Draft, then bring into force with the action of the list."""

    list_display = ("version", "language", "status", "is_material_change", "effective_at")
    fields = ("version", "language", "title", "body", "is_material_change", "status", "sha256", "effective_at")
    readonly_fields = ("status", "sha256", "effective_at")
    actions = ("bring_into_force",)

    def has_change_permission(self, request: HttpRequest, obj: ConsentDocument | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: ConsentDocument | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and _is_draft(obj)

    def save_model(self, request: HttpRequest, obj: ConsentDocument, form: ModelForm, change: bool) -> None:
        """The body with the line ends that its SHA-256 is taken of."""
        obj.body = obj.body.replace("\r\n", "\n")
        obj.sha256 = consenting.sha256_of(obj.body)
        super().save_model(request, obj, form, change)

    @admin.action(description="Bring into force", permissions=["change"])
    def bring_into_force(self, request: HttpRequest, queryset: QuerySet[ConsentDocument]) -> None:
        by = cast(User, request.user)
        for document in queryset:
            try:
                consenting.bring_into_force(document=document, by=by, at=timezone.now())
            except IllegalMove:
                self.message_user(request, f"{document.version} is not a draft", messages.ERROR)


def _is_draft(document: ConsentDocument | None) -> bool:
    return document is None or document.status == ConsentDocument.Status.DRAFT

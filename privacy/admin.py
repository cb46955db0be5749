"""Cases and their checks in the administration: to read, never to write."""

from django.contrib import admin

from audit.admin import ReadOnly
from privacy.models import Case, PrivacyCheck


@admin.register(Case)
class CaseAdmin(ReadOnly):
    list_display = ("case_id", "status", "opened_at", "decided_at", "rejection_reason")
    list_filter = ("status", "rejection_reason")
    search_fields = ("=case_id",)
    ordering = ("-opened_at",)
    fields = ("case_id", "status", "opened_at", "decided_at", "decided_by", "rejection_reason")


@admin.register(PrivacyCheck)
class PrivacyCheckAdmin(ReadOnly):
    list_display = ("image_id", "kind", "outcome", "by_person", "by_model", "at")
    list_filter = ("kind", "outcome")
    search_fields = ("=image__image_id", "=image__case__case_id")
    ordering = ("-at",)

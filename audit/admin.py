"""The trail in the administration: to read, never to write."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audit.models import AuditEvent, Erasure, Seal


class ReadOnly(admin.ModelAdmin):
    """Nothing is added, changed or deleted through the administration."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "action", "actor", "subject")
    search_fields = ("subject", "actor", "action")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("at", "reference", "place", "items")
    ordering = ("-at",)


@admin.register(Seal)
class SealAdmin(ReadOnly):
    list_display = ("day", "events", "sha256")
    ordering = ("-day",)

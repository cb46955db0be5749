"""Releases in the administration: to read, never to write."""

from django.contrib import admin

from audit.admin import ReadOnly
from releases.models import Release


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    list_display = ("version", "status", "k", "built_by", "approved_by", "published_at")
    list_filter = ("status",)
    list_select_related = ("built_by", "approved_by")
    ordering = ("-created_at",)

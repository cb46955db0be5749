"""What administrators keep: the list of conditions and the pools of graders. What labelers said is only looked at."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.roles import Role, roles_of
from labeling.models import Condition, Label, LabeledCondition, SkinToneEstimate, SkinTonePoolMember
from privacy.queries import visible_cases


def _is_administrator(request: HttpRequest) -> bool:
    return Role.ADMINISTRATOR in roles_of(request.user)


class ForAdministrators:
    """Administrators see and change it; nothing is deleted where labels point at it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(ForAdministrators):
    """Administrators see it; nobody changes it here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Condition)
class ConditionAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("name", "category", "icd10cm", "risk")
    list_filter = ("risk", "category")
    search_fields = ("name", "synonyms")
    ordering = ("name",)


@admin.register(SkinTonePoolMember)
class SkinTonePoolMemberAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("grader", "pool")
    list_filter = ("pool",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "pool":
            return forms.ChoiceField(choices=[(pool, pool) for pool in settings.STUDY["skin_tone_pools"]])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)


class LabeledConditionInline(ReadOnly, admin.TabularInline):
    model = LabeledCondition
    extra = 0
    ordering = ("position",)


@admin.register(Label)
class LabelAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("case", "slot", "labeler", "gradable", "estimated_fitzpatrick_skin_type", "submitted_at")
    list_filter = ("gradable",)
    list_select_related = ("assignment__task", "assignment__labeler")
    inlines = (LabeledConditionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return super().get_queryset(request).filter(assignment__task__case__in=visible_cases())

    @admin.display(description="case")
    def case(self, label: Label) -> int:
        return label.assignment.task.case_id

    @admin.display(description="slot")
    def slot(self, label: Label) -> int:
        return label.assignment.slot

    @admin.display(description="labeler")
    def labeler(self, label: Label) -> str:
        return label.assignment.labeler.email


@admin.register(SkinToneEstimate)
class SkinToneEstimateAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("case_id", "pool", "gradable", "monk", "difficult", "grader", "estimated_at")
    list_filter = ("pool", "gradable")
    list_select_related = ("grader",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SkinToneEstimate]:
        return super().get_queryset(request).filter(case__in=visible_cases())

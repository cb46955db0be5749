"""Accounts of staff, and their second factors, in the administration. Both are noted in the audit trail."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from core.models import User

admin.site.site_header = admin.site.site_title = settings.STUDY["name"]
admin.site.index_title = "Administration"
admin.site.unregister(Group)  # the roles are in core.roles; people get them on their account's page


class NewAccountForm(AdminUserCreationForm):
    """An account that a password opens; the second factor is set up at the first sign-in."""

    class Meta:
        model = User
        fields = ("email", "username")


class AccountForm(UserChangeForm):
    """Everything that an account has."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class AccountAdmin(UserAdmin):
    """People leave by becoming inactive: what they did stays theirs, so no account is deleted."""

    form = AccountForm
    add_form = NewAccountForm
    list_display = ("email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    search_fields = ("email", "username")
    ordering = ("email",)
    filter_horizontal = ()
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}  # seven roles fit a page
    fieldsets = (
        (None, {"fields": ("email", "username", "password")}),
        ("Roles", {"fields": ("groups", "is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "username", "password1", "password2", "groups")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: forms.BaseForm, formsets: Any, change: bool) -> None:
        """Notes the account as it is from now on."""
        super().save_related(request, form, formsets, change)
        account = cast(User, form.instance)  # type: ignore[attr-defined]
        trail.record(
            "account-changed" if change else "account-made",
            actor=cast(User, request.user),
            subject=f"User {account.pk}",
            at=timezone.now(),
            roles=", ".join(account.groups.order_by("name").values_list("name", flat=True)),
            is_active=account.is_active,
            is_superuser=account.is_superuser,
        )


class SecondFactorAdmin(admin.ModelAdmin):
    """Of somebody who has lost the phone it is taken away, and they set up another. Its secret is shown to nobody."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = ("user", "type", "created_at", "last_used_at")
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        """Notes whose it was."""
        trail.record(
            "second-factor-taken-away",
            actor=cast(User, request.user),
            subject=f"User {obj.user_id}",
            at=timezone.now(),
            type=obj.type,
        )
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for authenticator in queryset:
            self.delete_model(request, authenticator)

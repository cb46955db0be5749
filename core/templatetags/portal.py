"""`{% load portal %}`: tags for pages with a form."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

from core.rendering import PortalBoundField

register = template.Library()


@register.simple_tag
def question(field: PortalBoundField, caption: str = "") -> SafeString:
    """The field as the one question of its page: its label or legend is the h1, `caption` a small line above it."""
    return field.render(context={"field": field, "heading": True, "caption": caption})


@register.inclusion_tag("core/forms/error_summary.html")
def error_summary(*given: forms.BaseForm) -> dict[str, Any]:
    """What has to be put right in these forms, each line leading to its field. Nothing where all is well."""
    lines: list[tuple[str, str]] = []
    for form in given:
        lines += [("", str(error)) for error in form.non_field_errors()]
        lines += [(getattr(field, "anchor", ""), str(error)) for field in form for error in field.errors]
    return {"lines": lines}

"""How a form becomes HTML: govuk-frontend's markup around plain Django forms.

`{{ field.as_field_group }}` renders one field; `{% question field %}` (core/templatetags/portal.py) renders it with its
label as the page's h1; `{{ form }}` renders all of them. A form says how its fields look through ordinary attributes of
the widget. Two of them are ours and are not written into the HTML as they are:

- `exclusive`: the value of the one checkbox that means "none of these"; it stands apart, and choosing it clears the rest
- `hints`: {value: text}, a line under single options

`class` is added to what the component has, e.g. "govuk-input--width-3" or "govuk-radios--inline". Forms are sent with
`novalidate`: the browser's own messages cannot be translated or styled, ours can.

Markup follows https://design-system.service.gov.uk/components/; ids of hints and errors are Django's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise

# The first that fits, so a subclass stands before its parent.
TEMPLATES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "core/forms/checkboxes.html"),
    (forms.RadioSelect, "core/forms/radios.html"),
    (forms.CheckboxInput, "core/forms/checkbox.html"),
    (forms.Widget, "core/forms/control.html"),
]
COMPONENTS: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Widget, "govuk-input"),
]
# Said once for the whole group, or used by us: not repeated on each radio or checkbox.
NOT_ON_OPTIONS = {"class", "exclusive", "hints", "aria-describedby", "aria-invalid"}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One radio or checkbox of a group; `attrs` are its HTML attributes, id and checked among them."""

    id: str
    name: str
    value: str
    label: Text
    hint: Text
    is_exclusive: bool
    attrs: dict[str, Any]


class PortalBoundField(forms.BoundField):
    """A field that knows which of our templates shows it, and offers them what they need."""

    @property
    def template_name(self) -> str:
        """The field's own template, else the one for its widget."""
        own: str | None = self.field.template_name  # type: ignore[attr-defined]  # the stubs lack it
        return own or _first_fitting(TEMPLATES, self.field.widget)

    @property
    def classes(self) -> str:
        """What the widget's `class` attribute asked for."""
        return str(self.field.widget.attrs.get("class", ""))

    @property
    def control(self) -> SafeString:
        """The one control of this field (input, textarea, select, file) as HTML."""
        component = _first_fitting(COMPONENTS, self.field.widget)
        classes = [component, f"{component}--error" if self.errors else "", self.classes]
        return self.as_widget(attrs={"class": " ".join(filter(None, classes))})

    @property
    def options(self) -> Iterator[Option]:
        """The radios or checkboxes of this field, in the order of its choices."""
        hints = self.field.widget.attrs.get("hints", {})
        exclusive = self.field.widget.attrs.get("exclusive")
        for subwidget in self.subwidgets:
            data = subwidget.data
            value = str(data["value"])
            hint = hints.get(value, "")
            attrs = {name: setting for name, setting in data["attrs"].items() if name not in NOT_ON_OPTIONS}
            if hint:
                attrs["aria-describedby"] = f"{attrs['id']}_hint"
            yield Option(
                id=attrs["id"],
                name=data["name"],
                value=value,
                label=data["label"],
                hint=hint,
                is_exclusive=exclusive is not None and value == str(exclusive),
                attrs=attrs,
            )

    @property
    def anchor(self) -> str:
        """The id that the error summary leads to: the control, or the first of a group."""
        if isinstance(self.field.widget, forms.RadioSelect) and self.subwidgets:
            return str(self.subwidgets[0].id_for_label)
        return self.id_for_label


class PortalRenderer(TemplatesSetting):
    """Django's `FORM_RENDERER`: every form of the site is rendered by our templates."""

    form_template_name = "core/forms/form.html"
    bound_field_class = PortalBoundField


def _first_fitting(table: list[tuple[type[forms.Widget], str]], widget: forms.Widget) -> str:
    return next(name for widget_class, name in table if isinstance(widget, widget_class))

"""Forms become HTML that a screen reader, a keyboard and a thumb can use."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template

VOID = {"input", "br", "img", "hr", "meta", "link"}


class Page(HTMLParser):
    """The elements of a piece of HTML, each (tag, attributes, text inside), refusing tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {[tag for tag, _ in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        text: list[str] = []
        self.elements.append((tag, dict(attrs), text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes nothing"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for _, text in self._open:
            text.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [a for t, a, _ in self.elements if t == tag and all(a.get(name) == v for name, v in wanted.items())]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} <{tag}> with {wanted}"
        return found[0]

    def text(self, tag: str) -> str:
        return " ".join("".join(next(text for t, _, text in self.elements if t == tag)).split())

    @property
    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs, _ in self.elements if "id" in attrs]


class Visit(forms.Form):
    adult = forms.ChoiceField(
        label="Are you 18 or older?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        error_messages={"required": "Say whether you are 18 or older"},
    )
    age = forms.IntegerField(
        label="How old are you?",
        help_text="In years",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"invalid": "Write your age as a number, such as 45"},
    )
    textures = forms.MultipleChoiceField(
        label="How does it feel to touch?",
        help_text="Choose all that fit",
        required=False,
        choices=[("RAISED", "Raised <b>"), ("FLUID", "Filled with fluid"), ("NONE", "None of these")],
        widget=forms.CheckboxSelectMultiple(
            attrs={"exclusive": "NONE", "hints": {"FLUID": "Spots with something in them"}}
        ),
    )
    note = forms.CharField(label="Anything else", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sun = forms.ChoiceField(label="In the sun", choices=[("", "Choose"), ("I", "Burns")], widget=forms.Select)
    photo = forms.FileField(
        label="Photo", widget=forms.FileInput(attrs={"accept": "image/*,.heic", "capture": "environment"})
    )
    agree = forms.BooleanField(label="I agree", help_text="You can withdraw at any time")
    campaign = forms.CharField(required=False, widget=forms.HiddenInput)


def field(name: str, data: dict[str, object] | None = None) -> Page:
    return Page(Visit(data)[name].as_field_group())


def test_every_control_has_a_label_that_names_it() -> None:
    for page in (field("age"), field("note"), field("sun"), field("photo"), field("agree")):
        (control,) = [a for t, a, _ in page.elements if t in {"input", "select", "textarea"}]
        page.one("label", **{"for": str(control["id"])})


@pytest.mark.parametrize(
    ("name", "tag", "css_class"),
    [
        ("age", "input", "govuk-input govuk-input--width-3"),
        ("note", "textarea", "govuk-textarea"),
        ("sun", "select", "govuk-select"),
        ("photo", "input", "govuk-file-upload"),
        ("agree", "input", "govuk-checkboxes__input"),
    ],
)
def test_a_control_looks_like_its_component(name: str, tag: str, css_class: str) -> None:
    assert field(name).one(tag)["class"] == css_class


def test_required_is_said_to_machines_and_optional_to_people() -> None:
    assert "required" in field("age").one("input")
    assert "required" not in field("note").one("textarea")
    assert all("required" in radio for radio in field("adult").all("input"))
    assert field("note").text("label") == "Anything else (optional)"
    assert field("age").text("label") == "How old are you?"


def test_hint_and_error_are_tied_to_the_control() -> None:
    page = field("age", {"age": "abc"})
    control = page.one("input")
    assert control["aria-describedby"] == "id_age_helptext id_age_error"
    assert control["aria-invalid"] == "true"
    assert control["value"] == "abc"
    assert {"id_age_helptext", "id_age_error"} <= set(page.ids)
    assert page.text("p") == "Error: Write your age as a number, such as 45"
    assert "govuk-input--error" in str(control["class"])


def test_a_group_of_options_is_a_fieldset_with_its_question_as_legend() -> None:
    page = field("adult", {})
    assert page.text("legend") == "Are you 18 or older?"
    assert page.one("fieldset")["aria-describedby"] == "id_adult_error"
    assert [radio["value"] for radio in page.all("input", type="radio")] == ["yes", "no"]
    page.one("div", **{"class": "govuk-radios govuk-radios--inline"})
    for radio in page.all("input"):
        page.one("label", **{"for": str(radio["id"])})
        assert radio["class"] == "govuk-radios__input"
        assert "aria-describedby" not in radio


def test_nothing_is_chosen_unless_it_was_chosen() -> None:
    assert [a for a in field("adult").all("input") if "checked" in a] == []
    chosen = [a["value"] for a in field("textures", {"textures": ["FLUID"]}).all("input") if "checked" in a]
    assert chosen == ["FLUID"]


def test_only_none_of_these_is_exclusive_and_stands_apart() -> None:
    page = field("textures")
    assert [a["value"] for a in page.all("input") if "data-exclusive" in a] == ["NONE"]
    page.one("div", **{"class": "govuk-checkboxes__divider"})
    assert page.one("fieldset")["aria-describedby"] == "id_textures_helptext"


def test_an_option_can_have_a_hint_and_presentation_stays_out_of_the_html() -> None:
    page = field("textures")
    assert page.one("input", value="FLUID")["aria-describedby"] == "id_textures_1_hint"
    assert "id_textures_1_hint" in page.ids
    assert "hints" not in str(page.elements) and "'exclusive'" not in str(page.elements)


def test_labels_are_escaped() -> None:
    assert "Raised &lt;b&gt;" in Visit()["textures"].as_field_group()


def test_a_photo_is_asked_of_the_camera() -> None:
    control = field("photo").one("input")
    assert (control["accept"], control["capture"]) == ("image/*,.heic", "environment")


def test_question_makes_the_label_the_heading_of_the_page() -> None:
    template = Template("{% load portal %}{% question form.age caption='Question 2 of 9' %}{% question form.adult %}")
    page = Page(template.render(Context({"form": Visit()})))
    assert page.text("h1") == "Question 2 of 9 How old are you?"
    assert len(page.all("h1")) == 2
    assert page.text("legend") == "Are you 18 or older?"


def test_a_whole_form_shows_every_field_once_and_no_id_twice() -> None:
    page = Page(str(Visit({})))
    names = {a["name"] for t, a, _ in page.elements if t in {"input", "select", "textarea"}}
    assert names == set(Visit.base_fields)
    assert len(page.ids) == len(set(page.ids))


def test_the_error_summary_leads_to_each_field() -> None:
    form = Visit({"age": "abc"})
    form.add_error(None, "These two do not fit together")
    template = Template("{% load portal %}{% error_summary form %}{{ form }}")
    page = Page(template.render(Context({"form": form})))
    targets = [str(a["href"]).removeprefix("#") for a in page.all("a")]
    assert targets == ["id_adult_0", "id_age", "id_sun", "id_photo", "id_agree"]
    assert set(targets) <= set(page.ids)
    assert "These two do not fit together" in page.text("ul")
    page.one("div", role="alert")


def test_there_is_no_error_summary_where_all_is_well() -> None:
    assert Template("{% load portal %}{% error_summary form %}").render(Context({"form": Visit()})).strip() == ""


def test_no_markup_of_ours_carries_a_style_or_a_script() -> None:
    html = str(Visit({}))
    assert "style=" not in html and "<script" not in html and " on" + "click" not in html

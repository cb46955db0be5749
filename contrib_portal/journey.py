"""The way through the study as data: which page follows which."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contrib_portal import forms
from contrib_portal.models import Contribution, Image, SelfReport
from core.vocabulary import OtherSymptom, ShotType


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A page that asks for one photo. `picture` is our drawing of how to take it, a static file."""

    shot_type: ShotType
    path: str
    title: str | Promise
    how: Sequence[str | Promise]
    picture: str
    picture_says: str | Promise
    is_required: bool = False

    @property
    def name(self) -> str:
        """Of its URL."""
        return self.path.replace("/", "-")

    @property
    def preview_name(self) -> str:
        """Of the URL of its thumbnail."""
        return f"{self.name}-preview"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A page that asks one question. `why` is said where the question is about the person."""

    path: str
    form: type[forms.QuestionForm]
    short: str | Promise
    why: str | Promise = ""

    @property
    def name(self) -> str:
        """Of its URL."""
        return self.path

    @property
    def column(self) -> str:
        """Of the answer in the self-report, which is also the name of the form's field."""
        return next(iter(self.form.base_fields))


Step = Shot | Question

SHOTS = (
    Shot(
        shot_type=ShotType.CLOSE_UP,
        path="photo/close-up",
        title=_("A photo from close up"),
        how=[
            _("Hold the phone about a hand's length away, so that the skin problem fills half of the picture."),
            _("Use daylight or a bright lamp, and no flash."),
            _(
                "Leave out your face if you can, and tattoos, names, jewellery and anything else that tells who you are."
            ),
        ],
        picture="core/shots/close_up.svg",
        picture_says=_("A phone held a hand's length above the skin; the problem fills half of its screen."),
        is_required=True,
    ),
    Shot(
        shot_type=ShotType.AT_AN_ANGLE,
        path="photo/angle",
        title=_("A photo from the side"),
        how=[
            _("Stay as close as before, and tilt the phone so that you look at it from the side."),
            _("This shows how far it stands out."),
        ],
        picture="core/shots/at_an_angle.svg",
        picture_says=_("A phone tilted to one side, looking across the skin."),
    ),
    Shot(
        shot_type=ShotType.AT_DISTANCE,
        path="photo/distance",
        title=_("A photo from further away"),
        how=[
            _("Step back to about an arm's length, so that the picture shows where on the body it is."),
            _("Keep your face, other people and the room behind you out of it."),
        ],
        picture="core/shots/at_distance.svg",
        picture_says=_("A phone at arm's length; its screen shows the whole part of the body."),
    ),
)

WHY_SKIN = _("Skin problems can look different on different people. Studies have often left many of them out.")

QUESTIONS = (
    Question(path="where", form=forms.BodyPartsForm, short=_("Where it is")),
    Question(path="looks-like", form=forms.RelatedCategoryForm, short=_("What you would call it")),
    Question(path="texture", form=forms.TexturesForm, short=_("Its surface")),
    Question(path="feels", form=forms.ConditionSymptomsForm, short=_("What you notice")),
    Question(path="unwell", form=forms.OtherSymptomsForm, short=_("Feeling unwell")),
    Question(path="how-long", form=forms.ConditionDurationForm, short=_("For how long")),
    Question(
        path="age",
        form=forms.AgeForm,
        short=_("Age"),
        why=_("Many skin problems are common at one age and rare at another."),
    ),
    Question(
        path="sex",
        form=forms.SexAtBirthForm,
        short=_("Sex at birth"),
        why=_("Some skin problems depend on hormones. It also shows whether the study speaks for everybody."),
    ),
    Question(path="sun", form=forms.FitzpatrickSkinTypeForm, short=_("Skin in the sun"), why=WHY_SKIN),
    Question(path="ethnicity", form=forms.RaceEthnicityForm, short=_("Race or ethnicity"), why=WHY_SKIN),
)

STEPS: tuple[Step, ...] = (*SHOTS, *QUESTIONS)

# One of these together with a skin problem can be urgent: a page says so before the next question.
SEE_A_DOCTOR = frozenset({OtherSymptom.FEVER, OtherSymptom.MOUTH_SORES, OtherSymptom.SHORTNESS_OF_BREATH})


def url(name: str) -> str:
    """The address of one of our pages."""
    return reverse(f"contrib_portal:{name}")


def after(step: Step) -> str:
    """The address of the page that follows `step`."""
    position = STEPS.index(step) + 1
    return url(STEPS[position].name) if position < len(STEPS) else url("check")


def before(step: Step) -> str:
    """The address of the page that comes before `step`."""
    position = STEPS.index(step)
    return url(STEPS[position - 1].name) if position else url("consent-agree")


def needs_a_doctor(column: str, value: object) -> bool:
    """Whether the answer to a question calls for the page that says to see a doctor."""
    return column == "other_symptoms" and isinstance(value, list) and not SEE_A_DOCTOR.isdisjoint(value)


def first_open(contribution: Contribution) -> str:
    """The address where somebody who comes back goes on: the first photo or question that was not dealt with."""
    taken = set(contribution.images.filter(status=Image.Status.RECEIVED).values_list("shot_type", flat=True))
    report = SelfReport.objects.get(contribution=contribution)
    if ShotType.CLOSE_UP not in taken:
        return url(SHOTS[0].name)
    for question in QUESTIONS:
        if not is_dealt_with(report, question.column):
            return url(question.name)
    return url("check")


def is_dealt_with(report: SelfReport, column: str) -> bool:
    """Whether the question was answered, skipped or sent back empty."""
    return bool(getattr(report, column)) or column in report.skipped or column in report.left_empty

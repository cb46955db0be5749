"""From the rooms below to the typed rows of a release: what stands in privacy and labeling, as `releases.rows` has it."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Prefetch

from core import questions
from core.vocabulary import (
    AgeGroup,
    BodyPart,
    ConditionDuration,
    ConditionSymptom,
    FitzpatrickSkinType,
    MonkSkinTone,
    OtherSymptom,
    RaceEthnicity,
    RelatedCategory,
    ReleasedSex,
    SexAtBirth,
    ShotType,
    SkinTonePool,
    Texture,
)
from labeling.differential import weigh
from labeling.queries import CaseLabels, DermatologistLabel, labels_for_release
from privacy.models import Case, CaseImage
from privacy.queries import admitted_cases
from releases.models import Release
from releases.rows import (
    CaseRow,
    DermatologistReading,
    Edition,
    LabelRow,
    ReleasedImage,
    SkinToneReading,
)
from releases.schema import QuestionText


def cases_of(release: Release) -> list[Case]:
    """The cases of a release that are not withdrawn, in the order of the tables; `images` holds their clean images."""
    clean = CaseImage.objects.filter(status=CaseImage.Status.CLEAN).order_by("pk")
    found = admitted_cases().filter(release_items__release=release).prefetch_related(Prefetch("images", clean))
    return sorted(found, key=lambda case: str(case.pk))


def case_rows(cases: Sequence[Case], *, version: str) -> list[CaseRow]:
    """What was told about each case, before disclosure control. Raises ValueError for what the table cannot hold."""
    edition = Edition(source=settings.STUDY["source"], release=version, year=settings.STUDY["year"])
    return [_case_row(case, edition) for case in cases]


def label_rows(cases: Sequence[Case]) -> list[LabelRow]:
    """What was said of each case. Raises ValueError for what the table cannot hold, such as a fourth reading."""
    labels = labels_for_release([case.pk for case in cases])
    return [_label_row(labels[case.pk]) for case in cases]


def texts(room: str) -> Mapping[str, QuestionText]:
    """What the "app" or "label" room asks."""
    return {
        name: QuestionText(text=question.text, help_text=question.help_text, options=question.options)
        for name, question in questions.asked(room).items()
    }


def released_image(image: CaseImage) -> ReleasedImage:
    """The image as the tables name it."""
    return ReleasedImage(image.pk, ShotType(image.shot_type))


def _case_row(case: Case, edition: Edition) -> CaseRow:
    return CaseRow(
        case_id=case.pk,
        edition=edition,
        age_group=AgeGroup(case.age_group),
        sex_at_birth=ReleasedSex.of(SexAtBirth(case.sex_at_birth) if case.sex_at_birth else None),
        fitzpatrick_skin_type=FitzpatrickSkinType(case.fitzpatrick_skin_type) if case.fitzpatrick_skin_type else None,
        related_category=RelatedCategory(case.related_category) if case.related_category else None,
        condition_duration=ConditionDuration(case.condition_duration) if case.condition_duration else None,
        images=tuple(map(released_image, case.images.all())),
        race_ethnicity=frozenset(map(RaceEthnicity, case.race_ethnicity)),
        textures=frozenset(map(Texture, case.textures)),
        body_parts=frozenset(map(BodyPart, case.body_parts)),
        condition_symptoms=frozenset(map(ConditionSymptom, case.condition_symptoms)),
        other_symptoms=frozenset(map(OtherSymptom, case.other_symptoms)),
    )


def _label_row(labels: CaseLabels) -> LabelRow:
    by_slot = {label.slot: label for label in labels.labels}
    return LabelRow(
        case_id=labels.case_id,
        readings=tuple(
            _reading(by_slot[slot]) if slot in by_slot else None for slot in range(1, max(by_slot, default=0) + 1)
        ),
        weighted_skin_condition_label=weigh([label.conditions for label in labels.labels]),
        # SCIN's table has columns for two pools; what others say stays in the database.
        skin_tones={
            pool: SkinToneReading(gradable=tone.gradable, monk_skin_tone=MonkSkinTone(tone.monk) if tone.monk else None)
            for pool in SkinTonePool
            if (tone := labels.skin_tones.get(pool))
        },
    )


def _reading(label: DermatologistLabel) -> DermatologistReading:
    return DermatologistReading(
        gradable_for_skin_condition=label.gradable,
        conditions=label.conditions,
        gradable_for_fitzpatrick_skin_type=label.gradable_for_fitzpatrick_skin_type,
        fitzpatrick_skin_type=label.estimated_fitzpatrick_skin_type,
    )

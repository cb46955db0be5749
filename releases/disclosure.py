"""What a release tells of each field of each model that can be reached from a Case: the list that fails closed.

`DECISIONS` holds a decision for every field of our own models; a test walks the models and fails on a field without one,
so a new column is withheld until somebody decides otherwise here. `SOURCES` says of which fields each released column
and file is made; a test fails where one is made of a withheld field, or where a released field is in no column or file.

Models of packages (groups, second factors, the administration's log) are reached through `core.User` alone, of which
nothing is released. The pixels of an image are not a field: `privacy` releases them by admitting the case.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from core.vocabulary import SkinTonePool
from releases.rows import IMAGES_PER_CASE, TICKED
from releases.schema import CHECKSUMS_FILE, README_FILE, REPORT_FILE, SLOTS, WITHDRAWN_FILE


class Decision(StrEnum):
    """What happens to a field."""

    PUBLISH = "released as it is"
    MITIGATE = "released after disclosure control (see releases.mitigation)"
    WITHHOLD = "in no file of a release"


PUBLISH, MITIGATE, WITHHOLD = Decision

_BY_MODEL: Final[Mapping[str, Mapping[Decision, str]]] = {
    "contrib_portal.Consent": {WITHHOLD: "id contribution document document_sha256 given_at"},
    "contrib_portal.ConsentDocument": {
        WITHHOLD: "id version language title body sha256 is_material_change status effective_at"
    },
    "contrib_portal.Contribution": {
        WITHHOLD: "id reference receipt_digest language campaign status created_at touched_at submitted_at"
    },
    "contrib_portal.Image": {
        WITHHOLD: "id contribution shot_type upload_id key preview_key sha256 size source_format advice status created_at"
    },
    # The answers are released as the Case has them; which question was skipped is for a table of its own.
    "contrib_portal.SelfReport": {
        WITHHOLD: "id contribution age sex_at_birth fitzpatrick_skin_type race_ethnicity textures body_parts"
        " condition_symptoms other_symptoms related_category condition_duration skipped left_empty"
    },
    "contrib_portal.Withdrawal": {WITHHOLD: "id due_at leased_until attempts contribution withdrawn_at erased_at"},
    "core.User": {
        WITHHOLD: "id password last_login is_superuser username first_name last_name is_staff is_active date_joined email"
        " groups user_permissions"
    },
    "core.User_groups": {WITHHOLD: "id user group"},
    "core.User_user_permissions": {WITHHOLD: "id user permission"},
    "labeling.Assignment": {
        PUBLISH: "task slot",
        WITHHOLD: "id labeler token status held_at leased_until ended_at",
    },
    "labeling.Condition": {PUBLISH: "name", WITHHOLD: "id slug synonyms category icd10cm risk"},
    # SCIN asked whether the condition of interest is clear and did not release it.
    "labeling.Label": {
        PUBLISH: "assignment gradable gradable_for_fitzpatrick_skin_type estimated_fitzpatrick_skin_type",
        WITHHOLD: "id condition_of_interest_is_clear submitted_at superseded_at",
    },
    "labeling.LabelTask": {PUBLISH: "case", WITHHOLD: "id wanted opened_at completed_at"},
    # What was typed may hold anything; the name it was mapped to is released.
    "labeling.LabeledCondition": {PUBLISH: "label position condition confidence", WITHHOLD: "id raw_term"},
    "labeling.SkinToneAssignment": {WITHHOLD: "id case pool grader token status held_at leased_until"},
    "labeling.SkinToneEstimate": {
        PUBLISH: "case pool gradable monk",
        WITHHOLD: "id grader difficult estimated_at",
    },
    "labeling.SkinTonePoolMember": {WITHHOLD: "id grader pool"},
    "privacy.Case": {
        PUBLISH: "case_id fitzpatrick_skin_type textures body_parts condition_symptoms other_symptoms related_category"
        " condition_duration",
        MITIGATE: "age_group sex_at_birth race_ethnicity",
        WITHHOLD: "contribution status opened_at decided_at decided_by rejection_reason",
    },
    "privacy.CaseImage": {
        PUBLISH: "image_id case shot_type sha256",
        WITHHOLD: "due_at leased_until attempts source status problem key pixel_sha256 size width height sharpness exposure"
        " source_format truncated metadata_found",
    },
    "privacy.PrivacyCheck": {WITHHOLD: "id image kind outcome evidence by_person by_model at"},
    "releases.Release": {
        PUBLISH: "version k profile report",
        WITHHOLD: "id due_at leased_until attempts status created_at frozen_at built_at verified_at approved_at published_at"
        " built_by approved_by manifest_sha256 problem",
    },
    # Mitigations name people who are rare. The case ids of earlier releases are told once their case is withdrawn.
    "releases.ReleaseItem": {PUBLISH: "release case", WITHHOLD: "id row_sha256 mitigations copied_at"},
}


def _flat(by_model: Mapping[str, Mapping[Decision, str]]) -> dict[str, Decision]:
    pairs = [
        (f"{model}.{field}", decision)
        for model, decided in by_model.items()
        for decision, fields in decided.items()
        for field in fields.split()
    ]
    if len(decisions := dict(pairs)) != len(pairs):
        raise ValueError("a field is decided twice")
    return decisions


DECISIONS: Final[Mapping[str, Decision]] = _flat(_BY_MODEL)
"""{"app.Model.field": Decision}."""

_READING: Final = ("labeling.LabelTask.case", "labeling.Assignment.task", "labeling.Assignment.slot")
_LABEL: Final = (*_READING, "labeling.Label.assignment")
_ENTRY: Final = (*_LABEL, "labeling.LabeledCondition.label", "labeling.LabeledCondition.position")
_NAMED: Final = (*_ENTRY, "labeling.LabeledCondition.condition", "labeling.Condition.name")
_CONFIDENCE: Final = "labeling.LabeledCondition.confidence"
_TONE: Final = ("labeling.SkinToneEstimate.case", "labeling.SkinToneEstimate.pool")
_IMAGE: Final = ("privacy.CaseImage.case", "privacy.CaseImage.image_id")  # the id also orders the images of a case
_SKIN_TYPE: Final = "fitzpatrick_skin_type"

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "case_id": ("privacy.Case.case_id",),
    "source": (),  # the study's own name and year: settings, the same in every row
    "release": ("releases.Release.version",),
    "year": (),
    "age_group": ("privacy.Case.age_group",),
    "sex_at_birth": ("privacy.Case.sex_at_birth",),
    _SKIN_TYPE: ("privacy.Case.fitzpatrick_skin_type",),
    **{f"{question}_{code}": (f"privacy.Case.{question}",) for question, codes in TICKED.items() for code in codes},
    "related_category": ("privacy.Case.related_category",),
    "condition_duration": ("privacy.Case.condition_duration",),
    **{f"image_{n + 1}_path": _IMAGE for n in range(IMAGES_PER_CASE)},
    **{f"image_{n + 1}_shot_type": (*_IMAGE, "privacy.CaseImage.shot_type") for n in range(IMAGES_PER_CASE)},
    "combined_race": ("privacy.Case.race_ethnicity",),
    "race_ethnicity_two_or_more_after_mitigation": ("privacy.Case.race_ethnicity",),
    **{f"dermatologist_gradable_for_skin_condition_{n}": (*_LABEL, "labeling.Label.gradable") for n in SLOTS},
    "dermatologist_skin_condition_on_label_name": _NAMED,
    "dermatologist_skin_condition_confidence": (*_ENTRY, _CONFIDENCE),
    "weighted_skin_condition_label": (*_NAMED, _CONFIDENCE),
    **{
        f"dermatologist_gradable_for_{_SKIN_TYPE}_{n}": (*_LABEL, f"labeling.Label.gradable_for_{_SKIN_TYPE}")
        for n in SLOTS
    },
    **{f"dermatologist_{_SKIN_TYPE}_label_{n}": (*_LABEL, f"labeling.Label.estimated_{_SKIN_TYPE}") for n in SLOTS},
    **{f"gradable_for_monk_skin_tone_{p}": (*_TONE, "labeling.SkinToneEstimate.gradable") for p in SkinTonePool},
    **{f"monk_skin_tone_label_{p}": (*_TONE, "labeling.SkinToneEstimate.monk") for p in SkinTonePool},
    CHECKSUMS_FILE: ("privacy.CaseImage.image_id", "privacy.CaseImage.sha256"),
    README_FILE: ("releases.Release.version", "releases.Release.k"),
    REPORT_FILE: ("releases.Release.report", "releases.Release.profile", "releases.Release.k"),
    WITHDRAWN_FILE: ("releases.ReleaseItem.release", "releases.ReleaseItem.case", "privacy.Case.case_id"),
}
"""Column of the two tables, or file → the fields it is made of. Files without an entry tell nothing of the database."""

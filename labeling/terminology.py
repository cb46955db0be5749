"""The terminology that dermatologists choose from, as it stands in `data/conditions.csv`.

Names are spelled as SCIN spells them, where SCIN uses them, so that tables of both studies can be laid side by side; the
other names, and all synonyms, categories, codes and risks are this project's. Two kinds of entry stand deliberately
outside: SCIN's "Remove from labeling tool", an artefact of its tool that names nothing, and "healthy" skin, which is an
answer to the question of gradability.

`synonyms` are what a dermatologist may type instead: other spellings, abbreviations, and narrower terms that SCIN
counts under the name ("atopic dermatitis" under "Eczema"). An abbreviation that means several conditions ("PG") is left
out: a name or synonym leads to exactly one term.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class Category(StrEnum):
    """What kind of condition it is. One each: the mechanism where it is known, else the place or the look."""

    ACNEIFORM = "acneiform"
    """Acne, rosacea and other disorders of the follicle."""
    AUTOIMMUNE = "autoimmune"
    """Connective tissue disease and other autoimmunity, without blisters."""
    BACTERIAL = "bacterial"
    BENIGN = "benign"
    """Benign growths, cysts and nevi."""
    BLISTERING = "blistering"
    DRUG = "drug"
    ECZEMATOUS = "eczematous"
    FUNGAL = "fungal"
    GENETIC = "genetic"
    GRANULOMATOUS = "granulomatous"
    HAIR = "hair"
    INFLAMMATORY = "inflammatory"
    """Inflammation of another kind, such as neutrophilic or eosinophilic."""
    MALIGNANT = "malignant"
    """Cancers, and lymphoproliferations that are followed like one."""
    METABOLIC = "metabolic"
    """Deposits, deficiencies, and signs of hormonal or internal disease."""
    MUCOSAL = "mucosal"
    NAIL = "nail"
    NEUROCUTANEOUS = "neurocutaneous"
    """Disorders of nerves, and lesions that are self-inflicted."""
    OTHER = "other"
    PAPULOSQUAMOUS = "papulosquamous"
    PARASITIC = "parasitic"
    """Infestations, bites and stings."""
    PHYSICAL = "physical"
    """Injury, pressure, heat, cold and light, and what they leave."""
    PIGMENTARY = "pigmentary"
    PRECANCEROUS = "precancerous"
    REACTIVE = "reactive"
    """Urticaria and the erythemas."""
    SWEAT = "sweat"
    VASCULAR = "vascular"
    """Vessels, bleeding into the skin, vasculitis and ulcers of the leg."""
    VIRAL = "viral"


class Risk(StrEnum):
    """What may happen if the condition is missed."""

    LOW = "low"
    """Harmless, cosmetic, or passing by itself."""
    MEDIUM = "medium"
    """Needs treatment or follow-up, without haste."""
    HIGH = "high"
    """A delay can cost life, limb, sight or another function; every cancer that can spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition. `icd10cm` is "" unless certain.

    It is the ICD-10-CM code of the name itself (not of its synonyms) when nothing more is known: the "unspecified" code
    where the classification has one, otherwise the narrowest heading that covers the name.
    """

    name: str
    slug: str
    synonyms: tuple[str, ...]
    category: Category
    icd10cm: str
    risk: Risk


def load() -> tuple[Term, ...]:
    """Every term, sorted by name without regard to case.

    Raises ValueError where a category or a risk is not one of those above.
    """
    lines = (files("labeling") / "data" / "conditions.csv").read_text("utf-8").splitlines()
    return tuple(
        Term(
            name=row["name"],
            slug=row["slug"],
            synonyms=tuple(row["synonyms"].split("|")) if row["synonyms"] else (),
            category=Category(row["category"]),
            icd10cm=row["icd10cm"],
            risk=Risk(row["risk"]),
        )
        for row in csv.DictReader(lines)
    )

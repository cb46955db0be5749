"""The list of conditions, from the file into the database."""

from labeling import terminology
from labeling.models import Condition


def load_conditions(model: type[Condition] = Condition) -> int:
    """Write every term of labeling/data into `model` (a migration passes the historical one); how many.

    What is there under the same slug is brought up to date; nothing is deleted, since labels point at it.
    """
    rows = [
        model(
            slug=term.slug,
            name=term.name,
            synonyms=list(term.synonyms),
            category=term.category,
            icd10cm=term.icd10cm,
            risk=term.risk,
        )
        for term in terminology.load()
    ]
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "synonyms", "category", "icd10cm", "risk"],
    )
    return len(rows)

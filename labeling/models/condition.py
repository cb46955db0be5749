"""The terminology that dermatologists choose from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.constraints import keeps_to_its_choices


@keeps_to_its_choices
class Condition(models.Model):
    """A skin condition. `name` is written as SCIN writes it, where SCIN does; see labeling/data/conditions.csv."""

    class Risk(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120, unique=True)
    synonyms = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    category = models.CharField(max_length=40)
    icd10cm = models.CharField(max_length=10, blank=True, help_text="ICD-10-CM, where it is certain.")
    risk = models.CharField(max_length=10, choices=Risk)

    def __str__(self) -> str:
        return self.name

"""The database knows the vocabulary: a column with choices holds one of them, whoever writes it."""

from typing import TypeVar

from django.db import models
from django.db.models import Q

Model = TypeVar("Model", bound=models.Model)


def keeps_to_its_choices(model: type[Model]) -> type[Model]:
    """Class decorator of a concrete model: each of its fields with `choices` gets a CHECK of its own.

    A field that may be blank may also be "". The constraints are named `<model>_<field>_is_in_the_vocabulary`, end up in
    `Meta.constraints`, and migrate like any other. A decorator, because the body of a `Meta` does not see the enumerations
    beside it: each would have to be written out a second time.
    """
    checks = [
        models.CheckConstraint(
            name=f"{model._meta.model_name}_{field.name}_is_in_the_vocabulary",
            condition=Q(
                **{f"{field.name}__in": [*([""] if field.blank else []), *(code for code, _ in field.flatchoices)]}
            ),
        )
        for field in model._meta.local_fields
        if field.choices
    ]
    model._meta.constraints = [*model._meta.constraints, *checks]
    # What the migrations look into; a model that wrote no constraints in its Meta has no such entry.
    model._meta.original_attrs["constraints"] = model._meta.constraints
    return model

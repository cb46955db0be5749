"""What every room stands on: the people who work here, and the counters of the rate limits."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A member of staff. Contributors have no account."""

    email = models.EmailField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="core_user_has_an_email",
                condition=~models.Q(email=""),
                violation_error_message="Everybody who works here signs in with an e-mail address.",
            )
        ]


class RateWindow(models.Model):
    """How often one identity (as a digest) did one thing in one window of time."""

    scope = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="core_one_row_per_window", fields=["scope", "digest", "opened_at"]),
        ]

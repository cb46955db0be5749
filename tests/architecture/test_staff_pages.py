"""No page of staff is open by oversight."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver

from config.urls import urlpatterns
from core.roles import Role

# Packages with their own guards: allauth's pages are one's own account, the admin site asks for is_staff itself.
GUARDED_OTHERWISE = ("staff/account/", "staff/admin/")


def patterns(found: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in found:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, address)
        else:
            yield address, entry


STAFF = [
    (address, entry)
    for address, entry in patterns(urlpatterns)
    if address.startswith("staff/") and not address.startswith(GUARDED_OTHERWISE)
]


def test_the_pages_of_staff_are_found() -> None:
    names = {entry.name for _, entry in STAFF}

    assert {"staff", "queue", "review", "image", "trail"} <= names


@pytest.mark.parametrize(("address", "entry"), STAFF, ids=[address for address, _ in STAFF])
def test_every_page_of_staff_names_the_roles_it_is_for(address: str, entry: URLPattern) -> None:
    roles = getattr(entry.callback, "roles", ())

    assert roles
    assert set(roles) <= set(Role)

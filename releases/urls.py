"""Addresses of releases."""

from django.urls import path, re_path

from releases import views

VERSION = r"(?P<version>[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5})"

app_name = "releases"
urlpatterns = [
    path("", views.list_releases, name="list"),
    path("new", views.draft, name="draft"),
    re_path(rf"^{VERSION}$", views.detail, name="detail"),
    re_path(rf"^{VERSION}/act$", views.act, name="act"),
]

"""Addresses of contrib_portal."""

from django.urls import URLPattern

app_name = "contrib_portal"
urlpatterns: list[URLPattern] = []

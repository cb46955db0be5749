"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from core import views

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("staff/", views.staff_home, name="staff"),
    path("staff/account/", include("allauth.urls")),
    path("staff/audit/", include("audit.urls")),
    path("staff/moderation/", include("privacy.urls")),
    path("staff/label/", include("labeling.urls")),
    path("staff/releases/", include("releases.urls")),
    path("staff/admin/", admin.site.urls),
    path("", include("contrib_portal.urls")),
]

handler400 = "core.views.bad_request"

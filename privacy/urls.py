"""Addresses of privacy. Ids are signed: SCIN's are."""

from django.urls import path, re_path

from privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.queue, name="queue"),
    re_path(r"^case/(?P<case_id>-?[0-9]{1,19})$", views.review, name="review"),
    re_path(r"^image/(?P<image_id>-?[0-9]{1,19})\.png$", views.image, name="image"),
]

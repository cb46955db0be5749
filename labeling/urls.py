"""Addresses of labeling."""

from django.urls import path, re_path

from labeling.views import cases, label, skin_tone

app_name = "labeling"
urlpatterns = [
    path("", label.next_case, name="next"),
    path("skin-tone/", skin_tone.next_case, name="next-skin-tone"),
    path("<uuid:token>/renew", label.renew, name="renew"),
    path("<uuid:token>/give-back", label.give_back, name="give-back"),
    path("skin-tone/<uuid:token>/renew", skin_tone.renew, name="renew-skin-tone"),
    re_path(r"^images/(?P<image_id>-?\d{1,19})\.png$", cases.image, name="image"),
]

"""What a contributor's phone has to fetch: the budget of the first view and of later pages, and from whom."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).parents[2]
FIRST_VIEW_BYTES = 45 * 1024
LATER_PAGE_BYTES = 12 * 1024
FIRST_VIEW_REQUESTS = 5
OUR_STATIC = ROOT / "core/static/core"
TEMPLATES = sorted(path for path in ROOT.glob("*/templates/**/*.html"))


@pytest.fixture
def page() -> str:
    template = engines["django"].from_string("{% extends 'core/base.html' %}{% block content %}A page{% endblock %}")
    return template.render({"study": settings.STUDY})


def _static_files(page: str) -> list[Path]:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    found = [finders.find(address.removeprefix(settings.STATIC_URL)) for address in addresses]
    assert all(found), f"not every one of {addresses} exists"
    return [Path(str(path)) for path in found]


def _compressed(data: bytes) -> int:
    return len(gzip.compress(data, compresslevel=9, mtime=0))


def test_the_first_view_fits_its_budget(page: str) -> None:
    files = _static_files(page)
    assert len(files) + 1 <= FIRST_VIEW_REQUESTS
    size = _compressed(page.encode()) + sum(_compressed(path.read_bytes()) for path in files)
    assert size + 12 * 1024 <= FIRST_VIEW_BYTES, f"{size} bytes leave less than 12 KB for the page's own text"


def test_a_guidance_picture_leaves_most_of_a_later_page_to_the_page() -> None:
    pictures = list((OUR_STATIC / "shots").glob("*.svg"))
    assert {path.stem for path in pictures} == {"close_up", "at_an_angle", "at_distance"}
    assert max(_compressed(path.read_bytes()) for path in pictures) <= LATER_PAGE_BYTES / 4


def test_our_static_files_name_no_other_host() -> None:
    for path in OUR_STATIC.rglob("*"):
        if path.suffix in {".css", ".js", ".svg"}:
            text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
            assert not re.search(r"https?://|(?:src|href|url\()=?[\"']?//", text), path


def test_no_stylesheet_brings_a_font() -> None:
    for path in (ROOT / "core/static").rglob("*.css"):
        assert "@font-face" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_script_style_or_handler_and_loads_from_nowhere_else(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", html, re.IGNORECASE)
    assert not re.search(r"(?:src|srcset|data)\s*=\s*[\"'](?:https?:)?//", html, re.IGNORECASE)
    assert not re.search(r"<link\b[^>]*href\s*=\s*[\"'](?:https?:)?//", html, re.IGNORECASE)
    for script in re.findall(r"<script\b[^>]*>", html, re.IGNORECASE):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing_from_the_request(name: str) -> None:
    html = render_to_string(name)
    assert html.count("<h1") == 1
    assert '<main class="portal-main" id="main-content">' in html


def test_the_sign_in_page_wears_our_layout_and_offers_no_sign_up(client: Client) -> None:
    response = client.get(reverse("account_login"))
    html = response.content.decode()
    assert 'class="govuk-input"' in html
    assert "core/portal.css" in html
    assert "signup" not in html
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=", html)
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]

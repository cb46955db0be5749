"""Consent texts as pages and as files."""

from dataclasses import dataclass

from django.http import HttpResponse

from contrib_portal.models import ConsentDocument

SENTENCE_ENDS = (".", ":", "?", "!", ")")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a text; a heading is one that does not end like a sentence."""

    text: str
    is_heading: bool


def paragraphs(body: str) -> list[Paragraph]:
    """The text, split at blank lines."""
    return [Paragraph(text, not text.endswith(SENTENCE_ENDS)) for text in body.strip().split("\n\n")]


def as_file(document: ConsentDocument) -> HttpResponse:
    """The text byte for byte, so that its SHA-256 can be checked."""
    response = HttpResponse(document.body.encode(), content_type="text/plain; charset=utf-8")
    name = f"consent-{document.version}-{document.language}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

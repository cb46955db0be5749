"""What a receipt code opens."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from audit import trail
from audit.models import Erasure
from contrib_portal import receipts
from contrib_portal.models import Contribution
from contrib_portal.views import receipt
from tests.factories import contributions

from .test_journey import words

CODE = receipts.new_code()
OTHER_CODE = receipts.new_code()


@pytest.fixture
def sent(db: None, moment: datetime, only_this_room: None) -> Contribution:
    return contributions.sent(at=moment, code=CODE)


def opened(client: Client) -> Client:
    assert client.post("/receipt", {"code": CODE}).url == "/receipt"
    return client


def test_a_code_opens_status_and_the_exact_text_agreed_to(client: Client, sent: Contribution) -> None:
    page = opened(client).get("/receipt")
    consent = sent.consents.get()
    text = words(page)
    assert "You sent it to us" in text
    assert consent.document_sha256 in text
    assert all(paragraph in page.context["consent"].document.body for paragraph in consent.document.body.split("\n\n"))
    assert client.get("/receipt/consent.txt").content.decode() == consent.document.body


def test_a_code_may_be_typed_carelessly(client: Client, sent: Contribution) -> None:
    typed = CODE.lower().replace("-", " ").replace("0", "o").replace("1", "i")
    assert client.post("/receipt", {"code": typed}).url == "/receipt"


def test_a_slip_is_told_apart_from_a_code_that_we_do_not_have(client: Client, sent: Contribution) -> None:
    slip = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    response = client.post("/receipt", {"code": slip})
    assert response.status_code == 422
    assert "There is a slip in this code" in words(response)
    response = client.post("/receipt", {"code": OTHER_CODE})
    assert response.status_code == 422
    assert "no contribution under this code" in words(response)
    assert client.post("/receipt", {"code": ""}).status_code == 422


def test_one_code_too_many_in_ten_minutes_is_not_looked_up(client: Client, sent: Contribution) -> None:
    for _ in range(receipt.LOOKUPS):
        assert client.post("/receipt", {"code": OTHER_CODE}).status_code == 422
    response = client.post("/receipt", {"code": CODE})
    assert response.status_code == 429
    assert re.search(r"Come back in \d+ minutes?\.", words(response))
    assert 0 < int(response["Retry-After"]) <= 600


def test_a_code_of_a_draft_opens_nothing(client: Client, db: None, moment: datetime) -> None:
    contributions.draft(at=moment, code=CODE)
    assert client.post("/receipt", {"code": CODE}).status_code == 422


def test_an_opened_receipt_closes_after_fifteen_minutes_or_by_its_button(
    client: Client, sent: Contribution, moment: datetime
) -> None:
    opened(client)
    assert "How far it has come" in words(client.get("/receipt"))
    client.post("/receipt", {"close": "1"})
    assert "How far it has come" not in words(client.get("/receipt"))
    session = opened(client).session
    session["receipt"] = session["receipt"] | {"until": (moment - timedelta(seconds=1)).isoformat()}
    session.save()
    assert "How far it has come" not in words(client.get("/receipt"))
    assert client.get("/receipt/withdraw").url == "/receipt"
    assert client.post("/receipt/withdraw").url == "/receipt"
    sent.refresh_from_db()
    assert sent.status == Contribution.Status.SUBMITTED


def test_withdrawing_asks_first_and_then_shows_what_has_been_erased(client: Client, sent: Contribution) -> None:
    opened(client)
    assert "This cannot be undone" in words(client.get("/receipt/withdraw"))
    assert client.post("/receipt/withdraw", {"withdraw": "1"}).url == "/receipt"
    sent.refresh_from_db()
    assert sent.status == Contribution.Status.WITHDRAWN
    page = words(client.get("/receipt"))
    assert "You have withdrawn" in page
    assert "Erasing has begun" in page
    assert "Withdraw this contribution" not in page
    trail.record_erasure(
        reference=sent.reference, place=Erasure.Place.ORIGINALS, items=3, at=sent.withdrawal.withdrawn_at
    )
    page = words(client.get("/receipt"))
    assert "Your original photos 3 items" in page
    assert client.post("/receipt/withdraw", {"withdraw": "1"}).url == "/receipt"


def test_a_withdrawn_contribution_can_still_be_looked_up(client: Client, sent: Contribution) -> None:
    opened(client).post("/receipt/withdraw", {"withdraw": "1"})
    client.post("/receipt", {"close": "1"})
    assert "You have withdrawn" in words(opened(client).get("/receipt"))


@pytest.mark.parametrize("path", ["/", "/privacy", "/receipt", "/eligible", "/eligible/no", "/consent/no", "/stopped"])
def test_pages_for_everybody_have_one_heading_and_start_no_session(client: Client, db: None, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1
    assert "sessionid" not in client.cookies

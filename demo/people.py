"""Who walks through the site in the demonstration: each function is one person's visit, page by page."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from demo.answers import SHOTS, Person
from demo.browser import Browser, Unexpected
from demo.photos import Photo

SHOT_PAGES = {"CLOSE_UP": "close-up", "AT_AN_ANGLE": "angle", "AT_DISTANCE": "distance"}
QUESTION_PAGES = {
    "/where": "body_parts",
    "/looks-like": "related_category",
    "/texture": "textures",
    "/feels": "condition_symptoms",
    "/unwell": "other_symptoms",
    "/how-long": "condition_duration",
    "/age": "age",
    "/sex": "sex_at_birth",
    "/sun": "fitzpatrick_skin_type",
    "/ethnicity": "race_ethnicity",
}
CONDITIONS = ("Eczema", "Psoriasis", "Allergic Contact Dermatitis", "Tinea", "Urticaria", "Insect Bite", "Folliculitis")


@dataclass(frozen=True)
class Account:
    """A member of staff."""

    email: str
    password: str
    role: str


def contribute(base_url: str, person: Person, photos: dict[str, Photo]) -> str:
    """Give one contribution through the pages; return its receipt code."""
    with Browser(base_url) as browser:
        browser.open("/").follow("Start").send({"eligible": "yes"})
        browser.follow("Continue").send({"agree": "yes"})
        while browser.path != "/check":
            _next_page(browser, person, photos)
        browser.send()
        code = browser.page.select_one("#code")
        if code is None:
            raise Unexpected(f"{browser.path} shows no receipt code")
        return code.get_text(strip=True)


def _next_page(browser: Browser, person: Person, photos: dict[str, Photo]) -> None:
    shot = next((shot for shot, page in SHOT_PAGES.items() if browser.path == f"/photo/{page}"), None)
    if shot is not None and not browser.has('[name="photo"]'):
        browser.follow("Use this photo")
    elif shot in person.shots:
        browser.send(having="photo", photo=photos[str(shot)])
    elif shot is not None:
        browser.follow("Skip this photo")
    elif name := QUESTION_PAGES.get(browser.path):
        if name in person.answers:
            browser.send({name: person.answers[name]})
        else:
            browser.send(having=name, press="skip")
    else:
        browser.follow("Continue")  # the page that advises to see a doctor


def sign_in(base_url: str, account: Account) -> Browser:
    """A browser in which `account` is signed in."""
    browser = Browser(base_url)
    browser.open("/staff/account/login/").send({"login": account.email, "password": account.password})
    return browser


def waiting_for_moderation(browser: Browser) -> int:
    """How many cases the moderation page lists."""
    return len(browser.open("/staff/moderation/").page.select("main table tbody tr"))


def moderate(browser: Browser, on_case: Callable[[], None]) -> int:
    """Look at everything that waits, and admit it; how many."""
    decided = 0
    while (link := browser.open("/staff/moderation/").page.select_one("main table a[href]")) is not None:
        browser.open(str(link["href"]))
        for image in browser.page.select("main img"):
            browser.look(str(image["src"]))
        browser.send({"decision": "admit"})
        decided += 1
        on_case()
    return decided


def label(browser: Browser, reader: int, on_case: Callable[[], None]) -> int:
    """Label every case that wants a label of this dermatologist; how many. `reader` makes the readers differ."""
    return _work_off(browser, "/staff/label/", lambda case: _reading(case, reader), on_case)


def _reading(case: str, reader: int) -> dict[str, str]:
    """What a demonstration dermatologist says: depends on the case, a little on the reader, never on chance."""
    draw = hashlib.sha256(f"{case} {reader}".encode()).digest()
    own = hashlib.sha256(case.encode()).digest()
    if own[0] < 24:
        return {"gradable": "NO_IMAGE_QUALITY_INSUFFICIENT", "gradable_for_fitzpatrick_skin_type": "no"}
    values = {
        "gradable": "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT",
        "condition_of_interest_is_clear": "yes",
        "gradable_for_fitzpatrick_skin_type": "yes",
        "estimated_fitzpatrick_skin_type": f"FST{1 + own[1] % 6}",
    }
    first = own[2] + (draw[0] > 180)
    for position in range(1, 2 + draw[1] % 3):
        values[f"condition_{position}"] = CONDITIONS[(first + position) % len(CONDITIONS)]
        values[f"confidence_{position}"] = str(max(1, 5 - position + draw[2] % 2))
    return values


def grade(browser: Browser, on_case: Callable[[], None]) -> int:
    """Estimate the skin tone of every case that wants an estimate of this grader's pool; how many."""

    def estimate(case: str) -> dict[str, str]:
        draw = hashlib.sha256(case.encode()).digest()
        return {"gradable": "yes", "monk": str(1 + draw[3] % 10)}

    return _work_off(browser, "/staff/label/skin-tone/", estimate, on_case)


def _work_off(browser: Browser, start: str, say: Callable[[str], dict[str, str]], on_case: Callable[[], None]) -> int:
    done = 0
    browser.open(start)
    while browser.has('form [name="token"]'):
        images = "".join(str(image["src"]) for image in browser.page.select("main img"))
        browser.send(say(images), having="token")
        done += 1
        on_case()
        browser.open(start)
    return done


def shots_of(person: Person) -> list[str]:
    """The person's shots in the order in which they are asked for."""
    return [shot for shot in SHOTS if shot in person.shots]


def is_published(base_url: str, code: str, version: str) -> bool:
    """Whether the receipt page says that the contribution is part of release `version`."""
    with Browser(base_url) as browser:
        browser.open("/receipt").send({"code": code})
        return f"Release {version}" in browser.text

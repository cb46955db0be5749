"""A browser without pictures: pages are fetched, forms are filled in and sent as the page says."""

from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from bs4 import BeautifulSoup, Tag

from demo.photos import Photo


class Unexpected(Exception):
    """The site did not do what a visitor would expect."""


@dataclass
class Browser:
    """One person's browser: cookies, and the page that is open."""

    base_url: str
    _client: httpx.Client = field(init=False)
    _response: httpx.Response = field(init=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.base_url, follow_redirects=True, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self._response.text, "html.parser")

    @property
    def path(self) -> str:
        return self._response.url.path

    @property
    def heading(self) -> str:
        heading = self.page.find("h1")
        return heading.get_text(" ", strip=True) if heading else ""

    @property
    def text(self) -> str:
        """What the page says."""
        main = self.page.find("main")
        return main.get_text(" ", strip=True) if main else ""

    def open(self, path: str) -> Self:
        return self._took(self._client.get(path))

    def follow(self, words: str) -> Self:
        """Click the link that says `words`."""
        for link in self.page.find_all("a", href=True):
            if words.lower() in link.get_text(" ", strip=True).lower():
                return self.open(str(link["href"]))
        raise Unexpected(f"{self.path} has no link that says “{words}”")

    def look(self, source: str) -> None:
        """Fetch a picture of the page, which stays open. Raises Unexpected unless it is one."""
        response = self._client.get(source)
        if response.status_code != 200 or not response.headers["content-type"].startswith("image/"):
            raise Unexpected(f"{source} is no picture: {response.status_code} {response.headers.get('content-type')}")

    def has(self, selector: str) -> bool:
        """Whether something on the page matches the CSS selector."""
        return self.page.select_one(selector) is not None

    def send(
        self, values: dict[str, Any] | None = None, *, having: str = "", press: str = "", photo: Photo | None = None
    ) -> Self:
        """Fill in the form and press its button.

        `having`: name of a field that tells the form from others on the page. `press`: the name, or the name=value, of the
        button. Hidden fields and what is already chosen are sent as they stand, as a browser does.
        """
        form = self._form(having or next(iter(values or {}), ""), press)
        data = _as_it_stands(form) | (values or {})
        if press:
            name, _, value = press.partition("=")
            data[name] = value or _button_value(form, name)
        files = {"photo": (photo.name, photo.data, photo.content_type)} if photo else None
        target = str(form.get("action") or self.path)
        if str(form.get("method", "get")).lower() == "get":
            return self._took(self._client.get(target, params=data))
        return self._took(
            self._client.post(target, data=data, files=files, headers={"Referer": str(self._response.url)})
        )

    def _form(self, field_name: str, press: str) -> Tag:
        button, _, value = press.partition("=")
        for form in self.page.find_all("form"):
            if field_name and not form.select_one(f'[name="{field_name}"]'):
                continue
            if button and not form.select_one(f'button[name="{button}"]' + (f'[value="{value}"]' if value else "")):
                continue
            if not field_name and not button and not form.find_parent("main"):
                continue
            return form
        raise Unexpected(f"{self.path} (“{self.heading}”) has no form with {field_name or press or 'anything'}")

    def _took(self, response: httpx.Response) -> Self:
        self._response = response
        if response.status_code >= 400:
            errors = " ".join(
                found.get_text(" ", strip=True) for found in self.page.select(".govuk-error-summary, main")
            )
            raise Unexpected(f"{response.request.method} {self.path}: {response.status_code} {errors[:300]}")
        return self


def _as_it_stands(form: Tag) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for element in form.select("input[name]"):
        kind = element.get("type", "text")
        if kind in {"submit", "file", "button"} or (kind in {"radio", "checkbox"} and not element.has_attr("checked")):
            continue
        name, value = str(element["name"]), str(element.get("value", "on" if kind == "checkbox" else ""))
        if kind == "checkbox":
            data.setdefault(name, []).append(value)
        else:
            data[name] = value
    for element in form.select("textarea[name]"):
        data[str(element["name"])] = element.get_text()
    for element in form.select("select[name]"):
        chosen = element.select_one("option[selected]") or element.select_one("option")
        data[str(element["name"])] = str(chosen.get("value", "")) if chosen else ""
    return data


def _button_value(form: Tag, name: str) -> str:
    button = form.select_one(f'button[name="{name}"]')
    return str(button.get("value", "")) if button else ""

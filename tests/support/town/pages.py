"""A page as it was answered: its links, its forms, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin

from justhtml import JustHTML

from tests.support.town.place import HERE

FOOTER = {"/urgent-help", "/contact", "/privacy", "/cookies", "/accessibility"}
_TYPED_NOWHERE = {"hidden", "submit", "button"}
_REFERRING = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
_ABOVE = {"nhsuk-error-summary__heading", "nhsuk-notification-banner__title"}
_SAYING = ("a", "button", "h1", "h2", "h3", "legend", "label", "th", "caption")


@dataclass(frozen=True)
class Field:
    """Something of a form that is sent: its name, and the values that it shows or offers."""

    name: str
    kind: str  # of an input; "select", "textarea" or "button"
    values: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form as a browser has it: where it goes, and what can be sent."""

    path: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> frozenset[str]:
        """Return what it sends, by which it is told from others."""
        return frozenset(field.name for field in self.fields)


@dataclass(frozen=True)
class Page:
    """What somebody was shown at *path*."""

    who: str
    path: str
    rule: str  # of the route that answered
    status: int
    text: str = field(repr=False)

    @cached_property
    def _tree(self) -> JustHTML:
        # As browsers read it.
        return JustHTML(self.text, collect_errors=True, sanitize=False)

    @cached_property
    def _elements(self) -> list[Any]:
        return self._tree.query("*")

    def named(self, *names: str) -> list[Any]:
        """Return the elements with one of these *names*, in their order."""
        return [element for element in self._elements if element.name in names]

    @property
    def title(self) -> str:
        """Return what stands in the tab."""
        return " ".join(element.to_text() for element in self.named("title"))

    def links(self) -> list[str]:
        """Return the paths within the site that it leads to, and what it is dressed in."""
        addresses = (
            element.attrs.get("href") or element.attrs.get("src") or ""
            for element in self._elements
        )
        here = urljoin(HERE, self.path)
        paths = [
            urljoin(here, address).removeprefix(HERE).partition("#")[0]
            for address in addresses
            if address and not address.startswith("#")
        ]
        return [path for path in paths if path.startswith("/")]

    def forms(self) -> list[Form]:
        """Return the forms that post something."""
        return [
            Form((form.attrs.get("action") or self.path).removeprefix(HERE), _fields(form))
            for form in self.named("form")
            if form.attrs.get("method", "get").lower() == "post"
        ]

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with it, in words."""
        yield from (f"{error.code}, line {error.line}" for error in self._tree.errors)
        yield from self._of_structure()
        yield from self._of_references()
        labelled = {label.attrs.get("for") for label in self.named("label")}
        for control in self.named("input", "select", "textarea"):
            if not _needs_no_label(control) and control.attrs.get("id") not in labelled:
                yield f"no label: {control.attrs.get('name')}"
        for element in self.named(*_SAYING):
            if not element.to_text().strip() and "aria-label" not in element.attrs:
                yield f"empty: {element.to_html()[:80]}"
        for element in self._elements:
            for name in element.attrs:
                if name == "style" or name.startswith("on"):
                    yield f"our policy lets no {name} act: {element.to_html()[:80]}"

    def _of_structure(self) -> Iterator[str]:
        for what in ("h1", "main", "title"):
            if (found := len(self.named(what))) != 1:
                yield f"{found} × {what}"
        if not self.named("html")[0].attrs.get("lang"):
            yield "no language"
        # What is said of an act stands above everything, as the NHS has it.
        headings = [
            int(heading.name[1])
            for heading in self.named("h1", "h2", "h3", "h4", "h5", "h6")
            if not _ABOVE & set(heading.attrs.get("class", "").split())
        ]
        for above, below in pairwise([0, *headings]):
            if below > above + 1:
                yield f"h{below} below h{above}"
        if missing := FOOTER - set(self.links()):
            yield f"its footer has not {missing}"

    def _of_references(self) -> Iterator[str]:
        ids = Counter(e.attrs["id"] for e in self._elements if "id" in e.attrs)
        yield from (f"id twice: {id}" for id, times in ids.items() if times > 1)
        for element in self._elements:
            wanted = [id for name in _REFERRING for id in element.attrs.get(name, "").split()]
            address = element.attrs.get("href") or ""
            if address.startswith("#"):
                wanted.append(address[1:])
            yield from (f"nothing has the id {id}" for id in wanted if id not in ids)


def _needs_no_label(control: Any) -> bool:
    attrs = control.attrs
    untold = attrs.get("type") in _TYPED_NOWHERE or "hidden" in attrs
    return untold or bool({"aria-label", "aria-labelledby"} & attrs.keys())


def _fields(form: Any) -> tuple[Field, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for element in form.query("input, select, textarea, button"):
        if name := element.attrs.get("name"):
            kind = element.attrs.get("type", "text") if element.name == "input" else element.name
            found.setdefault((name, kind), []).extend(_values(element))
    return tuple(Field(name, kind, tuple(values)) for (name, kind), values in found.items())


def _values(element: Any) -> list[str]:
    if element.name == "select":
        return [option.attrs.get("value", option.to_text()) for option in element.query("option")]
    if element.name == "textarea":
        return [element.to_text()]
    return [element.attrs.get("value") or ""]

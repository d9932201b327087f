"""The theme: nothing of the NHS's identity, no typing error unseen, files that may be kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, render_template, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import UndefinedError

from shared.helplines import HELP_LINES
from shared.web.theme import STATIC, THEMES, content_hashes, install_theme

SOURCE = Path(__file__).parents[3] / "shared/theme/_theme.scss"
NOT_OURS = ["nhsuk-header__logo", "<title>NHS", "assets.nhs.uk", "Frutiger", "© NHS"]
FORM = """
{% extends "shared/layout.html" %}
{% from "nhsuk/components/back-link/macro.jinja" import backLink %}
{% from "shared/forms.html" import checkbox_field, csrf, email_field, error_summary %}
{% from "shared/forms.html" import submit_button, text_field, textarea_field %}
{% block title %}Register{% endblock %}
{% block navigation %}<li><a href="/">Webinars</a></li>{% endblock %}
{% block back %}{{ backLink({"href": "/back"}) }}{% endblock %}
{% block content %}
{{ error_summary(errors) }}
<form method="post" novalidate>
{{ csrf() }}
{{ text_field("name", "Your name", values, errors, hint="Any name", autocomplete="name") }}
{{ email_field("email", "Your email address", values, errors) }}
{{ textarea_field("question", "Your question (optional)", values, errors) }}
{{ checkbox_field("invitations", "Invite me", values, errors) }}
{{ submit_button("Register") }}
</form>
{% endblock %}
"""


def make_app(templates: Path, theme: str = "charity") -> Flask:
    app = Flask(__name__, static_folder=None, template_folder=templates)
    app.secret_key = "only for these tests"
    CSRFProtect(app)
    install_theme(
        app,
        package="registration",
        organisation="Hillside Together",
        contact_email="hello@example.org",
        help_lines=HELP_LINES,
        theme=theme,
    )
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An app with a request under way."""
    app = make_app(tmp_path)
    with app.test_request_context():
        g.csp_nonce = "the-nonce"
        yield app


def form(**context: Any) -> str:
    return render_template_string(FORM, **{"values": {}, "errors": {}, **context})


def error_page() -> str:
    link = {"href": "/", "text": "All webinars"}
    return render_template("shared/error.html", title="Gone", paragraphs=["It was."], link=link)


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_carries_the_identity_of_the_nhs(tmp_path: Path, theme: str) -> None:
    with make_app(tmp_path, theme).test_request_context():
        pages = form() + error_page()

    assert [sign for sign in NOT_OURS if sign in pages] == []
    assert f"/static/registration/{THEMES[theme].stylesheet}?v=" in pages


@pytest.mark.parametrize("theme", THEMES.values())
def test_a_stylesheet_names_nothing_but_arial_and_files_we_serve(theme: Any) -> None:
    css = (STATIC / theme.stylesheet).read_text()
    urls = set(re.findall(r"url\([\"']?([^\"')]+)", css))

    assert re.findall("frutiger|nhs.uk", css, re.IGNORECASE) == []
    assert "font-family:arial,sans-serif" in css
    assert urls
    assert urls <= content_hashes(STATIC).keys()


@pytest.mark.parametrize("background", ["#ffffff", "#ffeb3b", "paper", "tint"])
def test_the_brand_colour_can_be_read(background: str) -> None:
    colours = dict(re.findall(r"^\$(\w+): (#\w{6})", SOURCE.read_text(), re.MULTILINE))

    assert contrast(colours["brand"], colours.get(background, background)) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, "#rrggbb" (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "template",
    [
        "{{ nmae }}",
        "{{ person.nmae }}",
        "{% for webinar in webniars %}{% endfor %}",
        "{% if errros %}{% endif %}",
        "{{ nmae | upper }}",
        '{% from "shared/forms.html" import submit_button %}{{ submit_button(txet) }}',
    ],
)
def test_a_name_that_does_not_exist_is_an_error(template: str) -> None:
    with pytest.raises(UndefinedError):
        render_template_string(template, person={"name": "Sam"})


@pytest.mark.usefixtures("app")
def test_a_component_does_without_the_options_nobody_gave() -> None:
    template = '{% from "nhsuk/components/card/macro.jinja" import card %}{{ card({}) }}'

    assert "nhsuk-card" in render_template_string(template)


@pytest.mark.usefixtures("app")
def test_what_people_type_is_escaped_in_fields_and_messages() -> None:
    typed = "<script>alert('hello')</script>"
    names = ["name", "email", "question"]

    page = form(values=dict.fromkeys(names, typed), errors=dict.fromkeys(names, typed))

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") == 9  # value, message beside it, message in the summary


@pytest.mark.usefixtures("app")
def test_an_error_is_in_the_title_in_the_summary_and_beside_its_field() -> None:
    page = form(values={"name": "Sam", "email": "sam@"}, errors={"email": "Enter an address"})

    assert "<title>Error: Register – Hillside Together</title>" in page
    assert re.search(r'<a href="#email"\s*>\s*Enter an address', page)
    assert re.search(r'<input class="[^"]*" id="email" [^>]*aria-describedby="email-error"', page)
    assert 'value="Sam"' in page
    assert 'value="sam@"' in page


@pytest.mark.usefixtures("app")
def test_a_page_without_errors_says_nothing_of_them() -> None:
    page = form()

    assert "<title>Register – Hillside Together</title>" in page
    assert "There is a problem" not in page


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("values", "ticked"), [({}, False), ({"invitations": "yes"}, True)])
def test_a_box_is_ticked_only_by_the_person(values: dict[str, str], ticked: bool) -> None:
    box = re.search(r'<input [^>]*type="checkbox"[^>]*>', form(values=values))

    assert box
    assert (" checked" in box[0]) is ticked


@pytest.mark.usefixtures("app")
def test_a_form_carries_the_token_against_forgery() -> None:
    assert re.search('name="csrf_token" value="[^"]{20,}"', form())


@pytest.mark.usefixtures("app")
def test_every_script_on_a_page_has_the_nonce_of_the_request() -> None:
    scripts = re.findall("<script[^>]*>", form())

    assert len(scripts) == 2
    assert all('nonce="the-nonce"' in script for script in scripts)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("number", ["999", "111", "116123"])
def test_every_page_tells_where_help_is(number: str) -> None:
    assert f'href="tel:{number}"' in form()
    assert f'href="tel:{number}"' in error_page()


@pytest.mark.usefixtures("app")
def test_a_page_has_a_menu_and_a_way_back_only_if_it_names_them() -> None:
    assert "<nav" not in error_page()
    assert re.findall('<nav [^>]*aria-label="([^"]+)"', form()) == ["Menu", "Back"]


def test_a_service_may_put_its_own_template_before_ours(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/error.html").write_text("{{ title }}, says the service")

    assert error_page() == "Gone, says the service"


@pytest.mark.usefixtures("app")
def test_templates_say_times_in_words() -> None:
    start, end = datetime(2022, 7, 7, 11, tzinfo=UTC), datetime(2022, 7, 7, 12, tzinfo=UTC)

    said = render_template_string("{{ start | span_in_words(end) }}", start=start, end=end)

    assert said == "Thursday 7 July 2022, midday to 1pm"


@pytest.mark.usefixtures("app")
def test_an_asset_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        render_template_string("{{ asset('coprodcue.css') }}")


def test_an_asset_is_another_once_its_content_changes(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "page.css").write_text("before")
    (tmp_path / "images/icon.svg").write_text("<svg/>")
    before = content_hashes(tmp_path)

    (tmp_path / "page.css").write_text("after")
    after = content_hashes(tmp_path)

    assert before.keys() == after.keys() == {"page.css", "images/icon.svg"}
    assert before["page.css"] != after["page.css"]
    assert before["images/icon.svg"] == after["images/icon.svg"]


@pytest.mark.parametrize(
    ("version", "kept"),
    [("", "public, max-age=31536000, immutable"), ("0", "no-cache")],
    ids=["its own hash", "another"],
)
def test_an_asset_may_be_kept_for_ever_only_under_its_own_hash(
    app: Flask, version: str, kept: str
) -> None:
    url = render_template_string("{{ asset('coproduce.css') }}") + version

    with app.test_client().get(url) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.headers["Cache-Control"] == kept


@pytest.mark.parametrize("name", ["nothing.css", "../theme.py", "%2e%2e/theme.py"])
def test_nothing_but_the_static_files_is_served(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/static/registration/{name}").status_code == 404

"""The pages that every footer leads to, each in the words of the installation."""

import re
from pathlib import Path

import pytest

from shared.config import ConfigurationError
from tests.support.registering import Site, on_a_file

PAGES = ["/urgent-help", "/contact", "/privacy", "/cookies", "/accessibility"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_s_footer_leads_there(site: Site, path: str):
    footer = site.browser().get("/").text.partition("<footer")[2]

    assert f'href="{path}"' in footer
    page = site.browser().get(path)
    assert page.status_code == 200
    assert "<h1>" in page.text
    assert "Set-Cookie" not in page.headers


def test_what_the_installation_says_of_itself_is_shown(tmp_path: Path):
    site = on_a_file(
        tmp_path,
        CONTACT_PHONE="020 7946 0000",
        CONTACT_POST="1 Example Street, Example Town",
        PRIVACY_NOTICE="https://example.org/privacy",
    )

    contact = site.browser().get("/contact").text

    assert 'href="tel:02079460000"' in contact
    assert "1 Example Street, Example Town" in contact
    assert 'href="https://example.org/privacy"' in site.browser().get("/privacy").text
    site.database.dispose()


def test_what_it_does_not_say_leaves_no_gap(site: Site):
    headings = re.findall("<h2>([^<]+)</h2>", site.browser().get("/contact").text)

    assert "Email" in headings
    assert not {"Phone", "Post"} & set(headings)
    assert "our whole privacy notice" not in site.browser().get("/privacy").text


def test_whom_to_call_is_as_the_installation_says_on_every_page(tmp_path: Path):
    site = on_a_file(tmp_path, URGENT_HELP="112 in an emergency; 0800 1111 if you are a child;")

    for path in ("/", "/urgent-help", "/nowhere"):
        page = site.browser().get(path).text
        assert '<a class="app-help__number" href="tel:08001111">Call&nbsp;0800\xa01111</a>' in page
        assert "if you are a child" in page
        assert "Samaritans" not in page
    site.database.dispose()


@pytest.mark.parametrize("value", ["call us", "999", "999 in an emergency; Samaritans", ";"])
def test_numbers_without_words_and_words_without_numbers_are_refused(tmp_path: Path, value: str):
    with pytest.raises(ConfigurationError, match="URGENT_HELP: Not a list of telephone numbers"):
        on_a_file(tmp_path, URGENT_HELP=value)

"""The API, as a program of another organisation uses it."""

from datetime import datetime
from uuid import uuid4

from openapi_spec_validator import validate

from tests.support.registering import JOINING_LINK, SLUG, Site, a_person


def test_webinars_to_come_are_listed_the_soonest_first(site: Site):
    site.add("sooner", days=1)
    site.add("been", days=-1)

    listed = site.browser().get("/v1/webinars").get_json()["webinars"]

    assert [webinar["slug"] for webinar in listed] == ["sooner", SLUG]


def test_a_webinar_is_described_but_not_where_to_join(site: Site):
    answer = site.browser().get(f"/v1/webinars/{SLUG}")

    assert answer.get_json()["url"] == f"http://localhost/webinars/{SLUG}"
    assert answer.get_json()["panel"] == [{"name": "Ash Example", "biography": "Ash works nights."}]
    assert (answer.get_json()["open"], answer.get_json()["full"]) == (True, False)
    assert datetime.fromisoformat(answer.get_json()["starts_at"]).tzinfo is not None
    assert JOINING_LINK not in answer.text


def test_registering_is_accepted_and_tells_what_comes_next(site: Site):
    answer = site.post(a_person(access_needs="Captions"))

    assert answer.status_code == 202
    assert answer.get_json()["webinar"] == SLUG
    assert answer.get_json()["full"] is False
    assert "email" in answer.get_json()["next_step"]
    assert [registration.access_needs for registration in site.registrations()] == ["Captions"]


def test_the_same_key_and_body_change_nothing_twice(site: Site):
    key = {"Idempotency-Key": str(uuid4())}
    first = site.post(a_person(), **key)
    site.clock.pass_by(hours=1)

    again = site.post(a_person(), **key)
    other = site.post(a_person("Robin"), **key)

    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert other.status_code == 422
    assert "Use a new key" in other.get_json()["detail"]
    assert site.events() == ["registration_confirmed"]


def test_a_webinar_that_takes_nobody_answers_a_problem(site: Site):
    site.cancel(site.add("off"))
    site.add("been", days=-1)

    answers = {slug: site.post(a_person(), slug) for slug in ("off", "been", "unknown")}

    assert {slug: answer.status_code for slug, answer in answers.items()} == {
        "off": 409,
        "been": 409,
        "unknown": 404,
    }
    for answer in answers.values():
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["detail"]


def test_a_body_that_does_not_say_it_is_json_is_refused(site: Site):
    answer = site.browser().post(f"/v1/webinars/{SLUG}/registrations", data=a_person())

    assert answer.status_code == 415
    assert "Content-Type: application/json" in answer.get_json()["detail"]


def test_too_many_requests_say_when_to_come_back(site: Site):
    object.__setattr__(site.house.settings, "registrations_per_network_hour", 1)

    answers = [site.post(a_person()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 429]
    assert int(answers[1].headers["Retry-After"]) > 0


def test_it_is_described_by_openapi_31(site: Site):
    described = site.browser().get("/v1/registration/openapi.json").get_json()

    validate(described)
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/v1/webinars",
        "/v1/webinars/{slug}",
        "/v1/webinars/{slug}/registrations",
    }
    answers = described["paths"]["/v1/webinars/{slug}/registrations"]["post"]["responses"]
    assert set(answers) >= {"202", "400", "404", "409", "413", "415", "422", "429"}

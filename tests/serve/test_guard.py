"""Who may ask."""

from __future__ import annotations

from email.message import Message

import pytest

from staticrun.serve.guard import Guard


def headers(**fields: str) -> Message:
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize("host", ["localhost:8137", "127.0.0.1:8137", "[::1]:8137", "LOCALHOST"])
def test_this_machine_is_known(host):
    assert Guard("127.0.0.1").refuses(headers(host=host)) == ""


@pytest.mark.parametrize(
    "host",
    ["evil.example:8137", "localhost.evil.example", "192.168.1.7", "", "[", "a@localhost.x"],
)
def test_other_names_are_not(host):
    assert "not known as" in Guard("127.0.0.1").refuses(headers(Host=host))
    assert Guard("127.0.0.1").refuses(headers())


def test_beyond_loopback_addresses_are_known_and_names_only_where_they_are_ours():
    guard = Guard("0.0.0.0", ("trainer",))  # noqa: S104 -- what a person may ask for

    assert guard.knows("192.168.1.7:8137")
    assert guard.knows("Trainer:8137")
    assert not guard.knows("evil.example:8137")


@pytest.mark.parametrize(
    "fields",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_hear_and_load_nothing(fields):
    asked = headers(
        Host="localhost:8137", **{name.replace("-", "_"): value for name, value in fields.items()}
    )

    assert "another site" in Guard("127.0.0.1").refuses(asked)


def test_own_pages_may_and_a_link_may_lead_here_but_not_to_the_events():
    guard = Guard("127.0.0.1")
    own = headers(
        Host="localhost:8137", Origin="http://localhost:8137", Sec_Fetch_Site="same-origin"
    )
    link = headers(Host="localhost:8137", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")

    assert guard.refuses(own) == ""
    assert guard.refuses(link, navigates=True) == ""
    assert guard.refuses(link)

"""Text messages through a gateway: to the one number, whatever the gateway answers, without telling numbers or passwords."""

import asyncio
import logging

import pytest

from app.commands import check_surroundings
from app.errors import Refused
from app.mail import gateway, outbox, texts
from tests.mail.gateway_steps import NUMBER, sms_gateway, use_gateway  # noqa: F401

pytestmark = pytest.mark.without_database


async def test_a_text_goes_to_its_number_as_it_is(sms_gateway) -> None:  # noqa: F811
    assert texts.available()
    said = "042137 est votre code — “à bientôt” \\n *x* <b> :smile: {phone}\n\n@localhost #042137"
    await texts.send(NUMBER, said)
    assert sms_gateway.got == [(NUMBER, said)]
    assert not outbox.folder().exists(), "not in the folder as well"


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
async def test_a_gateways_no_is_told_without_the_number(sms_gateway, status: int) -> None:  # noqa: F811
    sms_gateway.status = status
    with pytest.raises(texts.NotTaken) as caught:
        await texts.send(NUMBER, "hello")
    assert str(status) in str(caught.value)
    assert "612345678" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_of_many_at_once_each_hears_its_own_answer(sms_gateway) -> None:  # noqa: F811
    sms_gateway.status = 500
    answers = await asyncio.gather(*(texts.send(NUMBER, str(n)) for n in range(6)), return_exceptions=True)
    assert all(isinstance(answer, texts.NotTaken) and str(answer).count("500") == 1 for answer in answers)
    assert len(sms_gateway.got) == 6


@pytest.mark.parametrize("url", ["json://localhost:1/{phone}", "nothing-like-it://host/{phone}", "twilio://{phone}"])
async def test_a_gateway_that_is_not_there_or_unknown_takes_nothing(use_gateway, url: str) -> None:  # noqa: F811
    use_gateway(url)
    with pytest.raises(texts.NotTaken):
        await texts.send(NUMBER, "hello")


async def test_nobody_waits_for_ever(sms_gateway, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr(gateway, "AT_LONGEST", 0.05)
    sms_gateway.takes = 0.5
    with pytest.raises(texts.NotTaken, match="no answer within"):
        await texts.send(NUMBER, "hello")


async def test_without_a_gateway_elsewhere_nothing_is_promised(use_gateway) -> None:  # noqa: F811
    use_gateway("", base_url="https://orders.example")
    assert not texts.available()
    with pytest.raises(Refused):
        await texts.send(NUMBER, "hello")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("json://localhost/{phone}", "JSON"),
        ("twilio://AC" + "a" * 32 + ":" + "b" * 32 + "@+15551234567/{phone}", "Twilio"),
        ("vonage://key12345:secret123456@+15551234567/{phone}", "Vonage"),
    ],
)
def test_check_names_the_gateway(use_gateway, monkeypatch, url: str, name: str) -> None:  # noqa: F811
    use_gateway(url)
    monkeypatch.setattr(check_surroundings, "settings", texts.settings)
    assert check_surroundings._texts() == f"through {name}"


def test_check_finds_an_address_that_nobody_understands(use_gateway, monkeypatch) -> None:  # noqa: F811
    use_gateway("nothing-like-it://host/{phone}")
    monkeypatch.setattr(check_surroundings, "settings", texts.settings)
    found = check_surroundings._tried("texts", check_surroundings._texts)
    assert not found.ok
    assert "COMPTOIR_SMS_URL" in found.detail


async def test_numbers_and_what_they_are_told_are_in_no_log(sms_gateway, caplog) -> None:  # noqa: F811
    caplog.set_level(logging.INFO)
    await texts.send(NUMBER, "042137 is your code")
    said = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]  # that is the gateway's own
    assert not any("042137" in line or "612345678" in line for line in said)

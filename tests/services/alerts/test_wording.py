"""A message in words: what a facility manager reads on a telephone."""

from pathlib import Path

import pytest

from config.domain.alerts import AlertKind
from services.alerts.condition import SERVICE
from services.alerts.sending import Item, items
from services.alerts.wording import MOST, Wording
from services.state.alerts import Part
from tests.services.alerts.scene import HOUR, MINUTE, condition, receiver, scene

BOARD = "https://energi.example.se/"


def wording(language: str = "sv", board: str = BOARD) -> Wording:
    return Wording(language, "Provköping", board, "Europe/Stockholm")


@pytest.fixture
def told(tmp_path: Path) -> list[Item]:
    """A deviation with a price, and our own service, which is urgent."""
    made = scene(tmp_path)
    night = condition(
        "night", title_sv="Nattanvändning", title_en="Use at night", sek=12_400.0, link="/avvikelse/7", action_sv="Se efter."
    )
    down = condition("down", SERVICE, AlertKind.SERVICE, title_sv="Inga meddelanden", title_en="No messages", urgent=True)
    made.run(MINUTE, night, down)
    return list(items(made.outbox.sent[0][1]))


def test_the_text_says_what_what_to_do_what_it_costs_and_where(told: list[Item]) -> None:
    """Worked out by hand, word for word."""
    assert wording().subject(told) == "BRÅDSKANDE: Inga meddelanden och 1 till – Provköping"
    assert wording().text(told) == (
        "Provköping: 2 att se till.\n\n"
        "NYTT · Tjänsten: Inga meddelanden\nMening.\nLarmat sedan 2026-11-24 12:01. Larm nr 2.\n\n"
        "NYTT · Avvikelse: Nattanvändning, Skolan\nMening.\nAtt göra: Se efter.\n"
        "Har hittills kostat: 12\N{NO-BREAK SPACE}400\N{NO-BREAK SPACE}kr utan moms\n"
        "Larmat sedan 2026-11-24 12:01. Larm nr 1.\nhttps://energi.example.se/avvikelse/7\n\n"
        "Tavlan: https://energi.example.se\n"
    )


def test_english_is_for_those_who_asked_for_it(told: list[Item]) -> None:
    """Links keep the language."""
    text = wording("en").text(told)

    assert wording("en").subject(told) == "URGENT: No messages and 1 more – Provköping"
    assert "SEK\N{NO-BREAK SPACE}12,400 without VAT" in text
    assert "https://energi.example.se/avvikelse/7?lang=en" in text


def test_without_an_address_of_the_board_there_are_no_links(told: list[Item]) -> None:
    """A link that leads nowhere is worse."""
    assert "http" not in wording(board="").text(told)
    assert "href" not in wording(board="").html(told)


def test_the_page_says_the_same_and_nothing_in_it_is_markup(tmp_path: Path) -> None:
    """What a building or a device is called does not become HTML."""
    made = scene(tmp_path)
    made.run(MINUTE, condition(title_sv="<script>x</script>", sentence_sv='"><img src=x>', link="/avvikelse/7"))
    page = wording().html(items(made.outbox.sent[0][1]))

    assert "<script" not in page
    assert "<img" not in page
    assert '<html lang="sv">' in page
    assert 'href="https://energi.example.se/avvikelse/7"' in page


def test_what_is_over_is_told_with_how_it_ended(tmp_path: Path) -> None:
    """And it is not urgent any more."""
    made = scene(tmp_path, receiver(every=0 * MINUTE))
    made.run(MINUTE, condition("down", SERVICE, AlertKind.SERVICE, title_sv="Inga meddelanden", urgent=True))
    made.over(HOUR)
    (over,) = made.outbox.to("drift")[1]

    assert over.part is Part.ENDED
    assert wording().subject([over]) == "Över igen: Inga meddelanden – Provköping"
    assert "ÖVER IGEN · Tjänsten: Inga meddelanden\nDet är över.\n" in wording().text([over])


def test_a_hundred_things_are_one_mail_that_can_be_read(tmp_path: Path) -> None:
    """The costliest by name, the rest by number."""
    made = scene(tmp_path)
    made.run(MINUTE, *(condition(str(number), sek=float(number)) for number in range(100)))
    text = wording().text(items(made.outbox.sent[0][1]))

    assert text.count("NYTT") == MOST
    assert "Och 50 till; se tavlan." in text
    assert "Rubrik 99" in text
    assert "Rubrik 49," not in text

"""`energimonitor prices` as a person runs it."""

import json
from pathlib import Path

from typer.testing import CliRunner

from config.domain.clock import SystemClock
from config.domain.periods import local_date
from config.errors import ConfigurationError
from services.app.cli import build
from tests.collectors.prices.test_day_ahead import answer
from tests.collectors.weather.played import Reply, playing
from tests.config.folders import PORTFOLIO, TARIFFS, altered, written


def test_an_area_that_is_none_is_refused(tmp_path: Path) -> None:
    """Prices of "se3" would be stored, and no bill would ever find them."""
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data")}

    result = CliRunner(env=env).invoke(build(), ["prices", "import", "svar.json", "--area", "se3"])

    assert isinstance(result.exception, ConfigurationError)
    assert str(result.exception) == "--area se3: no electricity area; give one of SE1, SE2, SE3, SE4"


def test_a_bad_answer_stops_no_other_and_is_named(tmp_path: Path) -> None:
    """Status 1, so that a script sees it."""
    page = tmp_path / "page.json"
    page.write_text("<html>log in</html>", encoding="utf-8")
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data")}

    result = CliRunner(env=env).invoke(build(), ["prices", "import", str(page), str(tmp_path / "gone.json")])

    assert result.exit_code == 1
    assert f"{page}: ingen JSON utan '<html>log in</html>'" in result.output
    assert f"{tmp_path / 'gone.json'}: No such file" in result.output


def test_one_areas_bad_answer_holds_up_no_other(tmp_path: Path) -> None:
    """SE3 is a log-in page, SE4 whole: SE4 is kept, SE3 is named with when it is asked again; status 1."""
    today = local_date(SystemClock().now(), "Europe/Stockholm")
    spot = f"{today.isoformat()}\n    components: [{{kind: spot, price: 0.05, area: SE"
    price_list = altered(
        TARIFFS, "2021-01-01\n    valid_to: 2022-01-01\n    components: [{kind: fixed, price: 7900}", f"{spot}3}}"
    )
    other = price_list.removeprefix("tariffs:\n").replace("id: el", "id: soder").replace("SE3", "SE4")
    bought = altered(PORTFOLIO, "        digits: 6\n", "        digits: 6\n        tariffs: [el]\n")
    bought = altered(bought, "        parent: el-skola\n", "        parent: el-skola\n        tariffs: [soder]\n")
    town = written(tmp_path / "town", portfolio=bought, tariffs=price_list + other)
    with playing() as service:
        service.replies[f"/{today:%Y/%m-%d}_SE3.json"] = [Reply(b"<html>log in</html>")]
        service.replies[f"/{today:%Y/%m-%d}_SE4.json"] = [Reply(json.dumps(answer(today)).encode())]
        env = {
            "ENERGIMONITOR_DATA_DIR": str(tmp_path / "data"),
            "ENERGIMONITOR_MUNICIPALITY": str(town),
            "ENERGIMONITOR_PRICES": "elprisetjustnu",
            "ENERGIMONITOR_PRICES_URL": service.url,
        }

        result = CliRunner(env=env).invoke(build(), ["prices", "fetch"])

    assert result.exit_code == 1
    assert "_SE3.json: ingen JSON utan '<html>log in</html>'" in result.output
    assert f"SE3 {today}: svaret gick inte att använda, frågas igen efter " in result.output
    assert any("_SE4" in path for path, _ in service.asked)
    assert "dygn frågades efter" in result.output  # how many depends on the hour of the night that this runs in

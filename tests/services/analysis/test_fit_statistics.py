"""The numbers by which models are judged, by hand."""

import numpy as np
import pytest

from services.analysis.fit_statistics import fit_statistics

MEASURED, MODELLED = np.array([10.0, 12.0, 14.0, 16.0]), np.array([11.0, 13.0, 14.0, 16.0])


def test_cvrmse_and_nmbe_are_the_printed_ones() -> None:
    """Domain facts 3.3, p = 1: sqrt(2/3)/13 = 6.28 %, -2/(3 * 13) = -5.13 %."""
    found = fit_statistics(MEASURED, MODELLED, 1)

    assert found.cvrmse == pytest.approx(6.28, abs=0.005)
    assert found.nmbe == pytest.approx(-5.13, abs=0.005)


def test_r2_is_what_the_mean_leaves() -> None:
    """1 - 2/20, whatever p is."""
    assert fit_statistics(MEASURED, MODELLED, 1).r2 == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("modelled", "words"),
    [
        ([10.0, 12.0, 14.0, 16.0], "Modellen är användbar (R² 1,00, CVRMSE 0 %, NMBE 0,0 %)."),
        ([11.0, 13.0, 14.0, 16.0], "Modellen ligger snett (R² 0,90, CVRMSE 6 %, NMBE −5,1 %)."),
        ([13.0, 13.0, 13.0, 13.0], "Modellen förklarar för lite (R² 0,00, CVRMSE 20 %, NMBE 0,0 %)."),
    ],
)
def test_the_verdict_names_the_first_fault(modelled: list[float], words: str) -> None:
    """A model that fails is shown without a claim, and says why."""
    assert fit_statistics(MEASURED, np.array(modelled), 1).verdict[0] == words


def test_a_model_that_scatters_is_told_from_one_that_is_biased() -> None:
    """Two and six where four is the mean, each a unit off to its own side: R² 0.75, CVRMSE 33 %, no bias."""
    found = fit_statistics(np.array([2.0, 6.0, 2.0, 6.0]), np.array([3.0, 5.0, 3.0, 5.0]), 1)

    assert found.r2 == pytest.approx(0.75)
    assert "sprider för mycket" in found.verdict[0]


@pytest.mark.parametrize(("measured", "modelled"), [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([0.0, 0.0, 0.0], [0.0, 1.0, 0.0])])
def test_what_has_no_share_is_refused(measured: list[float], modelled: list[float]) -> None:
    """No division by nought comes out as a verdict."""
    with pytest.raises(ValueError, match=r"values|nought"):
        fit_statistics(np.array(measured), np.array(modelled), 1)

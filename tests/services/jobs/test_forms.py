"""What figures are calculated by, as text: the same in every process, and read again as it was."""

import os
import subprocess
import sys
from pathlib import Path

from config.loading import load_municipality
from services.figures.calculation import Limits
from services.jobs.forms import FACTORS, TARIFFS, code_fingerprint, factors_from, forms_of, tariffs_from

BORLANGE = Path(__file__).parents[3] / "config" / "borlange"
PRINT = """
import hashlib, pathlib, sys
from config.loading import load_municipality
from services.figures.calculation import Limits
from services.jobs.forms import forms_of
town = load_municipality(pathlib.Path(sys.argv[1]))
forms = forms_of(town.portfolio, town.factors, town.tariffs, Limits(), (), "")
print(hashlib.sha256(repr((sorted(forms.common.items()), sorted(forms.entries.items()))).encode()).hexdigest())
"""


def test_every_process_writes_the_same_forms() -> None:
    """Sets come in another order in each; else every restart would look like a new set of factors."""
    said = {
        subprocess.run(
            [sys.executable, "-c", PRINT, str(BORLANGE)],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=BORLANGE.parents[1],
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip

    assert len(said) == 1


def test_factors_and_price_lists_are_read_again_as_they_were() -> None:
    """What differs is told by comparing the things themselves."""
    town = load_municipality(BORLANGE)
    forms = forms_of(town.portfolio, town.factors, town.tariffs, Limits(), (), "")

    assert factors_from(forms.common[FACTORS]) == town.factors
    assert tariffs_from(forms.common[TARIFFS]) == town.tariffs


def test_what_cannot_be_read_is_none() -> None:
    """A form of a later or earlier program; everything is calculated again then."""
    assert factors_from('{"factors": [{"id": 1}]}') is None


def test_the_fingerprint_of_the_program_is_of_its_text() -> None:
    """It is there, and stays while the text does."""
    assert len(code_fingerprint()) == 16
    assert code_fingerprint() == code_fingerprint()

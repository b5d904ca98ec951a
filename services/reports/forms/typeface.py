"""The typeface of reports, their charts and their pages: files of ours, never what the machine happens to have.

Source Sans 3 (3.052, SIL Open Font License, `fonts/OFL.txt`): every sign that reports use (å, ₂, ≈, ± …) and figures of one
width. Another version lays lines out otherwise, so the files are held to their sums.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

import typst

from config.errors import ReportError

FAMILY = "Source Sans 3"
FOLDER = Path(__file__).parent / "fonts"
FILES = {
    "SourceSans3-Regular.ttf": "393fb5b878ceed04aebc34b097e853ae5138c51d0c34b496ce8e2b47e0d0b94a",
    "SourceSans3-Bold.ttf": "7109021766e915ecd9721e28d11dfc732d57affda49e4ca15bb6d1529add7fdd",
    "SourceSans3-It.ttf": "f17facaa9ed293bb38526db3638e240510b7393c37ffa70e5c48f39575de44ab",
    "SourceSans3-BoldIt.ttf": "b66029c11e09452eaa321abe93883970bc0f3eacc347a1c9d5828db9d379cbb0",
}
STYLES = frozenset((FAMILY, style, weight) for style in ("normal", "italic") for weight in (400, 700))


@cache
def typeface(folder: Path = FOLDER) -> typst.Fonts:
    """The four styles, and no other font.

    Raises:
        ReportError: a file is absent or another than it was. Without it a text would be drawn in another font, or not at all,
            and nobody would be told.
    """
    for name, known in FILES.items():
        try:
            actual = sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise _fault(folder, f"{name} is not there", f"{name} finns inte") from error
        if actual != known:
            raise _fault(folder, f"{name} is another file than it should be", f"{name} är en annan fil än den ska vara")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    found = sorted((font.family, font.style, font.weight) for font in fonts.fonts())
    if found != sorted(STYLES):
        odd = "; ".join(f"{family} {style} {weight}" for family, style, weight in found)
        raise _fault(folder, f"not the four styles: {odd}", f"inte de fyra snitten: {odd}")
    return fonts


def _fault(folder: Path, what: str, sv: str) -> ReportError:
    return ReportError(
        f"fonts of the reports, {folder}: {what}. Install energimonitor again, or put back the four files of its package",
        f"rapporternas teckensnitt, {folder}: {sv}. Installera om energimonitor eller lägg tillbaka paketets fyra filer",
    )

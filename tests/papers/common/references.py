"""Pictures of a few pages, to be compared with those of today; `make references` renews them.

Look at the new pictures before committing them: they are what a paper is meant to look like.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests.papers.common.samples import printed

FOLDER = Path(__file__).with_name("reference")
DOTS = 60  # an inch: a page's layout, not its letters
LEVELS = 16  # of grey in a stored picture

# The paper, and the page from 1.
PAGES: dict[str, tuple[str, int]] = {
    "scorecard-first": ("scorecard", 1),
    "scorecard-lines": ("scorecard", 2),
    "scorecard-trial-first": ("scorecard-trial", 1),
    "scorecard-strange-first": ("scorecard-strange", 1),
    "scorecard-strange-lines": ("scorecard-strange", 3),
    "province-first": ("province", 1),
    "enclave-first": ("enclave", 1),
    "form-quarter": ("form-quarter", 1),
    "form-tasks": ("form-tasks", 1),
}

# A reader of PDF may draw an edge a little lighter or darker; a line elsewhere is another page.
MEAN, SHARE, STEP = 2.0, 0.004, 48


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean difference of two pictures in levels of 255, and the share of points that differ by
    more than `STEP` levels; both after blurring, so that half a dot does not count."""

    mean: float
    share: float

    @property
    def tolerable(self) -> bool:
        return self.mean <= MEAN and self.share <= SHARE


def picture(pdf: bytes, page: int) -> Image.Image:
    """A page in levels of grey."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "page"
        options = ["-r", str(DOTS), "-gray", "-png", "-singlefile"]
        pages = ["-f", str(page), "-l", str(page)]
        subprocess.run(["pdftoppm", *options, *pages, "-", str(target)], input=pdf, check=True)
        with Image.open(target.with_suffix(".png")) as found:
            return found.convert("L")


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """How much two pictures differ; of another size they differ in all."""
    if one.size != other.size:
        return Difference(255, 1)
    blur = ImageFilter.BoxBlur(1)
    counts = ImageChops.difference(one.filter(blur), other.filter(blur)).histogram()
    dots = sum(counts)
    mean = sum(level * count for level, count in enumerate(counts)) / dots
    return Difference(mean, sum(counts[STEP + 1 :]) / dots)


def reference(name: str) -> Image.Image:
    """The stored picture of a page."""
    with Image.open(FOLDER / f"{name}.png") as found:
        return found.convert("L")


def renew() -> None:
    """Draw all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name, (paper, page) in PAGES.items():
        drawn = picture(printed(paper), page).quantize(LEVELS)
        drawn.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    renew()

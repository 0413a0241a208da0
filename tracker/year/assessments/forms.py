"""The form that freezes and scores a year."""

from __future__ import annotations

from tracker.web.forms import Form, choice, offer
from tracker.web.period import years


class ScoreForm(Form):
    """Which year to score."""

    year = choice("考核年度", coerce=int)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        offer(self.year, [(year, f"{year} 年度") for year in years()])

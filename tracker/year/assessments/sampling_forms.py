"""The forms of a sample: drawing it, and what was found of what was drawn."""

from __future__ import annotations

from tracker.web.forms import CountField, Form, Required, long_text, text
from tracker.year.assessments.sampling import NOTE_LENGTH, SEED_LENGTH


class DrawForm(Form):
    """How many are drawn, and by which seed."""

    makes = True

    size = CountField(
        "抽取数", [Required()], most=10_000, description="从可抽的指标值中抽取多少项。"
    )
    seed = text(
        "种子",
        SEED_LENGTH,
        required=True,
        description="公开的一段文字，宜用事先约定、抽取前无人能知的，例如当日福利彩票开奖号码。"
        "抽取后公布，不能更改；每次抽取都留存并列出。",
    )


class ResultForm(Form):
    """What a look at the chosen figures gave; which, comes with the request."""

    note = long_text(
        "说明", NOTE_LENGTH, description="不合格的须写明问题，例如凭证金额少于上报值。"
    )

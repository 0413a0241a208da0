"""The forms that issue papers and that ask whether one is genuine."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.validators import StopValidation

from tracker.web.forms import Form, long_text, text


def _confirmed(form: Form, field: BooleanField) -> None:
    if not field.data:
        raise StopValidation("签发后不能撤回，请先确认。")


class IssueForm(Form):
    """Issue the papers of a year's latest snapshot; `reason` where the year was issued before."""

    reason = long_text("重新签发的原因", 400)
    confirmed = BooleanField("我已核对，确认签发", validators=[_confirmed])


class VerifyForm(Form):
    """A number to look up, or a file to compare."""

    number = text(
        "编号",
        300,
        description="印在文书首页和各页页眉，例如 SH2024-S01-0001；也可粘贴扫描二维码所得的文字。",
    )
    file = FileField("文书文件（PDF）", description="文件只在内存中比对，不保存。不超过 4 MB。")

"""The form of where one wants reminders sent."""

from __future__ import annotations

import re

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from tracker.web.forms import Form, text

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class AddressForm(Form):
    """Where reminders go beside the page."""

    email = text(
        "电子邮箱",
        200,
        description="不填，就不发邮件；页面上的提醒总在。",
        render_kw={"type": "email", "autocomplete": "email"},
    )
    by_webhook = BooleanField("也经消息接口（如浙政钉）提醒我")

    def validate_email(self, field: Field) -> None:
        if field.data and not _ADDRESS.fullmatch(field.data):
            raise ValidationError("邮箱应如 name@example.com，只用半角字符。")

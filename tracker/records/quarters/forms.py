"""The form that posts the quarter's grid."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField

from tracker.web.forms import Form, long_text
from tracker.web.plausibility import Doubt, asked_of


class PostForm(Form):
    """That all drafts are meant to be posted, and why what is unusual is right; `confirmed` is what
    was shown."""

    makes = True

    why = long_text("核实说明", 480)
    aware = BooleanField("")
    confirmed = HiddenField()

    def ask(self, doubts: Sequence[Doubt]) -> None:
        """Say what the answer has to say, by what is in doubt; then it has to be given."""
        self.why.flags.required = True
        self.why.description = f"{asked_of(doubts)}；有误的请返回表中改正。随各条记录保存。"

    def ask_again(self, number: int) -> None:
        """Ask whether `number` drafts are right although what is on record changed since."""
        if number:
            self.aware.label.text = f"这 {number} 格已按现在登记的数核对，确认登记"
        else:
            del self.aware

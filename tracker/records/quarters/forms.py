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

    def ask(self, doubts: Sequence[Doubt], corrections: int = 0) -> None:
        """Say what the answer has to say, by what is in doubt and how many entries are corrected;
        then it has to be given."""
        self.why.flags.required = True
        asked = [asked_of(doubts)] if doubts else []
        asked += [f"写明这 {corrections} 笔为什么更正"] if corrections else []
        self.why.description = f"{'；'.join(asked)}；有误的请返回表中改正。随各条记录保存。"

    def ask_again(self, number: int) -> None:
        """Ask whether `number` drafts are right although what is on record changed since."""
        if number:
            self.aware.label.text = f"这 {number} 格已按现在登记的数核对，确认登记"
        else:
            del self.aware

"""What is asked once before a record is saved of which something is unusual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from wtforms import HiddenField

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.web.forms import Form, long_text
from tracker.web.kit.doubted import keep_answer
from tracker.web.plausibility import Doubt, asked_of


class WhyForm(Form):
    """Why what is unusual is right; `asked` is what the person was asked."""

    why = long_text("核实说明", 480, required=True)
    asked = HiddenField()


@contextmanager
def answering(doubts: Sequence[Doubt], why: str) -> Iterator[None]:
    """Keep `why`, the answer to `doubts`, in the trail with all that is written in the block."""
    asked = "".join(doubt.words for doubt in doubts)
    with because(db.session, f"存疑：{asked}核实说明：{why}"):
        yield


class Question:
    """The question about the form that was sent: nothing, `words` to be answered, or answered."""

    def __init__(self) -> None:
        self.doubts: Sequence[Doubt] = ()
        self.form: WhyForm | None = None

    @property
    def words(self) -> list[str]:
        """What is unusual, in sentences."""
        return [doubt.words for doubt in self.doubts]

    @property
    def mark(self) -> str:
        """What the form carries along of what was asked; other doubts are asked about again."""
        return sha256("".join(self.words).encode()).hexdigest()[:32] if self.words else ""

    def answered(self, doubts: Sequence[Doubt]) -> bool:
        """Whether there is nothing to ask, or what is asked has been answered."""
        self.doubts = doubts
        if not doubts:
            return True
        self.form = WhyForm(prefix="doubt-")
        self.form.why.description = f"{asked_of(doubts)}；有误的请在上面改正。"
        if self.form.asked.data != self.mark:
            return False
        return self.form.validate()

    @contextmanager
    def because(self) -> Iterator[None]:
        """Keep the answer in the trail with all that is written within the block."""
        if not self.words:
            yield
            return
        with answering(self.doubts, self._why):
            yield

    @property
    def _why(self) -> str:
        assert self.form is not None, "what was asked was answered"
        return self.form.why.data

    def keep(self, kind: Any, record: Any, user: Any) -> None:
        """Keep the answer among the doubts as well, where the reviewers have them all."""
        if self.doubts:
            keep_answer(kind, record, self.doubts, self._why.strip(), user)

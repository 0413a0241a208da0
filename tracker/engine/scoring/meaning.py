"""What rulebooks and facts mean to each version of the engine that ever froze a year.

A snapshot is shown with the meaning of the engine that froze it; what is scored anew has the
newest. A version that changes what is given, said or refused adds a field and a value here.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of one version of the engine, which its results name.

    `counts_from_zero`: a negative target of `ratio` and a negative count under `deduct` cannot be
    scored, and where lower is better 0 and less give the cap. `folds_names`: codes and classes are
    compared after NFKC and without the blanks around them. `may_not_assess`: a subject to whom
    nothing applies has no grade and no rank. `points_fit`: points are no finer than the rounding.
    `tells_rounding`: explanations mark rounded figures and tell conditions in words. `tells_whole`:
    results carry what the points alone would have given and why the grade is another, the next
    points are those of the total, a line that counts 0 by rule is told as such, and figures are
    grouped. `tells_units`: explanations group thousands, name units where they are known, and what
    they print comes to what they say, or carries ≈. `tells_short`: no figure that is said has more
    than two decimals unless it would seem to be 0, or what it is held against; what that rounds
    carries ≈, and minus is −. `classes`: those that were known, in this
    order, though no rulebook could declare them.
    """

    engine: str
    counts_from_zero: bool = True
    folds_names: bool = True
    may_not_assess: bool = True
    points_fit: bool = True
    tells_rounding: bool = True
    tells_whole: bool = True
    tells_units: bool = True
    tells_short: bool = True
    classes: tuple[str, ...] = ()

    def same(self, name: str) -> str:
        """A code or class as it is compared: two with equal results are the same."""
        return folded(name) if self.folds_names else name


CURRENT = Meaning("1.4")
ENGINE = CURRENT.engine

_1_3 = Meaning("1.3", tells_short=False)
_1_2 = Meaning("1.2", tells_units=False, tells_short=False)
_1_1 = Meaning("1.1", tells_whole=False, tells_units=False, tells_short=False)
_1_0 = Meaning(
    "1.0",
    counts_from_zero=False,
    folds_names=False,
    may_not_assess=False,
    points_fit=False,
    tells_rounding=False,
    tells_whole=False,
    tells_units=False,
    tells_short=False,
    classes=("跨越发展类", "生态发展类"),
)
_MEANINGS = {meaning.engine: meaning for meaning in (_1_0, _1_1, _1_2, _1_3, CURRENT)}


class UnknownEngineError(LookupError):
    """A version of the engine that this program does not know; the message is for the user."""


def meaning_of(engine: str) -> Meaning:
    """The meaning of a version of the engine. Raises UnknownEngineError."""
    try:
        return _MEANINGS[engine]
    except KeyError:
        known = "、".join(_MEANINGS)
        raise UnknownEngineError(f"不认识计分引擎 {engine}，本程序能用的是 {known}") from None


def engines() -> tuple[str, ...]:
    """The versions that this program can score as, the oldest first."""
    return tuple(_MEANINGS)


def folded(name: str) -> str:
    """A name after NFKC and without the blanks around it."""
    return unicodedata.normalize("NFKC", name).strip()

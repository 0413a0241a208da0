"""What is visible of other places' points: one table, stage × who (docs/procedure-sight.md).

Whose card one may open at all follows from the places (`places.queries.regions_of`), at every
stage; this table says what beside it, and what on it, tells of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Flag, auto
from types import MappingProxyType

from tracker.core.db.codes import LabelledEnum
from tracker.year.procedure.models import Stage


class Sight(Flag):
    """What somebody sees of cards that are not of the own places, and of what rests on them."""

    NOTHING = 0
    RANGE = auto()  # how many the class has, its lowest and its highest total
    RANKS = auto()  # the own rank, and the means of the class
    OWN_GRADE = auto()  # the own grade, why it is that, and prizes
    POINTS = auto()  # of every county and city: name, total and rank
    GRADES = auto()  # and grade, with prizes
    CARDS = auto()  # every card whole, with the facts of all


class Who(LabelledEnum):
    """Who looks. What is visible does not differ between the roles of one level."""

    COUNTY = "county", "县（市、区）工作人员、领导"
    CITY = "city", "市级工作人员、审核人员、领导"
    PROVINCE = "province", "省级考核人员、领导"
    ADMINISTRATOR = "administrator", "系统管理员"
    ELSEWHERE = "elsewhere", "其他市县的人员（对一个市的市考县）"
    PUBLIC = "public", "任何人（核验页）"


_RANGE = Sight.RANGE
_UNOPENED = Sight.RANGE | Sight.RANKS | Sight.OWN_GRADE
_NOTICE = Sight.RANGE | Sight.RANKS | Sight.POINTS
_CIRCULAR = _NOTICE | Sight.OWN_GRADE | Sight.GRADES
_ALL = ~Sight.NOTHING


def _row(places: Sight, public: Sight = Sight.NOTHING) -> Mapping[Who, Sight]:
    return MappingProxyType(
        {
            Who.COUNTY: places,
            Who.CITY: places,
            Who.PROVINCE: _ALL,
            Who.ADMINISTRATOR: Sight.NOTHING,
            Who.ELSEWHERE: Sight.NOTHING,
            Who.PUBLIC: public,
        }
    )


# None: the year's assessment was never opened, as of years before there were stages; what was
# visible of them stays.
TABLE: Mapping[Stage | None, Mapping[Who, Sight]] = MappingProxyType(
    {
        None: _row(_UNOPENED),
        Stage.PREPARING: _row(_RANGE),
        Stage.SELF: _row(_RANGE),
        Stage.CITY: _row(_RANGE),
        Stage.PROVINCE: _row(_RANGE),
        Stage.NOTICE: _row(_NOTICE),
        Stage.OBJECTIONS: _row(_NOTICE),
        Stage.FINAL: _row(_NOTICE),
        Stage.CIRCULAR: _row(_CIRCULAR, Sight.POINTS | Sight.GRADES),
    }
)

# With which cards are printed that lack something.
WITHHOLDING = (_RANGE, _NOTICE)

RANK_LATER = "尚未公布"
# Of a scoring after the notice, which another one of the year was put to.
RANK_NOT_OF_THIS = f"这次计分{RANK_LATER}"
GRADE_LATER = "通报后公布"

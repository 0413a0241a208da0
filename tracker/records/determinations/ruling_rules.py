"""Ruling on one fact, whatever page it is done on: the form, what has to be checked before, what is
asked, and the words of how a fact stands."""

from __future__ import annotations

from tracker.core.quantities.shown import in_words
from tracker.records.accounts.owners import of_owner
from tracker.records.determinations import service
from tracker.records.determinations.fact_rules import plain, rule
from tracker.records.determinations.forms import RulingForm, ShareForm, written
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.web.asking import Act
from tracker.year.assessments.awaited import FactToRule, SubjectToRule
from tracker.year.measures.fields import measured

STAYS = "核定记下后不能修改或删除；要改变结论，只能再作一次核定，两次都留在核定经过中。"
# Of a fact on which nobody decided; and of all that a level has to decide on, what is taken over or
# was decided on another figure included.
_UNRULED, _AWAITED = {RulingLevel.CITY: "未初审"}, {RulingLevel.CITY: "待初审"}
_NOT_RULED, _TO_RULE = "未核定", "待核定"
CHANGED, TAKEN_OVER = "裁定后记录有变", "沿用初审"


def form_of(one: FactToRule) -> RulingForm:
    """The form that rules on a fact, in its unit; it carries what the person sees of the fact."""
    form = (ShareForm if one.unit == "比例" else RulingForm)(one.unit)
    if not form.is_submitted():
        form.reported.data, form.latest.data = written(one.reported), str(one.latest)
    return form


def ruled_as(
    form: RulingForm, found: SubjectToRule, one: FactToRule, level: RulingLevel
) -> Determination | None:
    """Rule on a fact as `form` says; None where something is at fault, which the form tells."""
    if not form.validate_on_submit():
        return None
    _check_seen(form, one)
    if form.errors:
        return None
    try:
        return rule(found, one, level, form.ruling.data, form.value.data, form.reason.data)
    except service.RulingError as error:
        form.add_error(error.field, str(error))
        return None


def _check_seen(form: RulingForm, one: FactToRule) -> None:
    """Whether the fact is still the one that the person saw."""
    if form.reported.data != written(one.reported):
        form.form_errors.append(f"上报值已变为{plain(one)}，请按新值再定。")
    elif form.latest.data != str(one.latest):
        form.form_errors.append("您打开之后，已有人作出核定，见下面的核定经过。请核对后再定。")
    if form.form_errors:
        form.reported.data, form.latest.data = written(one.reported), str(one.latest)
        form.reported.raw_data = form.latest.raw_data = None


def deciding(found: SubjectToRule, one: FactToRule, made: Determination, back: str) -> Act:
    """What is asked of the province before `made` is kept; `back` is the page of the fact."""
    card = found.card
    before = one.of(RulingLevel.PROVINCE)
    said = "" if made.value is None else f"为 {in_words(measured(made.value, one.name))}"
    says = [
        f"{card.subject_name} {card.snapshot.year} 年度{one.label}，上报值 {plain(one)}："
        + of_owner(f"将由省级{made.ruling.label}", made.owner_region_id)
        + f"{said}，记一条{made.level.label}。"
    ]
    if made.reason:
        says.append(f"理由：{made.reason}")
    if before is not None:
        says.append(f"此前的{before.level.label}{before.ruling.label}保留在核定经过中。")
    says.append(STAYS)
    title = f"{made.level.label}{one.label}（{card.subject_name}）"
    return Act(title, says, made.ruling.label, back, "determinations.index")


def awaited_word(level: RulingLevel) -> str:
    """What is said of the facts that `level` has to decide on (`FactToRule.awaits`)."""
    return _AWAITED.get(level, _TO_RULE)


def marks_of(one: FactToRule, level: RulingLevel) -> tuple[str, ...]:
    """What has to be seen of a fact at `level`: nobody decided on it, the records say something
    else since, or what was decided below is taken over. Nothing where the level decided itself."""
    stands = one.at(level)
    if stands.ruling is None:
        # A city is not told that the province still has to.
        word = _NOT_RULED if one.of_city else _UNRULED.get(level, _NOT_RULED)
        return (word,) if one.undecided(level) else ()
    found = []
    if stands.changed:
        found.append(CHANGED)
    if level is RulingLevel.PROVINCE and stands.ruling.level is RulingLevel.CITY:
        found.append(TAKEN_OVER)
    return tuple(found)

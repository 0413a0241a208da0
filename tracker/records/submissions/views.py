"""What was due and what was filed: the list of filings and their entry, the steps that each goes,
and the last days of a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.quantities.clock import written
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project
from tracker.records.projects.sharing import shared_in, view_words
from tracker.records.submissions import checking, service, workdays
from tracker.records.submissions.beside import parts_of
from tracker.records.submissions.forms import FORMS, PassForm, PeriodsForm
from tracker.records.submissions.kinds import HOLIDAYS, SUBMISSIONS
from tracker.records.submissions.models import (
    QUARTERS,
    Filing,
    FilingAct,
    FilingKind,
    FilingState,
)
from tracker.records.submissions.part_kinds import FILING_PARTS
from tracker.records.submissions.queries import InTime, in_time
from tracker.records.submissions.steps import STEPS, WAY, Step, is_one_of, waits_for
from tracker.web.access import requires
from tracker.web.kit import Blocked, blocked_page, detail_page, record_blueprint
from tracker.web.kit.acts import version_of
from tracker.web.period import selected_year
from tracker.web.transactions import writes
from tracker.web.ways import way

# Steps before which a person looks at what the check finds.
_CHECKED = (
    FilingAct.APPROVED,
    FilingAct.SUBMITTED,
    FilingAct.CITY_REVIEWED,
    FilingAct.REVIEWED,
)
CHANGED = "这份报送刚刚有变动，请核对现在的进度后再办理。"


def _detail(filing_id: int) -> ResponseReturnValue:
    return detail_page(SUBMISSIONS, filing_id, data=_progress)


bp = record_blueprint(SUBMISSIONS, detail=_detail)


@bp.app_template_global()
def filed_in_time() -> InTime:
    """How many filings in view of the year were filed in time."""
    return in_time(SUBMISSIONS.in_view_of(current_user).where(Filing.year == selected_year()))


@bp.route("/periods/<int:year>", methods=["GET", "POST"])
@writes
@requires(Permission.SUBMISSIONS_EDIT)
def periods(year: int) -> ResponseReturnValue:
    """The last days of a year, set for all at once together with all that is to be filed."""
    if year not in service.YEARS:
        abort(404)
    service.need_province(current_user)
    last = service.last_days(year)
    form = PeriodsForm(data={each.kind.value: each.stated_on for each in last})
    if form.validate_on_submit():
        for kind, day in form.stated().items():
            if said := service.why_not_due(year, kind, day):
                form[kind.value].errors = [said]
        if not form.errors:
            done = service.open_year(current_user, year, form.stated())
            said = f"已设定 {year} 年度的报送期限；新增报送 {done.made} 份"
            flash(f"{said}，{done.moved} 份未报送的改了期限。", "success")
            return redirect(url_for(".periods", year=year))
    page = render_template(
        "submissions/periods.html",
        form=form,
        of_year=year,
        last=last,
        lacking=service.lacking(year),
        there=service.number_of_filings(year),
        unknown=_unknown_years(last),
        kinds=FilingKind,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<id:filing_id>/check")
@requires(Permission.SUBMISSIONS_VIEW)
def check(filing_id: int) -> ResponseReturnValue:
    """All that the check before filing finds, as a tree, also what takes longer to find."""
    filing = _filing(filing_id)
    return _check_page(filing, checking.check(filing, costly=True), PassForm(formdata=None))


@bp.post("/<id:filing_id>/check")
@requires(Permission.SUBMISSIONS_SUBMIT)
def pass_over(filing_id: int) -> ResponseReturnValue:
    """Pass the chosen warnings, or all, with one reason."""
    filing = _filing(filing_id)
    if said := checking.why_not_pass(current_user, filing):
        status = 409 if current_user.region_id == filing.place.id else 403
        return blocked_page(
            SUBMISSIONS, filing, None, Blocked(said), status=status, doing="说明提示"
        )
    return _pass(filing_id, checking.check(filing, costly=True))


@writes
@requires(Permission.SUBMISSIONS_SUBMIT)
def _pass(filing_id: int, tree: checking.Tree) -> ResponseReturnValue:
    filing, form = _filing(filing_id), PassForm()
    if form.validate_on_submit():
        marks = None if request.form.get("all") else request.form.getlist("fault")
        try:
            number = checking.pass_over(current_user, filing, tree, marks, form.reason.data)
        except checking.PassError as error:
            form.form_errors.append(str(error))
        else:
            flash(f"已为 {number} 条提醒记下理由，审核人看得到。", "success")
            return redirect(url_for("submissions.check", filing_id=filing.id))
    return _check_page(filing, tree, form), 422


def _check_page(filing: Filing, tree: checking.Tree, form: PassForm) -> str:
    return render_template(
        "submissions/check.html",
        kind=SUBMISSIONS,
        filing=filing,
        tree=tree,
        form=form,
        blocked=checking.why_not_pass(current_user, filing),
        passes=checking.passes(filing),
        answered=_answered(filing),
        labels=checking.labels(),
        chosen=request.form.getlist("fault"),
    )


def _filing(filing_id: int) -> Filing:
    return SUBMISSIONS.get(current_user, filing_id, SUBMISSIONS.load_detail) or abort(404)


def _unknown_years(last: Sequence[service.Last]) -> list[int]:
    """The years of last days of which no days off are known."""
    return sorted({each.due_on.year for each in last} - workdays.years_known())


def _take(act: FilingAct, filing_id: int) -> ResponseReturnValue:
    filing = _filing(filing_id)
    step = STEPS[act]
    said = service.why_not(current_user, filing, act)
    if said:
        status = 409 if _in_reach(filing, step) else 403
        return blocked_page(
            SUBMISSIONS, filing, None, Blocked(said), status=status, doing=f"办理“{step.act.label}”"
        )
    form: Any = FORMS[act](version=version_of(filing))
    tree = checking.check(filing, confirmed=True) if _is_shown(act) else None
    _ask(form, tree.to_confirm if tree else checking.to_confirm(filing) if "aware" in form else [])
    if form.validate_on_submit():
        if form.version.data != version_of(filing):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(filing))]
        elif "aware" in form and not form.aware.data:
            form.aware.errors = ["请先补填；没有数据可填、仍要办理的，请勾选确认。"]
        else:
            try:
                service.act(
                    current_user,
                    filing,
                    act,
                    reason=form.reason.data or "" if "reason" in form else "",
                    until=form.until.data if "until" in form else None,
                    address=request.remote_addr,
                )
            except service.StepError as error:
                form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已办理“{act.label}”，现在是“{filing.state.label}”。", "success")
            return redirect(SUBMISSIONS.address(filing))
    if tree is None and act in _CHECKED:
        tree = checking.check(filing, confirmed=True)
    page = render_template(
        "submissions/step.html",
        kind=SUBMISSIONS,
        filing=filing,
        step=step,
        form=form,
        says=_says(filing, act),
        tree=tree,
        grid=_grid(filing),
        onward=waits_for(filing),
    )
    return page, 422 if form.is_submitted() else 200


def _is_shown(act: FilingAct) -> bool:
    """Whether a page with what the check finds is asked for; an act itself asks for less."""
    return act in _CHECKED and request.method == "GET"


def _ask(form: Any, found: Sequence[checking.Branch]) -> None:
    """Ask of whoever approves or files to confirm what is `found`, where there is any."""
    if "aware" not in form:
        return
    if not found:
        del form.aware
        return
    said = "、".join(f"{b.rule.label} {b.number} {b.rule.thing}" for b in found)
    form.aware.label.text = f"知道{said}，仍要办理"


def _in_reach(filing: Filing, step: Step) -> bool:
    """Whether the filing is at all of the user's own place or below it."""
    if is_one_of(current_user, filing, step):
        return True
    if current_user.role is Role.STAFF:
        return current_user.region_id == filing.place.id
    within = regions_of(current_user).where(Region.id == filing.place.id)
    return db.session.scalar(within) is not None


def _says(filing: Filing, act: FilingAct) -> list[str]:
    """What a person should know before the step, in sentences."""
    if act is FilingAct.SUBMITTED:
        return _says_of_filing(filing)
    if act is FilingAct.RETURNED:
        return [
            f"退回后由{filing.place.name}修改、重新审核、再次报送。"
            "是否按时以第一次报送的时刻为准，退回不改变。"
        ]
    if act is FilingAct.LOCKED:
        return [
            "锁定后，本期的台账不能再新增、修改或提交；有误的，在未锁定的期间更正。"
            "确需改动的，由省级限期开锁。"
        ]
    if act is FilingAct.REOPENED:
        return ["开锁期间可以补改；后一期已经锁定的，金额仍不能改。到期自动恢复锁定。"]
    return []


def _says_of_filing(filing: Filing) -> list[str]:
    if filing.filed_at is not None:
        late = filing.days_late
        how = f"迟报 {late} 天" if late > 0 else "按时"
        return [
            f"这是再次报送。第一次于 {written(filing.filed_at)} 报送（{how}），是否按时不再改变。"
        ]
    late = filing.days_late
    how = f"已过期限 {late} 天，将记为迟报" if late > 0 else "在期限之内，将记为按时"
    return [f"期限为 {filing.due_on}，现在报送{how}。报送时刻由系统记下，不能更改。"]


def _progress(filing: Filing) -> dict[str, Any]:
    """The steps of a filing with the day on which each was last reached, and its events."""
    events = service.events_of(filing)
    reached: dict[FilingState, date] = {}
    for event in reversed(events):
        reached[event.to_state] = event.at
    state = filing.state
    before = WAY.index(FilingState.NOT_STARTED if state is FilingState.RETURNED else state)
    way = [
        (each, reached.get(each) if place <= before else None, place <= before)
        for place, each in enumerate(WAY)
    ]
    return {
        "way": way,
        "events": events,
        "waits_for": waits_for(filing),
        "grid": _grid(filing),
        "paper": _paper(filing),
        # What is locked has been looked at; what was passed of it is on the page of the check.
        "tree": None if filing.state is FilingState.LOCKED else checking.check(filing),
        "checked": filing.kind in checking.REPORTS,
        "below": parts_of(filing),
        "answered": _answered(filing),
        "shared": _shared(filing),
        "view_words": view_words,
    }


def _answered(filing: Filing) -> list[AnsweredDoubt]:
    """What was answered of its records when they were entered, for those who read these."""
    return checking.answered(filing) if current_user.may(Permission.LEDGER_VIEW) else []


def _shared(filing: Filing) -> list[Project]:
    """The projects of two counties that a county's report is about, its own and those of others;
    of what the reader sees."""
    if filing.region_id is None or filing.kind not in checking.REPORTS:
        return []
    days = workdays.days_covered(filing.year, filing.kind)
    return shared_in(filing.region_id, *days)


def _grid(filing: Filing) -> str:
    """The address of the grid in which the quarter is filled in; "" of what is no quarter's, and
    for those who do not see the place."""
    place = filing.place
    within = regions_of(current_user).where(Region.id == place.id)
    if filing.kind not in QUARTERS or not place.code or db.session.scalar(within) is None:
        return ""
    quarter = QUARTERS.index(filing.kind) + 1
    return url_for("quarters.page", code=place.code, year=filing.year, quarter=quarter)


def _paper(filing: Filing) -> str | None:
    """The address of the quarter's form, to be signed and sealed; None of what is no quarter's."""
    if filing.kind not in QUARTERS or not filing.place.code:
        return None
    quarter = QUARTERS.index(filing.kind) + 1
    return way("forms.quarter", region=filing.place.code, year=filing.year, quarter=quarter)


def _add(step: Step) -> None:
    view: Callable[..., ResponseReturnValue] = lambda filing_id: _take(step.act, filing_id)  # noqa: E731
    guarded = writes(requires(step.permission)(view))
    rule = f"/<id:filing_id>/{step.act.value.replace('_', '-')}"
    bp.add_url_rule(rule, step.act.value, guarded, methods=["GET", "POST"])


for _step in STEPS.values():
    _add(_step)

blueprints = (bp, record_blueprint(HOLIDAYS), record_blueprint(FILING_PARTS))

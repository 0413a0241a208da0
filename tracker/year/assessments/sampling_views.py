"""抽查: samples of reported figures by a published seed, their results and the rate."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db
from tracker.records.accounts.owners import owned_pages, selected_owner, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.levels import level_of
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.web.access import requires
from tracker.web.asking import Act, asked
from tracker.web.period import selected_year, show
from tracker.web.transactions import writes
from tracker.year.assessments import queries, sampling
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.sampling_forms import DrawForm, ResultForm
from tracker.year.assessments.sampling_models import SampledFact, Sampling
from tracker.year.measures.fields import measure_words, unit_of

USUAL = 20  # how many are drawn where nobody says
NOTHING = "本级以下没有已上报、有记录支持的指标值可抽"

bp = Blueprint("samplings", __name__, url_prefix="/samplings")
owned_pages(bp)


@bp.get("/")
@requires(Permission.DETERMINATIONS_VIEW)
def index() -> ResponseReturnValue:
    """All draws of the year with their seeds and rates, and the form for another."""
    return _index_page(None)


@bp.post("/")
@requires(Permission.DETERMINATIONS_RULE)
def draw() -> ResponseReturnValue:
    """Draw a sample of what the places below the user reported, once that was confirmed."""
    snapshot = queries.latest_snapshot(selected_year(), selected_owner())
    found = _candidates(snapshot) if snapshot else []  # scored before anybody has to wait for it
    return _draw(found)


@writes
@requires(Permission.DETERMINATIONS_RULE)
def _draw(found: list[sampling.Candidate]) -> ResponseReturnValue:
    form: Any = DrawForm()
    level = level_of(current_user, selected_owner())
    snapshot = queries.latest_snapshot(selected_year(), selected_owner())
    if level is None:
        who = "抽查由市级审核人员和省级考核人员办理。"
        of_city = "市考县的抽查由该市的审核人员办理。"
        form.form_errors.append(who if selected_owner() is None else of_city)
    elif snapshot is None:
        form.form_errors.append("这一年度尚未计分，没有可抽查的指标值。")
    elif not found:
        form.form_errors.append(f"{NOTHING}，没有抽取。")
    elif form.validate_on_submit():
        region = db.session.get_one(Region, current_user.region_id)
        try:
            made = sampling.draw(
                current_user, snapshot, region, level, found, form.seed.data, form.size.data
            )
        except sampling.SamplingError as error:
            form.add_error(error.field, str(error))
        else:
            if page := asked(_drawing(made)):
                return page
            flash(f"已抽取 {made.size} 项，种子和抽到的指标已公布。", "success")
            return redirect(url_for("samplings.detail", sampling_id=made.id))
    return _index_page(form), 422


def _drawing(made: Sampling) -> Act:
    says = [
        f"将从 {made.year} 年度 {made.population} 项已上报、有记录支持的指标值中，"
        f"按种子“{made.seed}”抽取 {made.size} 项，随即公布。",
        "抽取记下后不能更改或删除；再抽的，与这一次一并列出。",
    ]
    back = url_for("samplings.index", year=made.year)
    given = str(made.snapshot_id)
    return Act("抽取抽查样本", says, "抽取", back, "determinations.index", given=given)


@bp.get("/<id:sampling_id>")
@requires(Permission.DETERMINATIONS_VIEW)
def detail(sampling_id: int) -> ResponseReturnValue:
    """One draw: its seed and method, what was drawn as far as the user may see it, its rates."""
    return _detail_page(_get(sampling_id), ResultForm(formdata=None))


@bp.post("/<id:sampling_id>")
@writes
@requires(Permission.DETERMINATIONS_RULE)
def result(sampling_id: int) -> ResponseReturnValue:
    """Note what was found of the chosen figures."""
    found, form = _get(sampling_id), ResultForm()
    if said := _not_theirs(found):
        form.form_errors.append(said)
        return _detail_page(found, form), 409
    passed = request.form.get("passed")
    if form.validate_on_submit():
        if passed not in ("0", "1"):
            form.form_errors.append("请选“合格”或“不合格”。")
        else:
            chosen = {int(each) for each in request.form.getlist("fact") if each.isdecimal()}
            try:
                number = sampling.note(
                    current_user, found, chosen, passed == "1", form.note.data or ""
                )
            except sampling.SamplingError as error:
                if error.field:
                    form.add_error(error.field, str(error))
                else:
                    form.form_errors.append(str(error))
            else:
                flash(f"已登记 {number} 项的核查结果。", "success")
                return redirect(url_for("samplings.detail", sampling_id=found.id))
    return _detail_page(found, form), 422


def _get(sampling_id: int) -> Sampling:
    found = sampling.get(sampling_id) or abort(404)
    show(found.year)
    show_owner(found.snapshot.owner_region_id)
    return found


def _not_theirs(found: Sampling) -> str:
    """Why the user notes no results of a draw."""
    if found.region_id == current_user.region_id:
        return ""
    return f"这次抽查由{found.region.name}抽取，结果也由{found.region.name}登记。"


def _candidates(snapshot: Snapshot) -> list[sampling.Candidate]:
    """What the user may draw from: the figures of all that lies below, whatever is in view."""
    return sampling.population(snapshot, queries.cards_below(snapshot, current_user))


def _index_page(form: DrawForm | None) -> str:
    year = selected_year()
    snapshot = queries.latest_snapshot(year, selected_owner())
    draws = (
        current_user.may(Permission.DETERMINATIONS_RULE)
        and level_of(current_user, selected_owner()) is not None
    )
    population = len(_candidates(snapshot)) if snapshot and draws else 0
    if form is None:
        usual = {"seed": secrets.token_hex(8), "size": min(USUAL, population) or USUAL}
        form = DrawForm(formdata=None, data=usual)
    return render_template(
        "determinations/samplings.html",
        form=form,
        snapshot=snapshot,
        draws=draws,
        population=population,
        nothing=NOTHING,
        samplings=[
            (each, sampling.rate_of(each.facts))
            for each in sampling.samplings_of(year, selected_owner())
        ],
        scored_years=queries.years_with_snapshots(selected_owner()),
    )


def _detail_page(found: Sampling, form: ResultForm) -> str:
    mine = set(db.session.scalars(regions_of(current_user)))
    facts = [fact for fact in found.facts if fact.region_id in mine]
    return render_template(
        "determinations/sampling.html",
        found=found,
        form=form,
        facts=facts,
        hidden=len(found.facts) - len(facts),
        rate=sampling.rate_of(found.facts),
        places=_by_place(found, facts),
        blocked=_not_theirs(found),
        key_of=lambda fact: sampling.key_of(found.seed, _name(fact)),
        chosen=request.form.getlist("fact"),
        unit_of=unit_of,
        measure_words=measure_words,
        fact_page=_fact_page,
    )


def _name(fact: SampledFact) -> tuple[str, str, str]:
    return fact.sheet, fact.subject_code, fact.measure


def _fact_page(fact: SampledFact) -> str | None:
    values: Mapping[str, Any] = {
        "year": fact.sampling.year,
        "sheet": fact.sheet,
        "subject_code": fact.subject_code,
        "measure": fact.measure,
    }
    return url_for("determinations.fact", **values)


def _by_place(found: Sampling, facts: list[SampledFact]) -> list[tuple[Region, sampling.Rate]]:
    """The rate of each county that has cards in the snapshot and that the user sees: 未抽查 where
    nothing of it was drawn."""
    places = queries.places_of(found.snapshot, found.region, current_user)
    return [
        (place, sampling.rate_of([fact for fact in facts if fact.region_id == place.id]))
        for place in places
    ]

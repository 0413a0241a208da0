"""The pages of a kind of record: list, detail, form, deletion."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import TwinError, db, units
from tracker.web.access import requires
from tracker.web.forms import Form, long_text
from tracker.web.kept import Drawing, kept_for_each
from tracker.web.kit import acts, looks
from tracker.web.kit.conflicts import SEEN, Difference, decided, differences, marks
from tracker.web.kit.declared import Action, Blocked, Section, Show
from tracker.web.kit.doubted import doubts_of
from tracker.web.kit.files import addresses_of, offer_files
from tracker.web.kit.history import history_of
from tracker.web.kit.kinds import Kind, children_of, iter_fields
from tracker.web.kit.listing import Listing, listing_of
from tracker.web.kit.offered import constraints_for, ended_links, form_for
from tracker.web.kit.questions import Question
from tracker.web.marks import mark
from tracker.web.tables import asked_number
from tracker.web.transactions import ConflictError, field_errors, writes

LOOK = "look"  # the button that says what a record would be warned of, and keeps nothing

FOLDED_AFTER = 5


class ReasonForm(Form):
    """Why a record is deleted."""

    reason = long_text(
        "理由", 500, required=True, description="例如：与另一条重复登记。理由留在操作记录中。"
    )


def record_blueprint(
    kind: Kind, detail: Callable[[int], ResponseReturnValue] | None = None
) -> Blueprint:
    """The pages of `kind`, each asking for the kind's permission; `detail` shows one record in
    another way than all kinds do.

    Endpoints: index, export (the list as a file), detail (unless the kind's page is elsewhere), and
    new, edit, delete where records of the kind are entered by hand.
    """
    bp = Blueprint(kind.key, __name__, url_prefix=kind.prefix)
    page = detail or (lambda record_id: detail_page(kind, record_id))
    one = f"<id:{kind.argument}>"
    parent = kind.parent.column if kind.parent else ""
    above = f"/<id:{parent}>/{kind.slug}" if parent else ""
    base = f"/{kind.slug}" if parent else ""

    def add(rule: str, name: str, permission: Any, view: Any, *, sent: bool = False) -> None:
        guarded = requires(permission)(view)
        guarded = writes(guarded) if sent else guarded
        mark(guarded, form=kind.form if sent else None)
        methods = ["GET", "POST"] if sent else ["GET"]
        bp.add_url_rule(rule, name, guarded, methods=methods)

    add(f"{above}/", "index", kind.view, kept_for_each(lambda **at: list_of(kind, at.get(parent))))
    offer_files(bp, kind, above)
    if not kind.detail_endpoint:
        add(f"{base}/{one}", "detail", kind.view, lambda **at: page(at[kind.argument]))
    if kind.form is not None and kind.edit is not None:
        add(
            f"{above}/new",
            "new",
            kind.edit,
            lambda **at: new_page(kind, at.get(parent)),
            sent=True,
        )
        add(
            f"{base}/{one}/edit",
            "edit",
            kind.edit,
            lambda **at: edit_page(kind, at[kind.argument]),
            sent=True,
        )
        add(
            f"{base}/{one}/delete",
            "delete",
            kind.edit,
            lambda **at: delete_page(kind, at[kind.argument]),
            sent=True,
        )
    return bp


def list_page(kind: Kind, parent_id: int | None = None, **data: object) -> ResponseReturnValue:
    """The list of `kind`, or of what was entered under one parent."""
    page = list_of(kind, parent_id, None, **data)
    return render_template(page.name, **page.shown)


def list_of(
    kind: Kind, parent_id: int | None = None, listing: Listing | None = None, **data: object
) -> Drawing:
    """The page of such a list, before it is drawn; `listing` where it was looked up before."""
    parent = _parent(kind, parent_id)
    listing = listing or listing_of(kind, current_user, parent)
    return Drawing(
        kind.list_template,
        kind=kind,
        listing=listing,
        parent=parent,
        files=addresses_of(listing),
        ways_in=[way for maker in _ways_in for way in maker(kind, parent)],
        new_blocked=_new_blocked(kind, parent),
        **data,
        **_tools(),
    )


def detail_page(
    kind: Kind,
    record_id: int,
    *,
    sections: Sequence[Section] = (),
    actions: Sequence[Action] = (),
    data: Callable[[Any], Mapping[str, object]] = lambda record: {},
) -> ResponseReturnValue:
    """One record. `sections` and `actions` add to those of the kind, `data(record)` is for a
    template of the kind's own. 404 out of the user's sight."""
    record = kind.get(current_user, record_id, kind.load_detail) or abort(404)
    return render_template(
        kind.detail_template,
        kind=kind,
        record=record,
        parent=kind.parent_of(record),
        groups=list(iter_fields(kind.groups)),
        sections=_sections(record, [*kind.sections, *sections, *_every_section(kind)]),
        actions=_actions(kind, record, actions),
        children=_children(kind, record),
        history=history_of(kind, record, asked_number("older")),
        folded_after=FOLDED_AFTER,
        **data(record),
        **_tools(),
    )


def new_page(kind: Kind, parent_id: int | None = None) -> ResponseReturnValue:
    """The form for a new record."""
    parent = _parent(kind, parent_id)
    blocked = _new_blocked(kind, parent)
    if blocked is not None:
        return blocked_page(kind, None, parent, blocked, doing=f"{kind.verb}{kind.label}")
    if parent is not None and (other := kind.under.instead(parent)):
        return redirect(other)
    form = form_for(kind, None, data=dict(kind.defaults(current_user, parent)))
    form.makes = True
    question = Question()
    valid = form.validate_on_submit() and not ended_links(kind, form, None)
    answered = valid and question.answered(doubts_of(kind, None, parent, form.values()))
    if answered and LOOK not in request.form:
        try:
            with field_errors(form, constraints_for(kind, form)), question.because():
                record = acts.create(kind, current_user, parent, form.values())
                question.keep(kind, record, current_user)
        except acts.BlockedError as error:
            form.form_errors.append(str(error))
        except TwinError as error:
            form.add_error("name", _twin_words(kind, error.twin))
        except acts.RefusedError as error:
            form.add_error(error.field, str(error))
        if not form.errors:
            g.made = kind.address(record)
            flash(f"已{kind.verb}{kind.label}“{kind.name(record)}”。", "success")
            return redirect(_back(kind, record, parent))
    foreseen = None
    if valid and not form.errors:
        foreseen = _tried(
            kind, form, lambda: acts.create(kind, current_user, parent, form.values())
        )
    return _form_page(kind, form, None, parent, question=question, **_warned(kind, form, foreseen))


def _tried(kind: Kind, form: Form, act: Callable[[], Any]) -> Sequence[str] | None:
    """What the record that `act` makes would be warned of, by the rules that judge records that
    are kept; nothing of it stays. What the database would refuse is said at once, beside its field,
    and not after a reason was asked for. None where it cannot be made, or nothing is warned of."""
    foreseen = None
    known = (TwinError, ConflictError, acts.BlockedError, acts.RefusedError)
    refused = field_errors(form, constraints_for(kind, form))
    with contextlib.suppress(*known), refused, units.trying():
        made = act()
        if kind.warnings is not None:
            foreseen = list(kind.warnings(made))
    return foreseen


def _warned(kind: Kind, form: Form, foreseen: Sequence[str] | None) -> dict[str, object]:
    """What the page of a form says of what the record would be warned of: `foreseen`, or that this
    cannot be told of what was sent."""
    return {
        "foreseen": foreseen,
        "untold": kind.warnings is not None and form.is_submitted() and foreseen is None,
    }


def edit_page(kind: Kind, record_id: int) -> ResponseReturnValue:
    """The form that changes a record; 403 with the reason where that is not the user's to do."""
    record = kind.get(current_user, record_id, kind.load_detail) or abort(404)
    parent = kind.parent_of(record)
    blocked = kind.blocked(current_user, record)
    if blocked is not None:
        return blocked_page(kind, record, parent, blocked, doing=f"修改{kind.label}")
    form = form_for(kind, record, obj=record)
    differing: list[Difference] = []
    seen = request.form.get(SEEN, "") if form.is_submitted() else marks(form)
    question = Question()
    values = None
    if form.validate_on_submit() and not ended_links(kind, form, record):
        values = decided(form.values(), request.form)
    answered = values is not None and question.answered(
        doubts_of(kind, record, parent, _as_it_would_be(form, record, values))
    )
    if answered and values is not None and LOOK not in request.form:
        try:
            with field_errors(form, constraints_for(kind, form)), question.because():
                acts.update(kind, current_user, record, values, form.version.data)
                question.keep(kind, record, current_user)
        except ConflictError:
            current = form_for(kind, record, formdata=None, obj=record)
            differing = differences(form, current, request.form)
            seen = marks(current)
        except acts.BlockedError as error:
            form.form_errors.append(str(error))
        except TwinError as error:
            form.add_error("name", _twin_words(kind, error.twin))
        except acts.RefusedError as error:
            form.add_error(error.field, str(error))
        if not form.errors:
            flash("已保存。", "success")
            return redirect(_back(kind, record, parent))
        db.session.expire(record)
    foreseen = None
    if values is not None and not form.errors:
        version = form.version.data
        foreseen = _tried(kind, form, lambda: _changed(kind, record, values, version))
    elif not form.is_submitted() and kind.warnings is not None:
        foreseen = kind.warnings(record) or None
    return _form_page(
        kind,
        form,
        record,
        parent,
        differing=differing,
        seen=seen,
        question=question,
        **_warned(kind, form, foreseen),
    )


def _changed(kind: Kind, record: Any, values: Mapping[str, Any], version: int | None) -> Any:
    acts.update(kind, current_user, record, values, version)
    db.session.expire(record)  # what a key led to before is not what it leads to now
    return record


def _twin_words(kind: Kind, twin: Any) -> str:
    """Why a name cannot be taken: the record that has it, spelled as it is."""
    return (
        f"已有同名的{kind.label}“{twin.name}”（编号 {twin.id}）。全角与半角、大小写、空格不同，"
        "仍算同名。请核对是否重复登记；确是另一处的，请在名称中写明区别。"
    )


def delete_page(kind: Kind, record_id: int) -> ResponseReturnValue:
    """Delete a record with a reason; what is referred to stays, and the page says by what."""
    record = kind.get(current_user, record_id, kind.load_detail) or abort(404)
    parent = kind.parent_of(record)
    blocked = kind.blocked(current_user, record)
    if blocked is not None:
        return blocked_page(kind, record, parent, blocked, doing=f"删除{kind.label}")
    if said := kind.stays(record):
        doing = f"删除{kind.label}"
        return blocked_page(kind, record, parent, Blocked(said), status=409, doing=doing)
    referring = acts.references_to(record)
    form = ReasonForm()
    if not referring and form.validate_on_submit():
        name = kind.name(record)
        with field_errors(form, {}):
            acts.remove(kind, current_user, record, form.reason.data)
        if not form.errors:
            flash(f"已删除{kind.label}“{name}”。删除前的内容和理由留在操作记录中。", "success")
            where = parent and f"{kind.under.kind.address(parent)}#{kind.key}"
            return redirect(where or kind.list_address())
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "kit/delete.html",
        kind=kind,
        record=record,
        parent=parent,
        form=form,
        referring=referring,
        lasting=[each for each in referring if each.lasts],
        reserved=kind.reserved(current_user, record),
        **_tools(),
    )
    return page, status


# -- what lists offer beside their form, hung on by features above

# (kind, parent) → (label, icon, address) of other ways to enter records than one by one.
WaysIn = Callable[[Kind, Any], Sequence[tuple[str, str, str]]]
_ways_in: list[WaysIn] = []


def on_every_list(maker: WaysIn) -> WaysIn:
    """Let `maker` say by what other ways records are entered where they are listed."""
    _ways_in.append(maker)
    return maker


# -- sections that every record's page has, hung on by features above

_makers: list[Any] = []


def on_every_page(maker: Any) -> Any:
    """Let `maker(kind)` give a `Section` (or None) for the page of every record."""
    _makers.append(maker)
    return maker


_act_makers: list[Callable[[Kind], Action | None]] = []


def acts_on_every_page(maker: Callable[[Kind], Action | None]) -> Callable[[Kind], Action | None]:
    """Let `maker(kind)` give an `Action` (or None) for the page of every record."""
    _act_makers.append(maker)
    return maker


def _every_section(kind: Kind) -> list[Section]:
    made = [maker(kind) for maker in _makers]
    return [section for section in made if section is not None]


def _sections(record: Any, sections: Sequence[Section]) -> list[tuple[Section, dict]]:
    found = [(section, section.data(record)) for section in sections]
    return [(section, dict(data)) for section, data in found if data is not None]


def _children(kind: Kind, record: Any) -> list[tuple[Kind, Any, Blocked | None]]:
    """What was entered under `record`, kind by kind: the first page of each list."""
    found = []
    for child in children_of(kind):
        if current_user.may(child.view) and child.under.fits(record):
            found.append(
                (child, listing_of(child, current_user, record), _new_blocked(child, record))
            )
    return found


def _actions(
    kind: Kind, record: Any, more: Sequence[Action]
) -> list[tuple[Action, Blocked | None]]:
    own = []
    if kind.form is not None and kind.edit is not None:
        own = [
            Action(
                label,
                icon,
                kind.edit,
                partial(kind.act_address, act),
                kind.blocked,
                fits=fits,
            )
            for label, icon, act, fits in (
                ("修改", "pencil", "edit", lambda user, record: kind.changeable(record)),
                ("删除", "trash", "delete", lambda user, record: _is_deletable(kind, record)),
            )
        ]
    hung = [act for maker in _act_makers if (act := maker(kind)) is not None]
    return [
        (action, action.blocked(current_user, record))
        for action in [*own, *kind.actions, *more, *hung]
        if current_user.may(action.permission) and action.fits(current_user, record)
    ]


def _is_deletable(kind: Kind, record: Any) -> bool:
    return kind.changeable(record) and not kind.stays(record)


def _parent(kind: Kind, parent_id: int | None) -> Any | None:
    if kind.parent is None or parent_id is None:
        return None
    found = kind.parent.kind.get(current_user, parent_id)
    return found if found is not None and kind.parent.fits(found) else abort(404)


def _new_blocked(kind: Kind, parent: Any) -> Blocked | None:
    """Why nothing can be entered under `parent`."""
    if kind.parent is None or parent is None:
        return None
    if kind.under.instead(parent):
        return kind.under.kind.foreign(current_user, parent)
    return kind.parent.stands_against(current_user, parent)


def _as_it_would_be(form: Form, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that the form asks for, where it leaves the record's own values with those."""
    return {
        name: values[name] if name in values else getattr(record, name, None)
        for name in form.values()
    }


def _form_page(
    kind: Kind, form: Form, record: Any, parent: Any, **data: object
) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    page = render_template(
        kind.form_template,
        kind=kind,
        form=form,
        record=record,
        parent=parent,
        back=_back(kind, record, parent) if record or parent else kind.list_address(),
        **data,
        **_tools(),
    )
    return page, status


def blocked_page(
    kind: Kind,
    record: Any,
    parent: Any,
    blocked: Blocked,
    *,
    doing: str,
    status: int | None = None,
) -> ResponseReturnValue:
    """The page that says why an act is not possible, under its name (`doing`: 撤回佐证材料): 403
    where the place is another's, 409 where the state of the record is against it."""
    page = render_template(
        "kit/blocked.html",
        kind=kind,
        record=record,
        parent=parent,
        blocked=blocked,
        doing=doing,
        back=_back(kind, record, parent),
    )
    return page, status or (403 if _is_foreign(kind, record, parent) else 409)


def _is_foreign(kind: Kind, record: Any, parent: Any) -> bool:
    if record is not None:
        return kind.foreign(current_user, record) is not None
    return parent is None or kind.under.kind.foreign(current_user, parent) is not None


def _back(kind: Kind, record: Any, parent: Any) -> str:
    """Where the person came from: the parent's page, else the record's own."""
    if parent is not None:
        return f"{kind.under.kind.address(parent)}#{kind.key}"
    return kind.address(record)


def _tools() -> dict[str, object]:
    return {"looks": looks, "Show": Show}

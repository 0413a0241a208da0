"""What others found, and what was taken up: the pages of findings and adoptions."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from tracker.records.accounts.permissions import Permission
from tracker.records.findings.models import Adoption, Finding, FindingKind
from tracker.records.places.models import Region
from tracker.records.places.scopes import places, set_above, touches, within
from tracker.records.places.subjects import (
    OneSubject,
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.web.kit import (
    Column,
    Field,
    Kind,
    Show,
    flag,
    form_of,
    looks,
    one_of,
    this_year,
    through,
)
from tracker.year.measures.fields import check_measure, measure_field, measure_words

_KIND = partial(looks.badge, family="finding")
_SUBJECTS = ("region_id", "enclave_id", "park_id")


class FindingForm(
    OneSubject,
    form_of(  # type: ignore[misc]  # a base that is made from the model
        Finding,
        (
            ("对象", _SUBJECTS),
            ("认定", ("kind", "level", "found_on", "document", "summary")),
            ("涉及的指标", ("measure", "pass_rate")),
            ("撤销", ("withdrawn_on",)),
        ),
        help={
            "region_id": "地方、飞地、产业园只选一项。",
            "document": "通报或认定的文件名和文号。",
            "pass_rate": "类别为抽查合格率的才填。单位：%。",
            "withdrawn_on": "认定后来被撤销的才填。自撤销之日起不再扣分。",
        },
        measure=measure_field(
            "涉及的指标", _SUBJECTS, required=False, description="针对某一项指标的才选。"
        ),
    ),
):
    """What was found, against whom, and which measure it touches."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then the share that a sampling alone has, and the measure."""
        good = super().validate(extra_validators)
        sampling = self.kind.data is FindingKind.SAMPLING
        if self.kind.data and not self.pass_rate.errors:
            if sampling and self.pass_rate.data is None:
                self.add_error("pass_rate", "抽查须填合格率。")
                good = False
            elif not sampling and self.pass_rate.data is not None:
                self.add_error("pass_rate", f"类别为“{self.kind.data.label}”的不填合格率。")
                good = False
        return check_measure(self) and good

    def values(self) -> dict[str, Any]:
        """The data of the fields; no measure is an empty name."""
        return {**super().values(), "measure": self.measure.data or ""}


def _standing(finding: Finding) -> Markup | str:
    if finding.withdrawn_on is None:
        return "有效"
    return Markup('<span class="badge-word">已撤销</span> {}').format(finding.withdrawn_on)


FINDINGS = Kind(
    "findings",
    Finding,
    "问题与抽查",
    view=Permission.FINDINGS_VIEW,
    edit=Permission.FINDINGS_EDIT,
    scope=subject_scope(Finding, set_above),
    name=lambda finding: f"{finding.found_on} {finding.kind.label}",
    load=load_subject(Finding),
    columns=(
        Column("found_on", sort=True),
        subject_column(phone=True),
        Column("kind", look=_KIND, phone=True),
        Column("level", phone=True),
        Column("measure", look=measure_words, show=Show.DESK),
        Column(
            "pass_rate", applies=lambda f: f.kind is FindingKind.SAMPLING, show=Show.DESK, sort=True
        ),
        Column("summary", look=lambda text, finding: text, show=Show.WIDE),
        Column("standing", "效力", value=_standing, look=lambda words, f: words, phone=False),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Finding.found_on),
        one_of(Finding.kind),
        one_of(Finding.level),
        subject_filter(Finding),
        flag("withdrawn", "效力", "已撤销", Finding.withdrawn_on.is_not(None)),
    ),
    search=(Finding.summary, Finding.document),
    search_label="情况或文件",
    order="-found_on",
    subline=(Field("kind", look=_KIND), Field("level"), Field("origin", look=looks.origin)),
    groups=(
        (
            "认定",
            (
                Field("subject", "对象", value=subject_of, look=looks.link),
                "found_on",
                "document",
                Field("measure", "涉及的指标", look=measure_words),
                Field("pass_rate", applies=lambda f: f.kind is FindingKind.SAMPLING),
                "withdrawn_on",
                "summary",
            ),
        ),
    ),
    form=FindingForm,
    choices={"region_id": places},
    ending="withdrawn_on",
    list_template="findings/list.html",
    empty="这里将列出督察问题、弄虚作假、事故、反面典型和抽查结果。由省级考核人员登记。",
)

AdoptionForm = form_of(
    Adoption,
    (("基本情况", ("region_id", "title", "level", "adopted_on", "document")),),
    help={"region_id": "做法所属的县（市、区）。", "document": "推广所依据的文件名和文号。"},
)

ADOPTIONS = Kind(
    "adoptions",
    Adoption,
    "经验推广",
    view=Permission.FINDINGS_VIEW,
    edit=Permission.FINDINGS_EDIT,
    scope=within(touches(Adoption.region_id), "region_id", blocked=set_above),
    name=lambda adoption: adoption.title,
    load=(joinedload(Adoption.region),),
    columns=(
        Column("title", sort=True),
        Column("region", sort=through(Adoption.region_id, Region.code)),
        Column("level"),
        Column("adopted_on", sort=True),
        Column("document", show=Show.DESK),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Adoption.adopted_on),
        one_of(Adoption.level),
    ),
    search=(Adoption.title, Adoption.document),
    search_label="做法或文件",
    order="-adopted_on",
    subline=(Field("level"), Field("origin", look=looks.origin)),
    groups=(("基本情况", ("region", "title", "adopted_on", "document")),),
    form=AdoptionForm,
    choices={"region_id": places},
    menu="findings.index",
    list_template="findings/list.html",
    empty="这里将列出被上级推广的做法。由省级考核人员登记，填推广文件和日期。",
)

"""Records in words: what stands on a scorecard for the rows that a fact rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.core.db import Origin, Precision, RecordMixin
from tracker.core.db.reading import Shelf
from tracker.core.provenance.models import Source, SourcedValue
from tracker.core.quantities.shown import told
from tracker.core.quantities.units import WAN
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.ledger.models import LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import CountyListing
from tracker.records.projects.models import Project
from tracker.records.targets.models import Target
from tracker.year.measures.declare import CATALOGUE


@dataclass(frozen=True)
class RecordText:
    """One record: its words, precision sign, origin (public, entered, sample), and source."""

    text: str
    precision: str
    origin: str
    source: str
    url: str

    def as_json(self) -> dict[str, str]:
        """For the snapshot."""
        return {
            "text": self.text,
            "precision": self.precision,
            "origin": self.origin,
            "source": self.source,
            "url": self.url,
        }


def describe(references: Iterable[str]) -> dict[str, RecordText]:
    """Words for references such as "ledger_entries:12", some statements a table."""
    wanted: dict[str, list[int]] = {}
    for reference in references:
        table, _, record_id = reference.partition(":")
        wanted.setdefault(table, []).append(int(record_id))
    shelf = Shelf()
    found = {}
    for table, ids in sorted(wanted.items()):
        model, words = _DESCRIBED[table]
        records = shelf.named(model, ids, _paths(model))
        for number in sorted(records):
            found[f"{table}:{number}"] = words(records[number])
    return found


def _paths(model: type[Any]) -> list[str]:
    """What the words for a record read of others."""
    paths = [name for name in _NAMED if hasattr(model, name)]
    if hasattr(model, "pairing"):
        paths += ["pairing.supporter", "pairing.recipient"]
    if hasattr(model, "sourced_values"):
        paths.append("sourced_values.source")
    if model is Pairing:
        paths += ["supporter", "recipient"]
    return paths


def wan_words(amount: Decimal, precision: Precision = Precision.EXACT) -> str:
    """元 in words of 万元 (see `told`): "1,000.8 万元", "≈8,492.11 万元"."""
    return told(amount / WAN, "万元", precision.label)


# What a record is of, as its words name it.
_NAMED = ("source", "enclave", "park", "project", "village", "demonstration_village")

_DESCRIBED: dict[str, tuple[type[Any], Callable[..., RecordText]]] = {}


def describes(model: type[Any]) -> Callable[[Callable[..., RecordText]], Callable[..., RecordText]]:
    """Declare the decorated function as the words for rows of `model`."""

    def declare(words: Callable[..., RecordText]) -> Callable[..., RecordText]:
        _DESCRIBED[model.__tablename__] = (model, words)
        return words

    return declare


@describes(LedgerEntry)
def _entry(entry: LedgerEntry) -> RecordText:
    villages = f"，惠及 {told(entry.villages, '个村')}" if entry.villages else ""
    voucher = f"，凭证 {entry.voucher}" if entry.voucher else ""
    what = f"台账 {entry.occurred_on} {_owner_words(entry)}{entry.kind.label}"
    return record_text(
        f"{what} {wan_words(entry.amount, entry.precision)}{villages}{voucher}",
        entry.origin,
        entry.source,
        entry.precision,
    )


def _owner_words(entry: LedgerEntry) -> str:
    owner = entry.project or entry.enclave or entry.park or entry.demonstration_village
    if owner is not None:
        return owner.name
    return pair_words(entry.pairing) if entry.pairing else ""


@describes(Enclave)
def _enclave(enclave: Enclave) -> RecordText:
    return record_text(f"飞地登记 {enclave.name}", enclave.origin, _adopted(enclave.sourced_values))


@describes(ReturnTerm)
def _term(term: ReturnTerm) -> RecordText:
    if term.amount:
        size = wan_words(term.amount)
    else:
        assert term.rate is not None, "the database asks for a rate or a sum"
        size = told(term.rate, "比例")
    start, end = term.starts_on or "合同起始", term.ends_on or "未约定截止"
    words = f"返利约定 {term.kind.label} {size}（{start} 至 {end}）"
    return record_text(words, term.origin, term.source)


@describes(Project)
def _project(project: Project) -> RecordText:
    size = f"，总投资 {wan_words(project.total_investment)}" if project.total_investment else ""
    signed = f"，签约 {project.signed_on}" if project.signed_on else ""
    words = f"项目 {project.name}{size}{signed}"
    return record_text(words, project.origin, _adopted(project.sourced_values))


@describes(Target)
def _target(target: Target) -> RecordText:
    document = f"（{target.document}）" if target.document else ""
    measure = CATALOGUE.measures.get(target.measure)
    value = told(target.value, measure.unit if measure else "")
    return record_text(f"{target.year}年度任务 {value}{document}", target.origin, target.source)


@describes(CountyListing)
def _listing(listing: CountyListing) -> RecordText:
    joined = f"{listing.joined_on} 调入" if listing.joined_on else "首批在列"
    left = f"，{listing.left_on} 调出" if listing.left_on else ""
    return record_text(f"山区海岛县名单 {joined}{left}", listing.origin, listing.source)


def _adopted(values: Iterable[SourcedValue]) -> Source | None:
    return next((value.source for value in values if value.adopted), None)


def pair_words(pairing: Pairing) -> str:
    """Both sides of a pairing: 富阳区、缙云县."""
    return f"{pairing.supporter.name}、{pairing.recipient.name}"


def plain_words(words: str, record: RecordMixin) -> RecordText:
    """Words for a record that names no source."""
    return record_text(words, record.origin, None)


def record_text(
    text: str, origin: Origin, source: Source | None, precision: Precision = Precision.EXACT
) -> RecordText:
    return RecordText(
        text=text,
        precision=precision.label,
        origin=origin.value,
        source=source.label if source else "",
        url=(source.url or "") if source else "",
    )

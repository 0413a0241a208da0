"""Write public rows into records: found by a natural key, changed only while still public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from tracker.core.db import Origin, Precision, Searchable, db
from tracker.core.db.searchable import twin_of
from tracker.core.provenance.models import Source, SourcedValue
from tracker.exchange.publicdata.reading import Citation, RefusedRowError
from tracker.exchange.publicdata.report import LoadReport


@dataclass(frozen=True)
class Statement:
    """What one source says of one field, in words with the unit; `adopted` if believed."""

    field: str
    text: str
    citation: Citation
    adopted: bool = False
    precision: Precision = Precision.EXACT


class Store:
    """One load's access to the database; `report` says what it did."""

    def __init__(self, report: LoadReport) -> None:
        self.report = report
        self._rows: dict[Any, str] = {}  # record → the row that it stands in
        self._stands_for: dict[tuple[type, str], Any] = {}
        self._sources: dict[tuple, Source] = {
            _source_key(source.kind, source.url, source.published_on): source
            for source in db.session.scalars(select(Source))
        }

    def source(self, citation: Citation) -> Source:
        """The source of `citation`, added if it is new."""
        key = _source_key(citation.kind, citation.url, citation.published_on)
        if key not in self._sources:
            self._sources[key] = Source(
                kind=citation.kind, url=citation.url, published_on=citation.published_on
            )
            db.session.add(self._sources[key])
        return self._sources[key]

    def put(
        self,
        kind: str,
        model: type[Any],
        key: dict[str, Any],
        values: dict[str, Any],
        where: str = "",
        changing: Mapping[str, Any] = MappingProxyType({}),
    ) -> Any:
        """The public record of `model` with the natural `key`, carrying `values`; `where` names
        the row for errors. `changing` is set besides where the record is new or changes.

        A record that a person has entered under the same key or a name that reads alike is left
        alone, and noted. Raises RefusedRowError where two rows' names read alike.
        """
        record = db.session.scalars(select(model).filter_by(**key)).one_or_none()
        if issubclass(model, Searchable):
            record = self._of_one_name(kind, model, record, key | values, where)
        if record is None:
            record = model(**key, **values, **changing, origin=Origin.PUBLIC)
            db.session.add(record)
            db.session.flush()
            self._rows[record] = where
            self.report.added[kind] += 1
            return record
        self._rows[record] = where
        if record.origin is not Origin.PUBLIC:
            name = getattr(record, "name", "")
            self.report.note(f"{kind}{name}已由人工填报，公开资料未覆盖")
            return record
        values = key | values
        differing = {name: v for name, v in values.items() if getattr(record, name) != v}
        for name, value in (differing | dict(changing) if differing else {}).items():
            setattr(record, name, value)
        (self.report.changed if differing else self.report.unchanged)[kind] += 1
        db.session.flush()
        return record

    def _of_one_name(
        self, kind: str, model: type[Any], record: Any, values: dict[str, Any], where: str
    ) -> Any | None:
        """What the row that gives `values` is about: `record`, which has its key, or one of its
        name; None for nothing yet."""
        wanted = model(id=record.id if record is not None else None, **values)
        twin = twin_of(db.session, wanted)
        if twin is None or twin is record:
            return record
        if twin in self._rows:
            raise RefusedRowError(
                f"{where or kind}：{kind}“{wanted.name}”与{self._rows[twin] or '前面一行'}的"
                f"“{twin.name}”同名（全角与半角、大小写、空格不同，仍算同名），请核对"
            )
        if record is None and (twin.origin is not Origin.PUBLIC or not hasattr(model, "code")):
            if hasattr(model, "code"):
                self._stands_for[model, wanted.code] = twin
            return twin
        if record is not None and record.name_key == twin.name_key:
            return record  # twins of before stay until somebody mends them
        raise RefusedRowError(
            f"{where or kind}：{kind}“{wanted.name}”与已登记的“{twin.name}”（编号 {twin.id}）"
            "同名，请核对后再载入"
        )

    def by_code(self, model: type[Any]) -> dict[str, Any]:
        """The records of `model` by the codes that the files know them by: one that was entered by
        hand under the name of a public one stands for it."""
        known = {each.code: each for each in db.session.scalars(select(model))}
        stand_ins = ((code, twin) for (of, code), twin in self._stands_for.items() if of is model)
        return known | dict(stand_ins)

    def state(self, record: Any, statements: list[Statement]) -> None:
        """Keep what sources say of the fields of `record`: exactly `statements`, no older ones."""
        standing = {_value_key(value): value for value in record.sourced_values}
        wanted: dict[Any, SourcedValue] = {}
        for said in statements:
            value = SourcedValue(
                field=said.field,
                text=said.text,
                precision=said.precision,
                adopted=said.adopted,
                source=self.source(said.citation),
            )
            wanted.setdefault(_value_key(value), value)
        with db.session.no_autoflush:
            for key, value in standing.items():
                if key not in wanted:
                    record.sourced_values.remove(value)
                    db.session.delete(value)
            for key, value in wanted.items():
                if key not in standing:
                    record.sourced_values.append(value)
        db.session.flush()


def _source_key(*parts: Any) -> tuple:
    kind, url, published_on = parts
    # A page's address is its identity; copies have none and are told apart by their day.
    return (url,) if url else (kind, published_on)


def _value_key(value: SourcedValue) -> tuple:
    source = _source_key(value.source.kind, value.source.url, value.source.published_on)
    return value.field, value.text, value.precision, value.adopted, source

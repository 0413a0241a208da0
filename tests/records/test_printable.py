"""Every text that papers may print passes one gate, whoever writes it."""

from __future__ import annotations

import inspect as python

import pytest
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, StringField

from tests import factories as make
from tests.records.constraint_cases import world
from tests.records.test_constraints import CASES
from tracker.core.db import Base, db
from tracker.core.db.printable import UnprintableError, gated, paper_tables
from tracker.exchange.sampledata.rows import Rows
from tracker.records.accounts.forms import SignInForm
from tracker.records.accounts.models import Organisation
from tracker.records.projects.models import Project
from tracker.web.forms import Form, _all_forms, printable

POISON = "☑"


def refuse(record, table, column) -> None:
    """That the record takes no such text in the column."""
    attribute = record.__mapper__.get_property_by_column(column).key
    room = (getattr(column.type, "length", None) or 60) - 1
    with db.session.begin_nested() as undone:
        setattr(record, attribute, (getattr(record, attribute) or "")[:room] + POISON)
        with pytest.raises(UnprintableError, match=r"中的“☑”\(U\+2611\)无法打印") as found:
            db.session.flush()
        assert (found.value.table, found.value.column) == (table.name, column.key)
        undone.rollback()


def test_no_record_takes_a_text_that_cannot_be_printed(sqlite_app):
    """Derived from the tables: each text column of a record, and what nobody wrote left out."""
    w = world()
    models = {m.local_table.name: m.class_ for m in Base.registry.mappers}
    tried = 0
    for table in paper_tables():
        with db.session.begin_nested() as made:
            record = CASES[table.name].base(w)
            assert isinstance(record, models[table.name])
            for column in gated(table):
                refuse(record, table, column)
                tried += 1
            made.rollback()
    assert tried > 70


@pytest.mark.parametrize("char", ["☑", "😀", "\ue000", "\u200b", "\u202e", "\x07", "𠮷"])
def test_what_is_refused_names_the_record_and_the_field(sqlite_app, char):
    with pytest.raises(UnprintableError, match=r"帮扶单位名称中的.*无法打印"):
        make.organisation(name=f"联合医院{char}")
    db.session.rollback()
    with pytest.raises(UnprintableError, match=r"项目“果蔬加工”的投资方中的"):
        make.project(make.zhejiang()["缙云县"], name="果蔬加工", investor=f"甲{char}")


def test_a_text_of_before_lets_the_rest_of_its_record_be_changed(sqlite_app):
    record = make.organisation(name="联合医院")
    table = Organisation.__table__
    db.session.execute(table.update().values(name="联合医院☑"))
    db.session.refresh(record)
    record.kind = make.OrganisationKind.HOSPITAL
    db.session.flush()
    assert db.session.scalars(select(Organisation.name)).one() == "联合医院☑"


def test_sample_rows_pass_the_gate(sqlite_app):
    county = make.zhejiang()["缙云县"]
    values = {"name": "加工☑", "region_id": county.id, "category": "aid"}
    with pytest.raises(UnprintableError):
        Rows().add(Project, make.DAY, **values)


def test_every_field_in_which_people_type_words_asks_the_gate(sqlite_app):
    """The forms' own refusal stands beside the field; the records' gate is behind it."""
    bare = []
    for form in set(_all_forms(Form)):
        for name, field in python.getmembers(form):
            kind = getattr(field, "field_class", None)
            if kind is None or not issubclass(kind, StringField):
                continue
            if issubclass(kind, PasswordField | HiddenField) or form is SignInForm:
                continue  # kept as a digest, or not kept
            checks = field.kwargs.get("validators") or field.args[1:2] or [[]]
            if printable not in (checks[0] if isinstance(checks[0], list) else checks):
                bare.append(f"{form.__module__}.{form.__name__}.{name}")
    assert sorted(bare) == []

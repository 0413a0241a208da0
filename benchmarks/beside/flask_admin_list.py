"""The list of projects as Flask-Admin makes it of the same tables: arguments are the database and
the rows of a page. Nobody signs in, which costs the product a statement a page."""

import sys
import warnings
from decimal import Decimal

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from serving import serve_page
from sqlalchemy import Date, ForeignKey, create_engine, func, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)

warnings.simplefilter("ignore", DeprecationWarning)  # it would have Flask-SQLAlchemy's object
database, rows = sys.argv[1], int(sys.argv[2])


class Base(DeclarativeBase):
    pass


class Region(Base):
    __tablename__ = "regions"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return self.name


class Entry(Base):
    __tablename__ = "ledger_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]
    amount: Mapped[int]


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    category: Mapped[str]
    total_investment: Mapped[int]
    signed_on: Mapped[object] = mapped_column(Date)
    started_on: Mapped[object] = mapped_column(Date)
    investor: Mapped[str]
    industry: Mapped[str]
    origin: Mapped[str]
    region: Mapped[Region] = relationship(foreign_keys=[region_id], lazy="joined")
    partner: Mapped[Region | None] = relationship(foreign_keys=[partner_id], lazy="joined")


def paid(kind: str):
    return column_property(
        select(func.sum(Entry.amount))
        .where(Entry.project_id == Project.id, Entry.kind == kind)
        .scalar_subquery()
    )


Project.in_place, Project.done = paid("funds_in_place"), paid("investment")


def in_wan(name: str):
    def formatter(view, context, project, of):
        amount = getattr(project, name)
        return "未报" if amount is None else f"{Decimal(amount) / 1_000_000:,.2f}"

    return formatter


def share(name: str):
    def formatter(view, context, project, of):
        amount = getattr(project, name)
        return (
            "未报" if amount is None else f"{100 * Decimal(amount) / project.total_investment:.1f}"
        )

    return formatter


class Projects(ModelView):
    page_size = rows
    column_list = (
        "name", "region", "category", "stage", "total_investment", "in_place", "in_place_share",
        "done", "done_share", "signed_on", "partner", "investor", "industry", "started_on",
        "origin",
    )  # fmt: skip
    column_default_sort = ("signed_on", True)
    column_sortable_list = ("name", "total_investment", "signed_on", "started_on")
    column_searchable_list = ("name", "investor")
    column_filters = ("region.name", "category", "signed_on", "total_investment")
    column_formatters = {
        "stage": lambda view, context, project, name: "开工" if project.started_on else "签约",
        "total_investment": in_wan("total_investment"),
        "in_place": in_wan("in_place"),
        "in_place_share": share("in_place"),
        "done": in_wan("done"),
        "done_share": share("done"),
    }


app = Flask(__name__)
app.config["SECRET_KEY"] = "of a benchmark"
session = scoped_session(sessionmaker(create_engine(f"sqlite:///{database}")))
Admin(app).add_view(Projects(Project, session, endpoint="projects"))


@app.teardown_request
def _end(error: BaseException | None) -> None:
    session.remove()


client = app.test_client()
serve_page(client, "/admin/projects/", rows)

"""Applications (项目申报) go their way in steps, each with its event, and files can prove them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = (
    "'draft', 'approved', 'submitted', 'returned', 'city_reviewed', 'granted', 'established', "
    "'awaiting', 'rectifying', 'accepted', 'failed', 'rejected', 'withdrawn', 'revoked'"
)
ACTS = (
    "'approved', 'sent_back', 'submitted', 'withdrawn', 'resumed', 'city_reviewed', 'granted', "
    "'returned', 'rejected', 'established', 'allotted', 'asked', 'inspected', 'revoked'"
)
_OPEN = "state NOT IN ('failed', 'rejected', 'withdrawn', 'revoked')"
DEMONSTRATION = f"kind = 'demonstration' AND {_OPEN}"
PARK = f"kind = 'park' AND {_OPEN}"
SUBJECTS = ("demonstration_village_id", "park_id", "project_id", "enclave_id")
PROVABLE = (
    *("project_id", "enclave_id", "return_term_id", "park_id", "ledger_entry_id"),
    *("operating_figure_id", "tenant_id", "village_stake_id", "village_income_id"),
    *("demonstration_village_id", "visit_id", "joint_meeting_id", "joint_event_id"),
    *("secondment_id", "specialist_posting_id", "training_id", "institution_pair_id"),
    *("consumption_aid_id", "county_indicator_id", "target_id", "finding_id", "adoption_id"),
    *("determination_id", "filing_id"),
)
ONE_FACT = "ck_evidence_links_one_fact"
REFUSED = "events of applications never change"


def _count(columns: tuple[str, ...]) -> str:
    return " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("amount_asked", sa.BigInteger(), nullable=True),
        sa.Column("amount_granted", sa.BigInteger(), nullable=True),
        sa.Column("works", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_at", sa.DateTime(), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("acceptance_due_on", sa.Date(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("acceptance", sa.String(length=24), nullable=True),
        sa.Column("name_initials", sa.String(length=200), server_default="", nullable=False),
        sa.Column("name_pinyin", sa.String(length=1200), server_default="", nullable=False),
        sa.Column("name_key", sa.String(length=800), server_default="", nullable=False),
        sa.Column("name_twin", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "acceptance IN ('passed', 'rectify', 'failed')", name=op.f("ck_applications_acceptance")
        ),
        sa.CheckConstraint(
            "kind <> 'demonstration' OR (park_id IS NULL AND project_id IS NULL AND enclave_id IS NULL)",
            name=op.f("ck_applications_about_demonstration"),
        ),
        sa.CheckConstraint(
            "kind <> 'park' OR (demonstration_village_id IS NULL AND project_id IS NULL AND enclave_id IS NULL)",
            name=op.f("ck_applications_about_park"),
        ),
        sa.CheckConstraint(
            "kind IN ('demonstration', 'fund', 'park')", name=op.f("ck_applications_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_applications_origin")
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR COALESCE(acceptance, '') = 'passed'",
            name=op.f("ck_applications_accepted"),
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_applications_state")),
        sa.CheckConstraint(
            "state NOT IN ('established', 'rectifying', 'awaiting', 'accepted', 'failed') OR (established_on IS NOT NULL AND acceptance_due_on IS NOT NULL AND document <> '')",
            name=op.f("ck_applications_established"),
        ),
        sa.CheckConstraint(
            "(inspected_on IS NULL) = (acceptance IS NULL)", name=op.f("ck_applications_inspected")
        ),
        sa.CheckConstraint(f"{_count(SUBJECTS)} <= 1", name=op.f("ck_applications_about")),
        sa.CheckConstraint("amount_asked > 0", name=op.f("ck_applications_amount_asked")),
        sa.CheckConstraint("amount_granted > 0", name=op.f("ck_applications_amount_granted")),
        sa.CheckConstraint(
            "amount_granted IS NULL OR amount_granted <= COALESCE(amount_asked, 0)",
            name=op.f("ck_applications_granted"),
        ),
        sa.CheckConstraint(
            "established_on <= acceptance_due_on",
            name=op.f("ck_applications_established_on_before_acceptance_due_on"),
        ),
        sa.CheckConstraint(
            "established_on <= inspected_on",
            name=op.f("ck_applications_established_on_before_inspected_on"),
        ),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_applications_year")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["regions.id"], name=op.f("fk_applications_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_applications_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_applications_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_applications_pairing_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_applications_park_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_applications_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_county_id"), ["county_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_applications_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applications_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_applications_name_initials"), ["name_initials"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_applications_name_key"), ["name_key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_applications_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_applications_park_id"), ["park_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_applications_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_applications_state_acceptance_due_on"),
            ["state", "acceptance_due_on"],
            unique=False,
        )
        batch_op.create_index(
            "uq_applications_demonstration",
            ["demonstration_village_id"],
            unique=True,
            sqlite_where=sa.text(DEMONSTRATION),
            postgresql_where=sa.text(DEMONSTRATION),
        )
        batch_op.create_index(
            "uq_applications_name_key",
            ["county_id", "kind", "year", "name_key"],
            unique=True,
            sqlite_where=sa.text("name_twin = 0 AND name_key != ''"),
            postgresql_where=sa.text("name_twin = 0 AND name_key != ''"),
        )
        batch_op.create_index(
            "uq_applications_park",
            ["park_id"],
            unique=True,
            sqlite_where=sa.text(PARK),
            postgresql_where=sa.text(PARK),
        )

    op.create_table(
        "application_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=False),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=24), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(due_on IS NOT NULL) = (act = 'established' OR COALESCE(result, '') = 'rectify')",
            name=op.f("ck_application_events_due_on"),
        ),
        sa.CheckConstraint(
            "(result IS NOT NULL) = (act = 'inspected')",
            name=op.f("ck_application_events_inspected"),
        ),
        sa.CheckConstraint(f"act IN ({ACTS})", name=op.f("ck_application_events_act")),
        sa.CheckConstraint(
            "act NOT IN ('established', 'allotted') OR document <> ''",
            name=op.f("ck_application_events_document"),
        ),
        sa.CheckConstraint(
            "act NOT IN ('established', 'allotted', 'inspected') OR on_day IS NOT NULL",
            name=op.f("ck_application_events_on_day"),
        ),
        sa.CheckConstraint(
            "amount IS NOT NULL AND amount > 0 AND act IN ('granted', 'allotted') OR amount IS NULL AND act <> 'allotted'",
            name=op.f("ck_application_events_amount"),
        ),
        sa.CheckConstraint(
            f"from_state IN ({STATES})", name=op.f("ck_application_events_from_state")
        ),
        sa.CheckConstraint(
            "reason <> '' OR act NOT IN ('sent_back', 'withdrawn', 'city_reviewed', 'granted', 'returned', 'rejected', 'inspected', 'revoked')",
            name=op.f("ck_application_events_reason"),
        ),
        sa.CheckConstraint(
            "result IN ('passed', 'rectify', 'failed')", name=op.f("ck_application_events_result")
        ),
        sa.CheckConstraint(f"to_state IN ({STATES})", name=op.f("ck_application_events_to_state")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_application_events_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_events_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_events")),
    )
    with op.batch_alter_table("application_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_events_application_id"), ["application_id"], unique=False
        )

    with op.batch_alter_table("evidence_links") as batch:
        batch.add_column(sa.Column("application_id", sa.Integer(), nullable=True))
        batch.create_index(op.f("ix_evidence_links_application_id"), ["application_id"])
        batch.create_foreign_key(
            op.f("fk_evidence_links_application_id"), "applications", ["application_id"], ["id"]
        )
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.create_check_constraint(
            op.f(ONE_FACT), f"{_count((*PROVABLE, 'application_id'))} = 1"
        )
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER application_events_no_{act.lower()} BEFORE {act} "
                f"ON application_events BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION application_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", "BEFORE UPDATE OR DELETE ON application_events FOR EACH ROW"),
        ("kept_whole", "BEFORE TRUNCATE ON application_events FOR EACH STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER application_events_{name} {when} "
            "EXECUTE FUNCTION application_events_kept()"
        )


def downgrade() -> None:
    op.execute("DELETE FROM evidence_links WHERE application_id IS NOT NULL")
    with op.batch_alter_table("evidence_links") as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.drop_constraint(op.f("fk_evidence_links_application_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_evidence_links_application_id"))
        batch.drop_column("application_id")
        batch.create_check_constraint(op.f(ONE_FACT), f"{_count(PROVABLE)} = 1")
    op.drop_table("application_events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION application_events_kept()")
    op.drop_table("applications")

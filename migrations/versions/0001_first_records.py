"""First records: regions, pairings, enclaves, projects, ledger, targets, snapshots, users."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("abolished_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(level = 'outside') = (code IS NULL)", name=op.f("ck_regions_code")),
        sa.CheckConstraint(
            "kind IN ('mountain', 'island', 'coastal-strong', 'city')", name=op.f("ck_regions_kind")
        ),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county', 'outside')", name=op.f("ck_regions_level")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["regions.id"], name=op.f("fk_regions_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("code", name=op.f("uq_regions_code")),
    )
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regions_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempts_address_at"), ["address", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempts_username_at"), ["username", "at"], unique=False
        )

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(kind = 'copy') = (url IS NULL)", name=op.f("ck_sources_address")),
        sa.CheckConstraint("kind IN ('official', 'press', 'copy')", name=op.f("ck_sources_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    op.create_table(
        "county_listings",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("county_class", sa.String(length=24), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("leaving_source", sa.String(length=24), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "county_class IN ('leapfrog', 'ecological')",
            name=op.f("ck_county_listings_county_class"),
        ),
        sa.CheckConstraint(
            "leaving_source IN ('official', 'press', 'copy')",
            name=op.f("ck_county_listings_leaving_source"),
        ),
        sa.CheckConstraint(
            "joined_on IS NULL OR left_on IS NULL OR joined_on < left_on",
            name=op.f("ck_county_listings_joined_before_left"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_county_listings_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_county_listings_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_listings")),
    )
    with op.batch_alter_table("county_listings", schema=None) as batch_op:
        batch_op.create_index(
            "uq_county_listings_region_id_joined_on", ["region_id", "joined_on"], unique=True
        )

    op.create_table(
        "enclaves",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("in_use_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("area_mu", sa.BigInteger(), nullable=True),
        sa.Column("floor_m2", sa.BigInteger(), nullable=True),
        sa.Column("total_capital", sa.BigInteger(), nullable=True),
        sa.Column("village_capital", sa.BigInteger(), nullable=True),
        sa.Column("villages", sa.Integer(), nullable=True),
        sa.Column("has_share_list", sa.Boolean(), nullable=True),
        sa.Column("has_return_clause", sa.Boolean(), nullable=True),
        sa.Column("has_fund_ledger", sa.Boolean(), nullable=True),
        sa.Column("has_village_disclosure", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('outbound', 'inbound')", name=op.f("ck_enclaves_direction")
        ),
        sa.CheckConstraint(
            "kind IN ('industrial', 'innovation', 'income', 'development')",
            name=op.f("ck_enclaves_kind"),
        ),
        sa.CheckConstraint("area_mu >= 0 AND floor_m2 >= 0", name=op.f("ck_enclaves_area")),
        sa.CheckConstraint(
            "in_use_on IS NULL OR closed_on IS NULL OR in_use_on <= closed_on",
            name=op.f("ck_enclaves_in_use_on_before_closed_on"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR closed_on IS NULL OR signed_on <= closed_on",
            name=op.f("ck_enclaves_signed_on_before_closed_on"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR in_use_on IS NULL OR signed_on <= in_use_on",
            name=op.f("ck_enclaves_signed_on_before_in_use_on"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR started_on IS NULL OR signed_on <= started_on",
            name=op.f("ck_enclaves_signed_on_before_started_on"),
        ),
        sa.CheckConstraint(
            "started_on IS NULL OR closed_on IS NULL OR started_on <= closed_on",
            name=op.f("ck_enclaves_started_on_before_closed_on"),
        ),
        sa.CheckConstraint(
            "started_on IS NULL OR in_use_on IS NULL OR started_on <= in_use_on",
            name=op.f("ck_enclaves_started_on_before_in_use_on"),
        ),
        sa.CheckConstraint(
            "total_capital >= 0 AND village_capital >= 0", name=op.f("ck_enclaves_capital")
        ),
        sa.CheckConstraint(
            "village_capital <= total_capital", name=op.f("ck_enclaves_village_capital")
        ),
        sa.CheckConstraint("villages >= 0", name=op.f("ck_enclaves_villages")),
        sa.ForeignKeyConstraint(["host_id"], ["regions.id"], name=op.f("fk_enclaves_host_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["regions.id"], name=op.f("fk_enclaves_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclaves")),
        sa.UniqueConstraint("code", name=op.f("uq_enclaves_code")),
    )
    with op.batch_alter_table("enclaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enclaves_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enclaves_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_enclaves_origin_id"), ["origin_id"], unique=False)

    op.create_table(
        "pairings",
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until",
            name=op.f("ck_pairings_since_before_until"),
        ),
        sa.CheckConstraint("supporter_id <> recipient_id", name=op.f("ck_pairings_two_sides")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["regions.id"], name=op.f("fk_pairings_recipient_id")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["regions.id"], name=op.f("fk_pairings_supporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
    )
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pairings_recipient_id"), ["recipient_id"], unique=False
        )
        batch_op.create_index(
            "uq_pairings_supporter_id_recipient_id", ["supporter_id", "recipient_id"], unique=True
        )

    op.create_table(
        "users",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role = 'administrator' OR region_id IS NOT NULL", name=op.f("ck_users_region")
        ),
        sa.CheckConstraint(
            "role IN ('staff', 'reviewer', 'assessor', 'leader', 'administrator')",
            name=op.f("ck_users_role"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_users_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_region_id"), ["region_id"], unique=False)

    op.create_table(
        "pairing_citations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(length=20), nullable=False),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("end_year", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_citations_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_pairing_citations_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_citations")),
    )
    with op.batch_alter_table("pairing_citations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pairing_citations_pairing_id"), ["pairing_id"], unique=False
        )

    op.create_table(
        "projects",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=True),
        sa.Column("investor", sa.String(length=200), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("total_investment", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("in_production_on", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('industry', 'aid', 'culture_tourism', 'infrastructure', 'social')",
            name=op.f("ck_projects_category"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR completed_on IS NULL OR signed_on <= completed_on",
            name=op.f("ck_projects_signed_on_before_completed_on"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR started_on IS NULL OR signed_on <= started_on",
            name=op.f("ck_projects_signed_on_before_started_on"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR terminated_on IS NULL OR signed_on <= terminated_on",
            name=op.f("ck_projects_signed_on_before_terminated_on"),
        ),
        sa.CheckConstraint(
            "started_on IS NULL OR completed_on IS NULL OR started_on <= completed_on",
            name=op.f("ck_projects_started_on_before_completed_on"),
        ),
        sa.CheckConstraint(
            "started_on IS NULL OR in_production_on IS NULL OR started_on <= in_production_on",
            name=op.f("ck_projects_started_on_before_in_production_on"),
        ),
        sa.CheckConstraint("total_investment > 0", name=op.f("ck_projects_total_investment")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_projects_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_projects_pairing_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_projects_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_pairing_id"), ["pairing_id"], unique=False)
        batch_op.create_index("uq_projects_region_id_name", ["region_id", "name"], unique=True)

    op.create_table(
        "return_terms",
        sa.Column("enclave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("capital_base", sa.String(length=24), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'rate_on_capital') = (capital_base IS NOT NULL)",
            name=op.f("ck_return_terms_base_where_rate"),
        ),
        sa.CheckConstraint(
            "(kind IN ('rate_on_capital', 'rent_share', 'tax_share')) = (rate IS NOT NULL)",
            name=op.f("ck_return_terms_rate_where_rated"),
        ),
        sa.CheckConstraint(
            "(kind NOT IN ('rate_on_capital', 'rent_share', 'tax_share')) = (amount IS NOT NULL)",
            name=op.f("ck_return_terms_amount_where_sum"),
        ),
        sa.CheckConstraint(
            "capital_base IN ('villages', 'total')", name=op.f("ck_return_terms_capital_base")
        ),
        sa.CheckConstraint(
            "kind IN ('rate_on_capital', 'fixed_sum', 'guaranteed_minimum', 'rent_share', 'tax_share')",
            name=op.f("ck_return_terms_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_return_terms_amount")),
        sa.CheckConstraint("rate > 0 AND rate <= 100000000", name=op.f("ck_return_terms_rate")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_return_terms_span"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_return_terms_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_return_terms_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_terms")),
    )
    with op.batch_alter_table("return_terms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_terms_enclave_id"), ["enclave_id"], unique=False
        )

    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["users.id"], name=op.f("fk_snapshots_frozen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("sha256", name=op.f("uq_snapshots_sha256")),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_snapshots_year_frozen_at"), ["year", "frozen_at"], unique=False
        )

    op.create_table(
        "targets",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_targets_one_subject"),
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_targets_value")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_targets_year")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_targets_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_targets_pairing_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_targets_region_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_targets_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_pairing_id"), ["pairing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_region_id"), ["region_id"], unique=False)
        batch_op.create_index("uq_targets_enclave", ["year", "measure", "enclave_id"], unique=True)
        batch_op.create_index("uq_targets_pairing", ["year", "measure", "pairing_id"], unique=True)
        batch_op.create_index("uq_targets_region", ["year", "measure", "region_id"], unique=True)

    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.String(length=24), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("villages", sa.Integer(), nullable=True),
        sa.Column("voucher", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reversal_of_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('funds_in_place', 'completed_investment', 'capital_paid', 'rebate', 'rent', 'tax', 'retained_tax')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.CheckConstraint(
            "precision IN ('exact', 'at_least', 'at_most', 'about')",
            name=op.f("ck_ledger_entries_precision"),
        ),
        sa.CheckConstraint(
            "CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_ledger_entries_one_subject"),
        ),
        sa.CheckConstraint(
            "amount <> 0 AND (amount < 0) = (reversal_of_id IS NOT NULL)",
            name=op.f("ck_ledger_entries_amount"),
        ),
        sa.CheckConstraint(
            "period_from IS NULL OR period_from <= occurred_on",
            name=op.f("ck_ledger_entries_period"),
        ),
        sa.CheckConstraint("villages >= 0", name=op.f("ck_ledger_entries_villages")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_ledger_entries_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_ledger_entries_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_ledger_entries_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_ledger_entries_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_of_id"], ["ledger_entries.id"], name=op.f("fk_ledger_entries_reversal_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_ledger_entries_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("reversal_of_id", name=op.f("uq_ledger_entries_reversal_of_id")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_kind_occurred_on"), ["kind", "occurred_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "scorecards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("county_class", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("unscorable", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "enclave_id IS NULL OR region_id IS NOT NULL", name=op.f("ck_scorecards_region")
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_scorecards_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_scorecards_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_scorecards_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
    )
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecards_region_id"), ["region_id"], unique=False)
        batch_op.create_index(
            "uq_scorecards_subject", ["snapshot_id", "sheet", "subject_code"], unique=True
        )

    op.create_table(
        "sourced_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("precision", sa.String(length=24), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "precision IN ('exact', 'at_least', 'at_most', 'about')",
            name=op.f("ck_sourced_values_precision"),
        ),
        sa.CheckConstraint(
            "CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_sourced_values_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_sourced_values_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_sourced_values_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_sourced_values_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sourced_values")),
    )
    with op.batch_alter_table("sourced_values", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sourced_values_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sourced_values_project_id"), ["project_id"], unique=False
        )



def downgrade() -> None:
    with op.batch_alter_table("sourced_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sourced_values_project_id"))
        batch_op.drop_index(batch_op.f("ix_sourced_values_enclave_id"))

    op.drop_table("sourced_values")
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.drop_index("uq_scorecards_subject")
        batch_op.drop_index(batch_op.f("ix_scorecards_region_id"))

    op.drop_table("scorecards")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_project_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_kind_occurred_on"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_enclave_id"))

    op.drop_table("ledger_entries")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("uq_targets_region")
        batch_op.drop_index("uq_targets_pairing")
        batch_op.drop_index("uq_targets_enclave")
        batch_op.drop_index(batch_op.f("ix_targets_region_id"))
        batch_op.drop_index(batch_op.f("ix_targets_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_targets_enclave_id"))

    op.drop_table("targets")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshots_year_frozen_at"))

    op.drop_table("snapshots")
    with op.batch_alter_table("return_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_terms_enclave_id"))

    op.drop_table("return_terms")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index("uq_projects_region_id_name")
        batch_op.drop_index(batch_op.f("ix_projects_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_projects_enclave_id"))

    op.drop_table("projects")
    with op.batch_alter_table("pairing_citations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pairing_citations_pairing_id"))

    op.drop_table("pairing_citations")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_region_id"))

    op.drop_table("users")
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.drop_index("uq_pairings_supporter_id_recipient_id")
        batch_op.drop_index(batch_op.f("ix_pairings_recipient_id"))

    op.drop_table("pairings")
    with op.batch_alter_table("enclaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enclaves_origin_id"))
        batch_op.drop_index(batch_op.f("ix_enclaves_kind"))
        batch_op.drop_index(batch_op.f("ix_enclaves_host_id"))

    op.drop_table("enclaves")
    with op.batch_alter_table("county_listings", schema=None) as batch_op:
        batch_op.drop_index("uq_county_listings_region_id_joined_on")

    op.drop_table("county_listings")
    op.drop_table("sources")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_username_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_address_at"))

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regions_parent_id"))

    op.drop_table("regions")

"""First records: places, pairs, enclaves, parks, villages, projects, money, people, rulings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_evidence_files_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_files_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_evidence_files_sha256")),
    )
    op.create_table(
        "pairing_rounds",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_pairing_rounds_origin")
        ),
        sa.CheckConstraint(
            "scheme IN ('shanhai', 'old_base', 'within_city', 'inner_city')",
            name=op.f("ck_pairing_rounds_scheme"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_pairing_rounds_code")),
    )
    op.create_table(
        "plan_goals",
        sa.Column("plan", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("indicator", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("operator", sa.String(length=2), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('evaluated', 'special', 'observed')", name=op.f("ck_plan_goals_kind")
        ),
        sa.CheckConstraint(
            "operator IN ('=', '>', '>=', '<', '<=', '≈')", name=op.f("ck_plan_goals_operator")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_plan_goals_origin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goals")),
    )
    with op.batch_alter_table("plan_goals", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_goals_goal", ["plan", "scope", "number", "indicator", "year"], unique=True
        )

    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=9), nullable=True),
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
            "length(code) = CASE level WHEN 'town' THEN 9 ELSE 6 END",
            name=op.f("ck_regions_code_length"),
        ),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county', 'town', 'outside')",
            name=op.f("ck_regions_level"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_regions_origin")
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
        "adoptions",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IN ('central', 'province', 'city')", name=op.f("ck_adoptions_level")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_adoptions_origin")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_adoptions_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
    )
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoptions_region_id"), ["region_id"], unique=False)

    op.create_table(
        "aid_groups",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_aid_groups_origin")
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_aid_groups_since_before_until")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["regions.id"], name=op.f("fk_aid_groups_county_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_groups")),
    )
    with op.batch_alter_table("aid_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_groups_county_id"), ["county_id"], unique=False)

    op.create_table(
        "county_indicators",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("precision", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_county_indicators_origin")
        ),
        sa.CheckConstraint(
            "precision IN ('exact', 'at_least', 'at_most', 'about')",
            name=op.f("ck_county_indicators_precision"),
        ),
        sa.CheckConstraint("year BETWEEN 1949 AND 2100", name=op.f("ck_county_indicators_year")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_county_indicators_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_county_indicators_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_indicators")),
    )
    with op.batch_alter_table("county_indicators", schema=None) as batch_op:
        batch_op.create_index(
            "uq_county_indicators_place", ["region_id", "year", "indicator"], unique=True
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
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_county_listings_origin")
        ),
        sa.CheckConstraint(
            "joined_on < left_on", name=op.f("ck_county_listings_joined_before_left")
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
        "organisations",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('department', 'state_firm', 'private_firm', 'university', 'hospital', 'other')",
            name=op.f("ck_organisations_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_organisations_origin")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_organisations_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_region_id"), ["region_id"], unique=False)

    op.create_table(
        "pairings",
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_pairings_origin")
        ),
        sa.CheckConstraint(
            "scheme IN ('shanhai', 'old_base', 'within_city', 'inner_city')",
            name=op.f("ck_pairings_scheme"),
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_pairings_since_before_until")),
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
            "uq_pairings_sides", ["supporter_id", "recipient_id", "scheme"], unique=True
        )

    op.create_table(
        "parks",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("ten_billion_on", sa.Date(), nullable=True),
        sa.Column("area_mu", sa.BigInteger(), nullable=True),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("leading_industry", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('industrial', 'tourism', 'cooperation')", name=op.f("ck_parks_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_parks_origin")
        ),
        sa.CheckConstraint(
            "approved_on <= closed_on", name=op.f("ck_parks_approved_on_before_closed_on")
        ),
        sa.CheckConstraint("area_mu > 0", name=op.f("ck_parks_area")),
        sa.CheckConstraint("base_year BETWEEN 2012 AND 2100", name=op.f("ck_parks_base_year")),
        sa.CheckConstraint(
            "signed_on <= approved_on", name=op.f("ck_parks_signed_on_before_approved_on")
        ),
        sa.CheckConstraint(
            "signed_on <= closed_on", name=op.f("ck_parks_signed_on_before_closed_on")
        ),
        sa.CheckConstraint("supporter_id <> recipient_id", name=op.f("ck_parks_two_sides")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["regions.id"], name=op.f("fk_parks_recipient_id")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["regions.id"], name=op.f("fk_parks_supporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parks")),
        sa.UniqueConstraint("code", name=op.f("uq_parks_code")),
        sa.UniqueConstraint("name", name=op.f("uq_parks_name")),
    )
    with op.batch_alter_table("parks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parks_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_parks_recipient_id"), ["recipient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parks_supporter_id"), ["supporter_id"], unique=False)

    op.create_table(
        "platforms",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('new_area', 'high_level_zone')", name=op.f("ck_platforms_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_platforms_origin")
        ),
        sa.CheckConstraint(
            "listed_on < removed_on", name=op.f("ck_platforms_listed_before_removed")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_platforms_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platforms")),
        sa.UniqueConstraint("name", name=op.f("uq_platforms_name")),
    )
    with op.batch_alter_table("platforms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platforms_region_id"), ["region_id"], unique=False)

    op.create_table(
        "published_totals",
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(length=120), nullable=False),
        sa.Column("indicator", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_published_totals_origin")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_published_totals_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_published_totals_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_totals")),
    )
    with op.batch_alter_table("published_totals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_totals_region_id"), ["region_id"], unique=False
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
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_users_origin")
        ),
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
        "villages",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("is_weak", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_villages_origin")
        ),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_villages_code")),
        sa.ForeignKeyConstraint(["county_id"], ["regions.id"], name=op.f("fk_villages_county_id")),
        sa.ForeignKeyConstraint(["town_id"], ["regions.id"], name=op.f("fk_villages_town_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villages")),
        sa.UniqueConstraint("code", name=op.f("uq_villages_code")),
    )
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_villages_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_villages_town_id"), ["town_id"], unique=False)

    op.create_table(
        "aid_group_members",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_aid_group_members_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN region_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_aid_group_members_one_member"),
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_aid_group_members_since_before_until")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["aid_groups.id"], name=op.f("fk_aid_group_members_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_aid_group_members_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_aid_group_members_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_group_members")),
    )
    with op.batch_alter_table("aid_group_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_aid_group_members_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_aid_group_members_region_id"), ["region_id"], unique=False
        )
        batch_op.create_index(
            "uq_aid_group_members_organisation", ["group_id", "organisation_id"], unique=True
        )
        batch_op.create_index("uq_aid_group_members_region", ["group_id", "region_id"], unique=True)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action IN ('created', 'changed', 'deleted')", name=op.f("ck_audit_entries_action")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entries_table_name_record_id"),
            ["table_name", "record_id"],
            unique=False,
        )

    op.create_table(
        "demonstration_villages",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("acceptance_year", sa.Integer(), nullable=True),
        sa.Column("low_income_households", sa.Integer(), nullable=True),
        sa.Column("has_fund_ledger", sa.Boolean(), nullable=True),
        sa.Column("has_village_disclosure", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')",
            name=op.f("ck_demonstration_villages_origin"),
        ),
        sa.CheckConstraint(
            "acceptance_year BETWEEN 2018 AND 2100",
            name=op.f("ck_demonstration_villages_acceptance_year"),
        ),
        sa.CheckConstraint(
            "applied_on <= accepted_on",
            name=op.f("ck_demonstration_villages_applied_on_before_accepted_on"),
        ),
        sa.CheckConstraint(
            "applied_on <= approved_on",
            name=op.f("ck_demonstration_villages_applied_on_before_approved_on"),
        ),
        sa.CheckConstraint(
            "approved_on <= accepted_on",
            name=op.f("ck_demonstration_villages_approved_on_before_accepted_on"),
        ),
        sa.CheckConstraint(
            "low_income_households >= 0",
            name=op.f("ck_demonstration_villages_low_income_households"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["regions.id"], name=op.f("fk_demonstration_villages_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_demonstration_villages_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["villages.id"], name=op.f("fk_demonstration_villages_village_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_villages")),
        sa.UniqueConstraint("code", name=op.f("uq_demonstration_villages_code")),
    )
    with op.batch_alter_table("demonstration_villages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_demonstration_villages_county_id"), ["county_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_demonstration_villages_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_demonstration_villages_village_id"), ["village_id"], unique=False
        )

    op.create_table(
        "enclaves",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("development_since", sa.Date(), nullable=True),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
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
        sa.Column("platform_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "development_since >= '2025-01-01'", name=op.f("ck_enclaves_development_since")
        ),
        sa.CheckConstraint(
            "direction IN ('outbound', 'inbound')", name=op.f("ck_enclaves_direction")
        ),
        sa.CheckConstraint(
            "kind <> 'development' OR development_since IS NOT NULL",
            name=op.f("ck_enclaves_development_dated"),
        ),
        sa.CheckConstraint(
            "kind IN ('industrial', 'innovation', 'income', 'development')",
            name=op.f("ck_enclaves_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_enclaves_origin")
        ),
        sa.CheckConstraint("area_mu >= 0 AND floor_m2 >= 0", name=op.f("ck_enclaves_area")),
        sa.CheckConstraint(
            "completed_on <= closed_on", name=op.f("ck_enclaves_completed_on_before_closed_on")
        ),
        sa.CheckConstraint(
            "completed_on <= in_use_on", name=op.f("ck_enclaves_completed_on_before_in_use_on")
        ),
        sa.CheckConstraint(
            "in_use_on <= closed_on", name=op.f("ck_enclaves_in_use_on_before_closed_on")
        ),
        sa.CheckConstraint(
            "signed_on <= closed_on", name=op.f("ck_enclaves_signed_on_before_closed_on")
        ),
        sa.CheckConstraint(
            "signed_on <= completed_on", name=op.f("ck_enclaves_signed_on_before_completed_on")
        ),
        sa.CheckConstraint(
            "signed_on <= in_use_on", name=op.f("ck_enclaves_signed_on_before_in_use_on")
        ),
        sa.CheckConstraint(
            "signed_on <= started_on", name=op.f("ck_enclaves_signed_on_before_started_on")
        ),
        sa.CheckConstraint(
            "started_on <= closed_on", name=op.f("ck_enclaves_started_on_before_closed_on")
        ),
        sa.CheckConstraint(
            "started_on <= completed_on", name=op.f("ck_enclaves_started_on_before_completed_on")
        ),
        sa.CheckConstraint(
            "started_on <= in_use_on", name=op.f("ck_enclaves_started_on_before_in_use_on")
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
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], name=op.f("fk_enclaves_platform_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclaves")),
        sa.UniqueConstraint("code", name=op.f("uq_enclaves_code")),
    )
    with op.batch_alter_table("enclaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enclaves_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enclaves_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_enclaves_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enclaves_platform_id"), ["platform_id"], unique=False)

    op.create_table(
        "institution_pairs",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("supporter_name", sa.String(length=120), nullable=False),
        sa.Column("recipient_name", sa.String(length=120), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('school', 'hospital')", name=op.f("ck_institution_pairs_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_institution_pairs_origin")
        ),
        sa.CheckConstraint("signed_on <= ends_on", name=op.f("ck_institution_pairs_term")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_institution_pairs_pairing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_pairs")),
    )
    with op.batch_alter_table("institution_pairs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_institution_pairs_pairing_id"), ["pairing_id"], unique=False
        )

    op.create_table(
        "joint_events",
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_joint_events_origin")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_joint_events_pairing_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_joint_events_park_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_events")),
    )
    with op.batch_alter_table("joint_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_events_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_joint_events_park_id"), ["park_id"], unique=False)

    op.create_table(
        "joint_meetings",
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("decisions", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_joint_meetings_origin")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_joint_meetings_pairing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_meetings")),
    )
    with op.batch_alter_table("joint_meetings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_meetings_pairing_id"), ["pairing_id"], unique=False
        )

    op.create_table(
        "pairing_citations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("end_year", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_citations_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["pairing_rounds.id"], name=op.f("fk_pairing_citations_round_id")
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
        batch_op.create_index(
            batch_op.f("ix_pairing_citations_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "secondments",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("sent_by", sa.String(length=24), nullable=False),
        sa.Column("from_post", sa.String(length=120), nullable=False),
        sa.Column("to_post", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_secondments_origin")
        ),
        sa.CheckConstraint(
            "sent_by IN ('supporter', 'recipient')", name=op.f("ck_secondments_sent_by")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_secondments_term")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_secondments_pairing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondments")),
    )
    with op.batch_alter_table("secondments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_secondments_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
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
        "specialist_postings",
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "field IN ('education', 'health', 'agriculture', 'technology', 'culture', 'other')",
            name=op.f("ck_specialist_postings_field"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_specialist_postings_origin")
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_specialist_postings_people")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_specialist_postings_term")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_specialist_postings_pairing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist_postings")),
    )
    with op.batch_alter_table("specialist_postings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_specialist_postings_pairing_id"), ["pairing_id"], unique=False
        )

    op.create_table(
        "trainings",
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("employed", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_trainings_origin")
        ),
        sa.CheckConstraint(
            "purpose IN ('employment', 'skills', 'cadres')", name=op.f("ck_trainings_purpose")
        ),
        sa.CheckConstraint(
            "employed >= 0 AND employed <= people", name=op.f("ck_trainings_employed")
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_trainings_people")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_trainings_pairing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "village_incomes",
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("operating", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_village_incomes_origin")
        ),
        sa.CheckConstraint("operating >= 0", name=op.f("ck_village_incomes_operating")),
        sa.CheckConstraint("total >= operating", name=op.f("ck_village_incomes_total")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_village_incomes_year")),
        sa.ForeignKeyConstraint(
            ["village_id"], ["villages.id"], name=op.f("fk_village_incomes_village_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_incomes")),
    )
    with op.batch_alter_table("village_incomes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_village_incomes_year"), ["year"], unique=False)
        batch_op.create_index(
            "uq_village_incomes_village_id_year", ["village_id", "year"], unique=True
        )

    op.create_table(
        "visits",
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=24), nullable=False),
        sa.Column("led_by", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_visits_origin")
        ),
        sa.CheckConstraint("visitor IN ('supporter', 'recipient')", name=op.f("ck_visits_visitor")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairings.id"], name=op.f("fk_visits_pairing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_pairing_id"), ["pairing_id"], unique=False)

    op.create_table(
        "consumption_aids",
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("buyer", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_consumption_aids_origin")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_consumption_aids_amount")),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_consumption_aids_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_consumption_aids_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["park_id"], ["parks.id"], name=op.f("fk_consumption_aids_park_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumption_aids")),
    )
    with op.batch_alter_table("consumption_aids", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consumption_aids_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_consumption_aids_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consumption_aids_park_id"), ["park_id"], unique=False)

    op.create_table(
        "determinations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("ruling", sa.String(length=24), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("ruled_at", sa.DateTime(), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ruling = 'corrected') = (value IS NOT NULL)", name=op.f("ck_determinations_value")
        ),
        sa.CheckConstraint(
            "level IN ('county', 'city', 'province')", name=op.f("ck_determinations_level")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_determinations_origin")
        ),
        sa.CheckConstraint(
            "ruling = 'accepted' OR reason <> ''", name=op.f("ck_determinations_reason")
        ),
        sa.CheckConstraint(
            "ruling IN ('accepted', 'corrected', 'refused')", name=op.f("ck_determinations_ruling")
        ),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END + CASE WHEN demonstration_village_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_determinations_one_subject"),
        ),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_determinations_year")),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_determinations_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_determinations_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_determinations_pairing_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_determinations_park_id")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_determinations_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["users.id"], name=op.f("fk_determinations_ruled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determinations")),
    )
    with op.batch_alter_table("determinations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_determinations_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_determinations_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_determinations_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_determinations_park_id"), ["park_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_determinations_region_id"), ["region_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_determinations_year_measure"), ["year", "measure"], unique=False
        )

    op.create_table(
        "enclave_agreements",
        sa.Column("enclave_id", sa.Integer(), nullable=False),
        sa.Column("building_mode", sa.String(length=200), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("origin_cost_share", sa.BigInteger(), nullable=True),
        sa.Column("host_cost_share", sa.BigInteger(), nullable=True),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("full_time_staff", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_enclave_agreements_origin")
        ),
        sa.CheckConstraint(
            "full_time_staff >= 0", name=op.f("ck_enclave_agreements_full_time_staff")
        ),
        sa.CheckConstraint(
            "host_cost_share BETWEEN 0 AND 100000000",
            name=op.f("ck_enclave_agreements_host_cost_share"),
        ),
        sa.CheckConstraint(
            "origin_cost_share + host_cost_share <= 100000000",
            name=op.f("ck_enclave_agreements_cost_shares"),
        ),
        sa.CheckConstraint(
            "origin_cost_share BETWEEN 0 AND 100000000",
            name=op.f("ck_enclave_agreements_origin_cost_share"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_enclave_agreements_term")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_enclave_agreements_enclave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclave_agreements")),
        sa.UniqueConstraint("enclave_id", name=op.f("uq_enclave_agreements_enclave_id")),
    )
    op.create_table(
        "enclave_spaces",
        sa.Column("enclave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('land', 'floor')", name=op.f("ck_enclave_spaces_kind")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_enclave_spaces_origin")
        ),
        sa.CheckConstraint(
            "step = 'agreed' OR due_on IS NULL", name=op.f("ck_enclave_spaces_due_where_agreed")
        ),
        sa.CheckConstraint("step IN ('agreed', 'delivered')", name=op.f("ck_enclave_spaces_step")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_enclave_spaces_quantity")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_enclave_spaces_enclave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclave_spaces")),
    )
    with op.batch_alter_table("enclave_spaces", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enclave_spaces_enclave_id"), ["enclave_id"], unique=False
        )

    op.create_table(
        "filings",
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('plan', 'q1', 'q2', 'q3', 'q4', 'annual')", name=op.f("ck_filings_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_filings_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_filings_one_subject"),
        ),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_filings_year")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_filings_enclave_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_filings_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
    )
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.create_index("uq_filings_enclave", ["enclave_id", "year", "kind"], unique=True)
        batch_op.create_index("uq_filings_region", ["region_id", "year", "kind"], unique=True)

    op.create_table(
        "findings",
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("pass_rate", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'sampling') = (pass_rate IS NOT NULL)", name=op.f("ck_findings_sampling")
        ),
        sa.CheckConstraint(
            "kind IN ('false_data', 'inspection', 'bad_case', 'accident', 'sampling')",
            name=op.f("ck_findings_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('central', 'province', 'city')", name=op.f("ck_findings_level")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_findings_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_findings_one_subject"),
        ),
        sa.CheckConstraint(
            "found_on <= withdrawn_on", name=op.f("ck_findings_found_before_withdrawn")
        ),
        sa.CheckConstraint("pass_rate BETWEEN 0 AND 100000000", name=op.f("ck_findings_pass_rate")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_findings_enclave_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_findings_park_id")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_findings_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_park_id"), ["park_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_region_id"), ["region_id"], unique=False)

    op.create_table(
        "operating_figures",
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.String(length=24), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "item <> 'occupancy_rate' OR value <= 100000000",
            name=op.f("ck_operating_figures_occupancy_rate"),
        ),
        sa.CheckConstraint(
            "item IN ('output', 'value_added', 'revenue', 'above_scale_firms', 'land_supplied', 'land_developed', 'floor_usable', 'floor_occupied', 'occupancy_rate', 'incubated_projects', 'senior_talents', 'provincial_talents', 'visitors', 'farmers_income', 'trade')",
            name=op.f("ck_operating_figures_item"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_operating_figures_origin")
        ),
        sa.CheckConstraint(
            "precision IN ('exact', 'at_least', 'at_most', 'about')",
            name=op.f("ck_operating_figures_precision"),
        ),
        sa.CheckConstraint(
            "CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_operating_figures_one_subject"),
        ),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_operating_figures_quarter")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_operating_figures_value")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_operating_figures_year")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_operating_figures_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["park_id"], ["parks.id"], name=op.f("fk_operating_figures_park_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_operating_figures_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_figures")),
    )
    with op.batch_alter_table("operating_figures", schema=None) as batch_op:
        batch_op.create_index(
            "uq_operating_figures_enclave", ["enclave_id", "year", "quarter", "item"], unique=True
        )
        batch_op.create_index(
            "uq_operating_figures_park", ["park_id", "year", "quarter", "item"], unique=True
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
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("incubated_in_id", sa.Integer(), nullable=True),
        sa.Column("continued_from_id", sa.Integer(), nullable=True),
        sa.Column("is_leading_industry", sa.Boolean(), nullable=True),
        sa.Column("source_side", sa.String(length=24), nullable=True),
        sa.Column("is_provincial_major", sa.Boolean(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("partner_view", sa.String(length=24), nullable=False),
        sa.Column("partner_note", sa.String(length=400), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("negotiated_on", sa.Date(), nullable=True),
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
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_projects_origin")
        ),
        sa.CheckConstraint(
            "partner_view <> 'disputed' OR partner_note <> ''",
            name=op.f("ck_projects_partner_note"),
        ),
        sa.CheckConstraint(
            "partner_view IN ('pending', 'confirmed', 'disputed')",
            name=op.f("ck_projects_partner_view"),
        ),
        sa.CheckConstraint(
            "source_side IN ('supporter', 'recipient', 'elsewhere')",
            name=op.f("ck_projects_source_side"),
        ),
        sa.CheckConstraint("continued_from_id <> id", name=op.f("ck_projects_continued_from")),
        sa.CheckConstraint(
            "negotiated_on <= completed_on",
            name=op.f("ck_projects_negotiated_on_before_completed_on"),
        ),
        sa.CheckConstraint(
            "negotiated_on <= signed_on", name=op.f("ck_projects_negotiated_on_before_signed_on")
        ),
        sa.CheckConstraint(
            "negotiated_on <= started_on", name=op.f("ck_projects_negotiated_on_before_started_on")
        ),
        sa.CheckConstraint("partner_id <> region_id", name=op.f("ck_projects_partner")),
        sa.CheckConstraint(
            "planned_on <= completed_on", name=op.f("ck_projects_planned_on_before_completed_on")
        ),
        sa.CheckConstraint(
            "planned_on <= negotiated_on", name=op.f("ck_projects_planned_on_before_negotiated_on")
        ),
        sa.CheckConstraint(
            "planned_on <= signed_on", name=op.f("ck_projects_planned_on_before_signed_on")
        ),
        sa.CheckConstraint(
            "planned_on <= started_on", name=op.f("ck_projects_planned_on_before_started_on")
        ),
        sa.CheckConstraint(
            "signed_on <= completed_on", name=op.f("ck_projects_signed_on_before_completed_on")
        ),
        sa.CheckConstraint(
            "signed_on <= started_on", name=op.f("ck_projects_signed_on_before_started_on")
        ),
        sa.CheckConstraint(
            "signed_on <= terminated_on", name=op.f("ck_projects_signed_on_before_terminated_on")
        ),
        sa.CheckConstraint(
            "started_on <= completed_on", name=op.f("ck_projects_started_on_before_completed_on")
        ),
        sa.CheckConstraint(
            "started_on <= in_production_on",
            name=op.f("ck_projects_started_on_before_in_production_on"),
        ),
        sa.CheckConstraint("total_investment > 0", name=op.f("ck_projects_total_investment")),
        sa.ForeignKeyConstraint(
            ["continued_from_id"], ["projects.id"], name=op.f("fk_projects_continued_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_projects_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_projects_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["incubated_in_id"], ["enclaves.id"], name=op.f("fk_projects_incubated_in_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_projects_pairing_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_projects_park_id")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["regions.id"], name=op.f("fk_projects_partner_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_projects_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_projects_continued_from_id"), ["continued_from_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_projects_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_projects_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_projects_incubated_in_id"), ["incubated_in_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_projects_pairing_id"), ["pairing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_park_id"), ["park_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_partner_id"), ["partner_id"], unique=False)
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
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_return_terms_origin")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_return_terms_amount")),
        sa.CheckConstraint("rate > 0 AND rate <= 100000000", name=op.f("ck_return_terms_rate")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_return_terms_span")),
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
        sa.Column("self_total", sa.BigInteger(), nullable=False),
        sa.Column("city_total", sa.BigInteger(), nullable=False),
        sa.Column("province_total", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("unscorable", sa.Integer(), nullable=False),
        sa.Column("undetermined", sa.Integer(), nullable=False),
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
        "targets",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("responsible_unit", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_targets_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_targets_one_subject"),
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_targets_parent")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_targets_value")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_targets_year")),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_targets_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_targets_pairing_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["targets.id"], name=op.f("fk_targets_parent_id")),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_targets_park_id")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_targets_region_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_targets_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_pairing_id"), ["pairing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_park_id"), ["park_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_region_id"), ["region_id"], unique=False)
        batch_op.create_index("uq_targets_enclave", ["year", "measure", "enclave_id"], unique=True)
        batch_op.create_index("uq_targets_pairing", ["year", "measure", "pairing_id"], unique=True)
        batch_op.create_index("uq_targets_park", ["year", "measure", "park_id"], unique=True)
        batch_op.create_index("uq_targets_region", ["year", "measure", "region_id"], unique=True)

    op.create_table(
        "tenants",
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("moved_out_on", sa.Date(), nullable=True),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("is_technology", sa.Boolean(), nullable=True),
        sa.Column("is_above_scale", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_tenants_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_tenants_one_subject"),
        ),
        sa.CheckConstraint("area_m2 >= 0", name=op.f("ck_tenants_area")),
        sa.CheckConstraint(
            "moved_in_on <= moved_out_on", name=op.f("ck_tenants_moved_in_before_out")
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_tenants_enclave_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_tenants_park_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    with op.batch_alter_table("tenants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenants_enclave_id"), ["enclave_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenants_park_id"), ["park_id"], unique=False)

    op.create_table(
        "village_stakes",
        sa.Column("enclave_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("capital_agreed", sa.BigInteger(), nullable=True),
        sa.Column("capital_paid", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_village_stakes_origin")
        ),
        sa.CheckConstraint("capital_agreed >= 0", name=op.f("ck_village_stakes_capital_agreed")),
        sa.CheckConstraint("capital_paid >= 0", name=op.f("ck_village_stakes_capital_paid")),
        sa.CheckConstraint("joined_on < left_on", name=op.f("ck_village_stakes_span")),
        sa.CheckConstraint(
            "share > 0 AND share <= 1000000000000", name=op.f("ck_village_stakes_share")
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_village_stakes_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["villages.id"], name=op.f("fk_village_stakes_village_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_stakes")),
    )
    with op.batch_alter_table("village_stakes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_village_stakes_village_id"), ["village_id"], unique=False
        )
        batch_op.create_index(
            "uq_village_stakes_enclave_id_village_id", ["enclave_id", "village_id"], unique=True
        )

    op.create_table(
        "agreement_documents",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreement', 'plan', 'supplement')", name=op.f("ck_agreement_documents_kind")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_agreement_documents_origin")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["enclave_agreements.id"],
            name=op.f("fk_agreement_documents_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_documents")),
    )
    with op.batch_alter_table("agreement_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_documents_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=25), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.String(length=24), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("villages", sa.Integer(), nullable=True),
        sa.Column("voucher", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reversal_of_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "due_on IS NULL OR kind IN ('rebate', 'tax_share', 'aid_sent')",
            name=op.f("ck_ledger_entries_due"),
        ),
        sa.CheckConstraint(
            "kind IN ('funds_in_place', 'completed_investment', 'government_investment', 'social_investment', 'infrastructure_investment', 'capital_paid', 'aid_sent', 'aid_received', 'aid_used', 'social_aid', 'rebate', 'rent', 'tax', 'retained_tax', 'tax_share', 'land_quota', 'provincial_award')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_ledger_entries_origin")
        ),
        sa.CheckConstraint(
            "precision IN ('exact', 'at_least', 'at_most', 'about')",
            name=op.f("ck_ledger_entries_precision"),
        ),
        sa.CheckConstraint(
            "purpose IN ('income', 'education')", name=op.f("ck_ledger_entries_purpose")
        ),
        sa.CheckConstraint(
            "purpose IS NULL OR kind IN ('aid_sent', 'aid_received', 'aid_used')",
            name=op.f("ck_ledger_entries_purpose_where_aid"),
        ),
        sa.CheckConstraint(
            "CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END + CASE WHEN demonstration_village_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_ledger_entries_one_subject"),
        ),
        sa.CheckConstraint(
            "amount <> 0 AND (amount < 0) = (reversal_of_id IS NOT NULL)",
            name=op.f("ck_ledger_entries_amount"),
        ),
        sa.CheckConstraint("period_from <= occurred_on", name=op.f("ck_ledger_entries_period")),
        sa.CheckConstraint(
            "reversal_of_id IS NULL OR submitted_at IS NOT NULL",
            name=op.f("ck_ledger_entries_no_draft_reversal"),
        ),
        sa.CheckConstraint("villages >= 0", name=op.f("ck_ledger_entries_villages")),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_ledger_entries_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_ledger_entries_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_ledger_entries_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_ledger_entries_pairing_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_ledger_entries_park_id")),
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
            batch_op.f("ix_ledger_entries_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_kind_occurred_on"), ["kind", "occurred_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_pairing_id"), ["pairing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_entries_park_id"), ["park_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "sourced_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
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
            "CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_sourced_values_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_sourced_values_enclave_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_sourced_values_park_id")),
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
        batch_op.create_index(batch_op.f("ix_sourced_values_park_id"), ["park_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sourced_values_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "tax_splits",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("to_year", sa.Integer(), nullable=True),
        sa.Column("origin_share", sa.BigInteger(), nullable=False),
        sa.Column("host_share", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_tax_splits_origin")
        ),
        sa.CheckConstraint("from_year <= to_year", name=op.f("ck_tax_splits_span")),
        sa.CheckConstraint("from_year BETWEEN 2002 AND 2100", name=op.f("ck_tax_splits_from_year")),
        sa.CheckConstraint(
            "origin_share + host_share = 100000000", name=op.f("ck_tax_splits_whole")
        ),
        sa.CheckConstraint(
            "origin_share >= 0 AND host_share >= 0", name=op.f("ck_tax_splits_shares")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["enclave_agreements.id"], name=op.f("fk_tax_splits_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_splits")),
    )
    with op.batch_alter_table("tax_splits", schema=None) as batch_op:
        batch_op.create_index(
            "uq_tax_splits_agreement_id_from_year", ["agreement_id", "from_year"], unique=True
        )

    op.create_table(
        "evidence_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("return_term_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("ledger_entry_id", sa.Integer(), nullable=True),
        sa.Column("operating_figure_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("village_stake_id", sa.Integer(), nullable=True),
        sa.Column("village_income_id", sa.Integer(), nullable=True),
        sa.Column("demonstration_village_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("joint_meeting_id", sa.Integer(), nullable=True),
        sa.Column("joint_event_id", sa.Integer(), nullable=True),
        sa.Column("secondment_id", sa.Integer(), nullable=True),
        sa.Column("specialist_posting_id", sa.Integer(), nullable=True),
        sa.Column("training_id", sa.Integer(), nullable=True),
        sa.Column("institution_pair_id", sa.Integer(), nullable=True),
        sa.Column("consumption_aid_id", sa.Integer(), nullable=True),
        sa.Column("county_indicator_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("adoption_id", sa.Integer(), nullable=True),
        sa.Column("determination_id", sa.Integer(), nullable=True),
        sa.Column("filing_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_evidence_links_kind")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_evidence_links_origin")
        ),
        sa.CheckConstraint(
            "CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN return_term_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END + CASE WHEN ledger_entry_id IS NULL THEN 0 ELSE 1 END + CASE WHEN operating_figure_id IS NULL THEN 0 ELSE 1 END + CASE WHEN tenant_id IS NULL THEN 0 ELSE 1 END + CASE WHEN village_stake_id IS NULL THEN 0 ELSE 1 END + CASE WHEN village_income_id IS NULL THEN 0 ELSE 1 END + CASE WHEN demonstration_village_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN joint_meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN joint_event_id IS NULL THEN 0 ELSE 1 END + CASE WHEN secondment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN specialist_posting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN training_id IS NULL THEN 0 ELSE 1 END + CASE WHEN institution_pair_id IS NULL THEN 0 ELSE 1 END + CASE WHEN consumption_aid_id IS NULL THEN 0 ELSE 1 END + CASE WHEN county_indicator_id IS NULL THEN 0 ELSE 1 END + CASE WHEN target_id IS NULL THEN 0 ELSE 1 END + CASE WHEN finding_id IS NULL THEN 0 ELSE 1 END + CASE WHEN adoption_id IS NULL THEN 0 ELSE 1 END + CASE WHEN determination_id IS NULL THEN 0 ELSE 1 END + CASE WHEN filing_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_evidence_links_one_fact"),
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoptions.id"], name=op.f("fk_evidence_links_adoption_id")
        ),
        sa.ForeignKeyConstraint(
            ["consumption_aid_id"],
            ["consumption_aids.id"],
            name=op.f("fk_evidence_links_consumption_aid_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_indicator_id"],
            ["county_indicators.id"],
            name=op.f("fk_evidence_links_county_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_village_id"],
            ["demonstration_villages.id"],
            name=op.f("fk_evidence_links_demonstration_village_id"),
        ),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determinations.id"],
            name=op.f("fk_evidence_links_determination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_evidence_links_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["evidence_files.id"], name=op.f("fk_evidence_links_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_evidence_links_filing_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_evidence_links_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_pair_id"],
            ["institution_pairs.id"],
            name=op.f("fk_evidence_links_institution_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["joint_event_id"], ["joint_events.id"], name=op.f("fk_evidence_links_joint_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["joint_meeting_id"],
            ["joint_meetings.id"],
            name=op.f("fk_evidence_links_joint_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ledger_entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_evidence_links_ledger_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["users.id"], name=op.f("fk_evidence_links_linked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["operating_figure_id"],
            ["operating_figures.id"],
            name=op.f("fk_evidence_links_operating_figure_id"),
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_evidence_links_park_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_evidence_links_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["return_term_id"], ["return_terms.id"], name=op.f("fk_evidence_links_return_term_id")
        ),
        sa.ForeignKeyConstraint(
            ["secondment_id"], ["secondments.id"], name=op.f("fk_evidence_links_secondment_id")
        ),
        sa.ForeignKeyConstraint(
            ["specialist_posting_id"],
            ["specialist_postings.id"],
            name=op.f("fk_evidence_links_specialist_posting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["targets.id"], name=op.f("fk_evidence_links_target_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_evidence_links_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["trainings.id"], name=op.f("fk_evidence_links_training_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_income_id"],
            ["village_incomes.id"],
            name=op.f("fk_evidence_links_village_income_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_stake_id"],
            ["village_stakes.id"],
            name=op.f("fk_evidence_links_village_stake_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_evidence_links_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_evidence_links_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_links")),
    )
    with op.batch_alter_table("evidence_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_links_adoption_id"), ["adoption_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_consumption_aid_id"), ["consumption_aid_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_county_indicator_id"),
            ["county_indicator_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_demonstration_village_id"),
            ["demonstration_village_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_determination_id"), ["determination_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_enclave_id"), ["enclave_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evidence_links_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_evidence_links_filing_id"), ["filing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_finding_id"), ["finding_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_institution_pair_id"),
            ["institution_pair_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_joint_event_id"), ["joint_event_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_joint_meeting_id"), ["joint_meeting_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_ledger_entry_id"), ["ledger_entry_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_operating_figure_id"),
            ["operating_figure_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_evidence_links_park_id"), ["park_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_evidence_links_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_return_term_id"), ["return_term_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_secondment_id"), ["secondment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_specialist_posting_id"),
            ["specialist_posting_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_target_id"), ["target_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_tenant_id"), ["tenant_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_training_id"), ["training_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_village_income_id"), ["village_income_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_links_village_stake_id"), ["village_stake_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evidence_links_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "village_payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_village_payments_amount")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_village_payments_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["villages.id"], name=op.f("fk_village_payments_village_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_payments")),
    )
    with op.batch_alter_table("village_payments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_village_payments_village_id"), ["village_id"], unique=False
        )
        batch_op.create_index(
            "uq_village_payments_entry_id_village_id", ["entry_id", "village_id"], unique=True
        )


def downgrade() -> None:
    with op.batch_alter_table("village_payments", schema=None) as batch_op:
        batch_op.drop_index("uq_village_payments_entry_id_village_id")
        batch_op.drop_index(batch_op.f("ix_village_payments_village_id"))

    op.drop_table("village_payments")
    with op.batch_alter_table("evidence_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_links_visit_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_village_stake_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_village_income_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_training_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_target_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_specialist_posting_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_secondment_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_return_term_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_project_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_park_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_operating_figure_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_ledger_entry_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_joint_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_joint_event_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_institution_pair_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_finding_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_filing_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_file_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_enclave_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_determination_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_demonstration_village_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_county_indicator_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_consumption_aid_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_links_adoption_id"))

    op.drop_table("evidence_links")
    with op.batch_alter_table("tax_splits", schema=None) as batch_op:
        batch_op.drop_index("uq_tax_splits_agreement_id_from_year")

    op.drop_table("tax_splits")
    with op.batch_alter_table("sourced_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sourced_values_project_id"))
        batch_op.drop_index(batch_op.f("ix_sourced_values_park_id"))
        batch_op.drop_index(batch_op.f("ix_sourced_values_enclave_id"))

    op.drop_table("sourced_values")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_project_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_park_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_kind_occurred_on"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_enclave_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entries_demonstration_village_id"))

    op.drop_table("ledger_entries")
    with op.batch_alter_table("agreement_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_documents_agreement_id"))

    op.drop_table("agreement_documents")
    with op.batch_alter_table("village_stakes", schema=None) as batch_op:
        batch_op.drop_index("uq_village_stakes_enclave_id_village_id")
        batch_op.drop_index(batch_op.f("ix_village_stakes_village_id"))

    op.drop_table("village_stakes")
    with op.batch_alter_table("tenants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tenants_park_id"))
        batch_op.drop_index(batch_op.f("ix_tenants_enclave_id"))

    op.drop_table("tenants")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("uq_targets_region")
        batch_op.drop_index("uq_targets_park")
        batch_op.drop_index("uq_targets_pairing")
        batch_op.drop_index("uq_targets_enclave")
        batch_op.drop_index(batch_op.f("ix_targets_region_id"))
        batch_op.drop_index(batch_op.f("ix_targets_park_id"))
        batch_op.drop_index(batch_op.f("ix_targets_parent_id"))
        batch_op.drop_index(batch_op.f("ix_targets_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_targets_enclave_id"))

    op.drop_table("targets")
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.drop_index("uq_scorecards_subject")
        batch_op.drop_index(batch_op.f("ix_scorecards_region_id"))

    op.drop_table("scorecards")
    with op.batch_alter_table("return_terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_terms_enclave_id"))

    op.drop_table("return_terms")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index("uq_projects_region_id_name")
        batch_op.drop_index(batch_op.f("ix_projects_partner_id"))
        batch_op.drop_index(batch_op.f("ix_projects_park_id"))
        batch_op.drop_index(batch_op.f("ix_projects_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_projects_incubated_in_id"))
        batch_op.drop_index(batch_op.f("ix_projects_enclave_id"))
        batch_op.drop_index(batch_op.f("ix_projects_demonstration_village_id"))
        batch_op.drop_index(batch_op.f("ix_projects_continued_from_id"))

    op.drop_table("projects")
    with op.batch_alter_table("operating_figures", schema=None) as batch_op:
        batch_op.drop_index("uq_operating_figures_park")
        batch_op.drop_index("uq_operating_figures_enclave")

    op.drop_table("operating_figures")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_region_id"))
        batch_op.drop_index(batch_op.f("ix_findings_park_id"))
        batch_op.drop_index(batch_op.f("ix_findings_enclave_id"))

    op.drop_table("findings")
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.drop_index("uq_filings_region")
        batch_op.drop_index("uq_filings_enclave")

    op.drop_table("filings")
    with op.batch_alter_table("enclave_spaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enclave_spaces_enclave_id"))

    op.drop_table("enclave_spaces")
    op.drop_table("enclave_agreements")
    with op.batch_alter_table("determinations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_determinations_year_measure"))
        batch_op.drop_index(batch_op.f("ix_determinations_region_id"))
        batch_op.drop_index(batch_op.f("ix_determinations_park_id"))
        batch_op.drop_index(batch_op.f("ix_determinations_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_determinations_enclave_id"))
        batch_op.drop_index(batch_op.f("ix_determinations_demonstration_village_id"))

    op.drop_table("determinations")
    with op.batch_alter_table("consumption_aids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consumption_aids_park_id"))
        batch_op.drop_index(batch_op.f("ix_consumption_aids_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_consumption_aids_demonstration_village_id"))

    op.drop_table("consumption_aids")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_pairing_id"))

    op.drop_table("visits")
    with op.batch_alter_table("village_incomes", schema=None) as batch_op:
        batch_op.drop_index("uq_village_incomes_village_id_year")
        batch_op.drop_index(batch_op.f("ix_village_incomes_year"))

    op.drop_table("village_incomes")
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainings_pairing_id"))

    op.drop_table("trainings")
    with op.batch_alter_table("specialist_postings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_specialist_postings_pairing_id"))

    op.drop_table("specialist_postings")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshots_year_frozen_at"))

    op.drop_table("snapshots")
    with op.batch_alter_table("secondments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_secondments_pairing_id"))

    op.drop_table("secondments")
    with op.batch_alter_table("pairing_citations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pairing_citations_round_id"))
        batch_op.drop_index(batch_op.f("ix_pairing_citations_pairing_id"))

    op.drop_table("pairing_citations")
    with op.batch_alter_table("joint_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_meetings_pairing_id"))

    op.drop_table("joint_meetings")
    with op.batch_alter_table("joint_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_events_park_id"))
        batch_op.drop_index(batch_op.f("ix_joint_events_pairing_id"))

    op.drop_table("joint_events")
    with op.batch_alter_table("institution_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_institution_pairs_pairing_id"))

    op.drop_table("institution_pairs")
    with op.batch_alter_table("enclaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enclaves_platform_id"))
        batch_op.drop_index(batch_op.f("ix_enclaves_origin_id"))
        batch_op.drop_index(batch_op.f("ix_enclaves_kind"))
        batch_op.drop_index(batch_op.f("ix_enclaves_host_id"))

    op.drop_table("enclaves")
    with op.batch_alter_table("demonstration_villages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demonstration_villages_village_id"))
        batch_op.drop_index(batch_op.f("ix_demonstration_villages_pairing_id"))
        batch_op.drop_index(batch_op.f("ix_demonstration_villages_county_id"))

    op.drop_table("demonstration_villages")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_table_name_record_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("aid_group_members", schema=None) as batch_op:
        batch_op.drop_index("uq_aid_group_members_region")
        batch_op.drop_index("uq_aid_group_members_organisation")
        batch_op.drop_index(batch_op.f("ix_aid_group_members_region_id"))
        batch_op.drop_index(batch_op.f("ix_aid_group_members_organisation_id"))

    op.drop_table("aid_group_members")
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_villages_town_id"))
        batch_op.drop_index(batch_op.f("ix_villages_county_id"))

    op.drop_table("villages")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_region_id"))

    op.drop_table("users")
    with op.batch_alter_table("published_totals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_totals_region_id"))

    op.drop_table("published_totals")
    with op.batch_alter_table("platforms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_platforms_region_id"))

    op.drop_table("platforms")
    with op.batch_alter_table("parks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parks_supporter_id"))
        batch_op.drop_index(batch_op.f("ix_parks_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_parks_kind"))

    op.drop_table("parks")
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.drop_index("uq_pairings_sides")
        batch_op.drop_index(batch_op.f("ix_pairings_recipient_id"))

    op.drop_table("pairings")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_region_id"))

    op.drop_table("organisations")
    with op.batch_alter_table("county_listings", schema=None) as batch_op:
        batch_op.drop_index("uq_county_listings_region_id_joined_on")

    op.drop_table("county_listings")
    with op.batch_alter_table("county_indicators", schema=None) as batch_op:
        batch_op.drop_index("uq_county_indicators_place")

    op.drop_table("county_indicators")
    with op.batch_alter_table("aid_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_groups_county_id"))

    op.drop_table("aid_groups")
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoptions_region_id"))

    op.drop_table("adoptions")
    op.drop_table("sources")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_username_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_address_at"))

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regions_parent_id"))

    op.drop_table("regions")
    with op.batch_alter_table("plan_goals", schema=None) as batch_op:
        batch_op.drop_index("uq_plan_goals_goal")

    op.drop_table("plan_goals")
    op.drop_table("pairing_rounds")
    op.drop_table("evidence_files")

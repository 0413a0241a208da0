"""As `plain_sql`, of what lists records: enclaves and villages, projects, key work, orders,
filings, points, and the pages of single records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.exchange.sampledata.plain_sql import LARGE, Seen


class Sql(Seen):
    """All figures of leaders' pages from a place."""

    # -- 三大飞地

    def matrix(self) -> Iterator[tuple[str, dict[str | None, int], int, int]]:
        """(county of the list, kind → its enclaves, run elsewhere, by the other side in it)."""
        for number, name, _code in self.all("SELECT * FROM listed ORDER BY code"):
            rows = self.all(
                """SELECT kind_then, direction FROM my_enclaves
                WHERE CASE direction WHEN 'outbound' THEN origin_id ELSE host_id END = ?
                AND coalesce(signed_on, '') <= ? AND coalesce(closed_on, '9') >= ?""",
                number,
                f"{self.year}-12-31",
                f"{self.year}-01-01",
            )
            kinds = [kind for kind, _ in rows]
            outbound = sum(way == "outbound" for _, way in rows)
            of_kinds = {kind: kinds.count(kind) for kind in kinds}
            yield name, of_kinds, outbound, len(rows) - outbound

    def villages(self) -> tuple[int, int, int, int]:
        """With a stake; with a stake and paid; with one and not paid; paid without one."""
        first, last = f"{self.year}-01-01", f"{self.year}-12-31"
        return self.one(
            """WITH v AS (SELECT id,
              EXISTS (SELECT 1 FROM village_stakes s JOIN enclaves e ON e.id = s.enclave_id
                WHERE s.village_id = villages.id AND coalesce(s.joined_on, '') <= ?2
                AND coalesce(s.left_on, '9') > ?1 AND coalesce(e.signed_on, '') <= ?2
                AND coalesce(e.closed_on, '9') >= ?1) AS staked,
              EXISTS (SELECT 1 FROM village_payments p JOIN stands x ON x.id = p.entry_id
                WHERE p.village_id = villages.id AND x.kind = 'rebate'
                AND x.occurred_on BETWEEN ?1 AND ?2) AS paid
              FROM villages WHERE county_id IN inside)
            SELECT coalesce(sum(staked), 0), coalesce(sum(staked AND paid), 0),
              coalesce(sum(staked AND NOT paid), 0), coalesce(sum(NOT staked AND paid), 0)
            FROM v""",
            first,
            last,
        )

    # -- 重大项目调度、重点工作、督办、报送

    def lights(self) -> dict[str, dict[str, int]]:
        """Place → light → how many large projects that were not given up stand so."""
        day = self.then
        days = {name: str(day - timedelta(n)) for name, n in (("y", 365), ("h", 183))}
        rows = self.asked(
            f"""WITH order_of(stage, n) AS (VALUES
                ('signed', 1), ('started', 2), ('completed', 3), ('in_production', 4)),
            reached AS (SELECT id, 1 AS n, signed_on AS at FROM my_projects UNION ALL
                SELECT id, 2, started_on FROM my_projects UNION ALL
                SELECT id, 3, completed_on FROM my_projects UNION ALL
                SELECT id, 4, in_production_on FROM my_projects),
            waits AS (SELECT m.project_id AS id, min(m.planned_on) AS first
                FROM project_milestones m JOIN order_of o ON o.stage = m.stage
                WHERE NOT EXISTS (SELECT 1 FROM reached r WHERE r.id = m.project_id
                    AND r.n >= o.n AND r.at <= :day)
                GROUP BY 1),
            p AS (SELECT p.*, w.first,
                coalesce(completed_on <= :day, 0) OR coalesce(in_production_on <= :day, 0) AS over,
                coalesce(started_on <= :day, 0) AS begun, coalesce(signed_on <= :day, 0) AS signed
                FROM my_projects p LEFT JOIN waits w ON w.id = p.id
                WHERE total_investment >= {LARGE} AND terminated_on IS NULL)
            SELECT r.name, CASE
                WHEN over AND first IS NULL THEN 'done'
                WHEN first < :day OR (signed_on <= :y AND NOT begun AND NOT over)
                    OR (started_on <= :h AND NOT over AND NOT EXISTS (SELECT 1 FROM stands s
                        WHERE s.project_id = p.id AND s.kind = 'completed_investment'
                        AND s.occurred_on BETWEEN :first AND :last)) THEN 'red'
                WHEN first <= :soon OR (signed_on <= :h AND NOT begun AND NOT over) THEN 'yellow'
                WHEN begun OR signed OR over OR first IS NOT NULL THEN 'green'
                ELSE 'unknown' END AS light, count(*)
            FROM p JOIN regions r ON r.id = p.region_id GROUP BY 1, 2""",
            {
                "day": str(day),
                "soon": str(day + timedelta(30)),
                "first": f"{self.year}-01-01",
                "last": f"{self.year}-12-31",
                **days,
            },
        )
        found: dict[str, dict[str, int]] = {}
        for name, light, number in rows:
            found.setdefault(name, {})[light] = number
        return found

    def planned(self) -> int:
        """How many of these have a planned milestone."""
        return self.one(
            f"""SELECT count(*) FROM my_projects p WHERE total_investment >= {LARGE}
            AND terminated_on IS NULL
            AND EXISTS (SELECT 1 FROM project_milestones m WHERE m.project_id = p.id)"""
        )

    def works(self) -> list[tuple[str, str, str, int]]:
        """(list, place, light, number) of the key work of the year and what was not done before."""
        return self.all(
            """WITH w AS (SELECT w.*, CASE WHEN finished_on <= ?1 THEN NULL ELSE min(due_on,
                coalesce((SELECT min(planned_on) FROM key_work_milestones m
                  WHERE m.work_id = w.id AND (reached_on IS NULL OR reached_on > ?1)), due_on))
                END AS next
              FROM key_works w WHERE region_id IN inside AND starts_on <= ?2
              AND (finished_on IS NULL OR finished_on >= ?3))
            SELECT w.sheet, r.name, CASE WHEN next IS NULL THEN 'done' WHEN next < ?1 THEN 'red'
              WHEN next <= date(?1, '+15 days') THEN 'yellow' ELSE 'green' END, count(*)
            FROM w JOIN regions r ON r.id = w.region_id GROUP BY 1, 2, 3""",
            str(self.then),
            f"{self.year}-12-31",
            f"{self.year}-01-01",
        )

    def orders(self, condition: str = "1") -> tuple[int, int, int, int, int]:
        """Orders: all that were not taken back, open ones, overdue ones, answered, accepted."""
        return self.one(
            f"""SELECT count(*), coalesce(sum(state IN ('issued', 'answered', 'returned')), 0),
            coalesce(sum(state IN ('issued', 'returned') AND due_on < ?), 0),
            coalesce(sum(state = 'answered'), 0), coalesce(sum(state = 'accepted'), 0)
            FROM supervision_orders WHERE state <> 'cancelled' AND {condition}""",
            str(self.day),
        )

    def late_filings(self) -> dict[int, int]:
        """Year → filings of this year and the one before that were due and never filed."""
        return dict(
            self.all(
                """SELECT year, count(*) FROM filings WHERE year IN (?1, ?1 - 1)
                AND filed_at IS NULL AND due_on < ?2
                AND (region_id IN inside
                     OR enclave_id IN (SELECT id FROM enclaves WHERE origin_id IN inside))
                GROUP BY 1""",
                self.year,
                str(self.day),
            )
        )

    def standing(self) -> list[tuple[str, str, int, int | None, float | None]]:
        """(class, name, points in millionths, rank, mean) of the cards of receiving counties in the
        latest scoring of the year, else in its trial. Ranked are whole cards of counties that did
        not leave the list in the year, within their class; means are of all whole ones."""
        return self.all(
            """WITH c AS (
              SELECT county_class, subject_name, total, complete, region_id FROM scorecards
              WHERE sheet = 'zj-recipient-county' AND snapshot_id = (SELECT id FROM snapshots
                WHERE year = ?1 AND owner_region_id IS NULL ORDER BY frozen_at DESC LIMIT 1)
              UNION ALL
              SELECT county_class, subject_name, total, complete, region_id FROM trial_cards
              WHERE sheet = 'zj-recipient-county' AND trial_id = (SELECT id FROM trials
                WHERE year = ?1 AND owner_region_id IS NULL ORDER BY frozen_at DESC LIMIT 1)
              AND NOT EXISTS (SELECT 1 FROM snapshots WHERE year = ?1 AND owner_region_id IS NULL)),
            r AS (SELECT * FROM c WHERE complete AND region_id NOT IN (
              SELECT region_id FROM county_listings WHERE strftime('%Y', left_on) = ?2))
            SELECT county_class, subject_name, total,
              CASE WHEN region_id IN (SELECT region_id FROM r) THEN 1 + (SELECT count(*) FROM r o
                WHERE o.county_class = c.county_class AND o.total > c.total) END,
              (SELECT avg(total) FROM c o WHERE o.complete AND o.county_class = c.county_class)
            FROM c""",
            self.year,
            str(self.year),
        )

    # -- the page of one place, pair, enclave, park, project

    def kinds_of(self, first: str, last: str, owner: str = "") -> dict[str, int]:
        """Kind of money → sum: of what is seen from the place, or of one `owner` (park_id = 3)."""
        table, which = ("stands", owner) if owner else ("my_entries", "1")
        return dict(
            self.all(
                f"""SELECT kind, sum(amount) FROM {table} WHERE {which}
                AND occurred_on BETWEEN ? AND ? GROUP BY 1""",
                first,
                last,
            )
        )

    def exchanges(self, first: str, last: str) -> dict[str, int]:
        """What the pairs did, by the words of the page."""
        found = {}
        for label, table, day, added in EXCHANGES:
            value = self.people(table, day, first, last, added)
            if value is not None:
                found[label] = value
        return found


EXCHANGES = (
    ("高层互访", "visits", "visited_on", "1"),
    ("联席会议", "joint_meetings", "met_on", "1"),
    ("联合活动", "joint_events", "held_on", "1"),
    ("新派挂职干部", "secondments", "starts_on", "1"),
    ("新派专技人才", "specialist_postings", "starts_on", "people"),
    ("培训", "trainings", "held_on", "people"),
    ("培训后就业", "trainings", "held_on", "employed"),
    ("新结对学校、医院", "institution_pairs", "signed_on", "1"),
    ("消费帮扶", "consumption_aids", "bought_on", "amount"),
)

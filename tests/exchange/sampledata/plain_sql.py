"""The figures of leaders' pages once more, in plain SQL over the file of the database: from the
definitions that the pages print, with nothing of the program. Money in 分.

`Seen` has a place, a year and the day on which it is asked in views of its own (`inside`, `stands`,
`my_…`), so that each figure is one short statement.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

LARGE = 10_000_000_000  # 分 of 1 亿元
COUNTED_FILINGS = "('submitted', 'city_reviewed', 'reviewed', 'locked')"

VIEWS = """
CREATE TEMP TABLE inside AS
WITH RECURSIVE below(id) AS (
  SELECT id FROM main.regions WHERE code = :code OR (:code = '330000')
  UNION SELECT r.id FROM main.regions r JOIN below ON r.parent_id = below.id
) SELECT id FROM below;
CREATE TEMP TABLE stands AS SELECT * FROM main.ledger_entries e
  WHERE submitted_at IS NOT NULL AND cumulative = 0 AND reversal_of_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM main.ledger_entries r WHERE r.reversal_of_id = e.id);
CREATE TEMP TABLE my_pairings AS SELECT * FROM main.pairings
  WHERE supporter_id IN inside OR recipient_id IN inside;
CREATE TEMP TABLE my_enclaves AS SELECT *,
  CASE WHEN development_since <= :last THEN 'development' ELSE kind END AS kind_then
  FROM main.enclaves WHERE origin_id IN inside OR host_id IN inside;
CREATE TEMP TABLE my_parks AS SELECT * FROM main.parks
  WHERE recipient_id IN inside OR supporter_id IN inside;
CREATE TEMP TABLE my_projects AS SELECT * FROM main.projects
  WHERE region_id IN inside OR partner_id IN inside
  OR pairing_id IN (SELECT id FROM my_pairings) OR enclave_id IN (SELECT id FROM my_enclaves)
  OR park_id IN (SELECT id FROM my_parks);
CREATE TEMP TABLE my_entries AS SELECT * FROM stands
  WHERE project_id IN (SELECT id FROM my_projects) OR enclave_id IN (SELECT id FROM my_enclaves)
  OR park_id IN (SELECT id FROM my_parks) OR pairing_id IN (SELECT id FROM my_pairings)
  OR demonstration_village_id IN (
    SELECT id FROM main.demonstration_villages
    WHERE county_id IN inside OR pairing_id IN (SELECT id FROM my_pairings));
CREATE TEMP TABLE listed AS SELECT r.id, r.name, r.code FROM main.county_listings c
  JOIN main.regions r ON r.id = c.region_id
  WHERE c.region_id IN inside AND coalesce(c.joined_on, '') <= :then
  AND (c.left_on IS NULL OR c.left_on > :then);
"""


class Seen:
    """The database as it is seen from the place `code` in `year` on `day`."""

    def __init__(self, file: Path, code: str, year: int, day: date) -> None:
        self._with = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self.code, self.year, self.day = code, year, day
        self.then = min(day, date(year, 12, 31))  # the last day of the year that has come
        words = {"code": code, "last": f"{year}-12-31", "then": str(self.then)}
        for statement in filter(str.strip, VIEWS.split(";")):
            self._with.execute(statement, words)

    def close(self) -> None:
        self._with.close()

    def all(self, statement: str, *values: object) -> list[tuple]:
        return self._with.execute(statement, values).fetchall()

    def asked(self, statement: str, words: dict[str, object]) -> list[tuple]:
        """With values by name."""
        return self._with.execute(statement, words).fetchall()

    def one(self, statement: str, *values: object) -> Any:
        (row,) = self.all(statement, *values)
        return row[0] if len(row) == 1 else row

    # -- which part of the year is compared

    def part(self) -> tuple[date, int, int]:
        """The last day that is compared; how many counties reported its quarter, of how many: of a
        running year the last quarter that is over and that any county of the list filed."""
        ends = [date(self.year, 3 * n, 30 if n in (2, 3) else 31) for n in (1, 2, 3, 4)]
        over = sum(end < self.day for end in ends)
        found = {
            n: self.one(
                f"""SELECT count(*), coalesce(sum(f.state IN {COUNTED_FILINGS}), 0), max(f.due_on)
                FROM filings f JOIN county_listings c ON c.region_id = f.region_id
                WHERE f.region_id IN inside AND f.year = ? AND f.kind = ?
                AND coalesce(c.joined_on, '') <= ? AND (c.left_on IS NULL OR c.left_on > ?)""",
                self.year,
                f"q{n}",
                str(ends[n - 1]),
                str(ends[n - 1]),
            )
            for n in (1, 2, 3, 4)
        }
        if over < 4 or (found[4][0] and str(self.day) <= found[4][2]):
            over = max((n for n in range(1, over + 1) if found[n][1]), default=0)
        number, filed, _ = found[over]
        return ends[over - 1], filed, number

    def same_days(self, until: date) -> list[tuple[str, str]]:
        """All of the year, the part that is compared, and the same part of the year before."""
        before = until.replace(year=self.year - 1)
        return [
            (f"{self.year}-01-01", f"{self.year}-12-31"),
            (f"{self.year}-01-01", str(until)),
            (f"{self.year - 1}-01-01", str(before)),
        ]

    # -- 总览、总表、走势

    def money(self, kind: str, first: str, last: str) -> int | None:
        return self.one(
            "SELECT sum(amount) FROM my_entries WHERE kind = ? AND occurred_on BETWEEN ? AND ?",
            kind,
            first,
            last,
        )

    def to_villages(self, first: str, last: str) -> int | None:
        return self.one(
            """SELECT sum(p.amount) FROM village_payments p JOIN my_entries e ON e.id = p.entry_id
            WHERE e.kind = 'rebate' AND e.occurred_on BETWEEN ? AND ?""",
            first,
            last,
        )

    def signed(self, first: str, last: str) -> tuple[int, int, int | None]:
        """Projects that were signed, the large ones of them, and what is to be invested in them."""
        return self.one(
            f"""SELECT count(*), coalesce(sum(total_investment >= {LARGE}), 0),
            sum(total_investment) FROM my_projects WHERE signed_on BETWEEN ? AND ?""",
            first,
            last,
        )

    def people(self, table: str, day: str, first: str, last: str, added: str = "people"):
        """How many people of the exchanges of pairs, None without a record."""
        return self.one(
            f"""SELECT CASE WHEN count(*) THEN sum({added}) END FROM {table}
            WHERE pairing_id IN (SELECT id FROM my_pairings) AND {day} BETWEEN ? AND ?""",
            first,
            last,
        )

    def parks(self, on: date) -> int:
        return self.one(
            """SELECT count(*) FROM my_parks WHERE coalesce(signed_on, '') <= ?1
            AND coalesce(closed_on, '9') >= ?1""",
            str(on),
        )

    def enclaves(self, on: date) -> dict[str | None, int]:
        """By the kind that they were on a day."""
        return dict(
            self.all(
                """SELECT CASE WHEN development_since <= ?1 THEN 'development' ELSE kind END,
                count(*) FROM my_enclaves WHERE coalesce(signed_on, '') <= ?1
                AND coalesce(closed_on, '9') >= ?1 GROUP BY 1""",
                str(on),
            )
        )

    def stood(self, year: int | None = None) -> list[tuple]:
        """(id, kind on 31 December, paid) of the enclaves that stood in a year."""
        year = year or self.year
        return self.all(
            """SELECT id, CASE WHEN development_since <= ?2 THEN 'development' ELSE kind END,
            (SELECT sum(amount) FROM stands WHERE enclave_id = e.id AND kind = 'rebate'
             AND occurred_on BETWEEN ?1 AND ?2)
            FROM my_enclaves e
            WHERE coalesce(signed_on, '') <= ?2 AND coalesce(closed_on, '9') >= ?1""",
            f"{year}-01-01",
            f"{year}-12-31",
        )

    def targets(self, measure: str, year: int | None = None) -> dict[int, int]:
        """County → its task, in millionths of the measure's unit."""
        return dict(
            self.all(
                """SELECT region_id, value FROM targets WHERE year = ? AND measure = ?
                AND region_id IN (SELECT id FROM regions WHERE id IN inside AND level = 'county')
                """,
                year or self.year,
                measure,
            )
        )

    def counties(self) -> list[tuple[int, str, str]]:
        """(id, code, name) of the counties that there are."""
        return self.all(
            """SELECT id, code, name FROM regions WHERE id IN inside AND level = 'county'
            AND abolished_on IS NULL ORDER BY code"""
        )

    # -- 地图、双赢

    def in_force(self, on: date) -> list[tuple[int, int, int]]:
        """(id, supporter, recipient) of the pairings on a day: from the first day to the last; one
        without a last day until a later round of its scheme names others for the recipient."""
        return self.all(
            """WITH named AS (
              SELECT c.pairing_id AS id, max(r.starts_on) AS at FROM pairing_citations c
              JOIN pairing_rounds r ON r.id = c.round_id JOIN pairings p ON p.id = c.pairing_id
              WHERE r.starts_on <= ?1 AND r.scheme = p.scheme GROUP BY 1)
            SELECT p.id, p.supporter_id, p.recipient_id FROM my_pairings p
            LEFT JOIN named n ON n.id = p.id
            WHERE coalesce(p.since, '') <= ?1 AND coalesce(p.until, '9') >= ?1
            AND (p.until IS NOT NULL OR n.at IS NULL OR NOT EXISTS (
              SELECT 1 FROM pairings q JOIN named m ON m.id = q.id
              WHERE q.recipient_id = p.recipient_id AND q.scheme = p.scheme AND m.at > n.at))
            ORDER BY p.id""",
            str(on),
        )

    def given(self, pairing: int, kind: str, last: str) -> int | None:
        """Money of the pairing itself, until a day."""
        return self.one(
            "SELECT sum(amount) FROM stands WHERE pairing_id = ? AND kind = ? AND occurred_on <= ?",
            pairing,
            kind,
            last,
        )

    def of_enclaves(self, host: int, origin: int, kind: str, last: str) -> int | None:
        """Money of the enclaves that one place runs in the other, until a day."""
        return self.one(
            """SELECT sum(s.amount) FROM stands s JOIN enclaves e ON e.id = s.enclave_id
            WHERE e.host_id = ? AND e.origin_id = ? AND s.kind = ? AND s.occurred_on <= ?""",
            host,
            origin,
            kind,
            last,
        )

    def of_projects(self, pairing: int, supporter: int, recipient: int, last: str) -> int | None:
        """Funds in place of the pair's projects that do not lie in the supporter's land."""
        return self.one(
            """SELECT sum(s.amount) FROM stands s JOIN projects p ON p.id = s.project_id
            WHERE s.kind = 'funds_in_place' AND s.occurred_on <= ?4 AND p.region_id <> ?2
            AND (p.pairing_id = ?1 OR p.pairing_id IS NULL
                 AND p.region_id = ?3 AND p.partner_id = ?2)""",
            pairing,
            supporter,
            recipient,
            last,
        )

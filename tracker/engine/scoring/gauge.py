"""The total of one subject's sheet when some of its lines give something else: sums, caps, limits
and vetoes as in `totals`, without a card, and only what the moved lines and facts can change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.engine.scoring.exact import Number, divide
from tracker.engine.scoring.result import UNSCORABLE, Line, Scorecard
from tracker.engine.scoring.rulebook import Rulebook, Veto
from tracker.engine.scoring.totals import share

REFUSED = -(10**40)
"""Stands for the total of a change that must not be named."""

_FIRES, _DOES_NOT, _UNDECIDED = "fires", "does not", "undecided"


class VetoReads:
    """What the condition of a veto reads: facts, lines by their numbers, base or total."""

    def __init__(self, veto: Veto, numbers: Mapping[str, int]) -> None:
        self.veto = veto
        self.names = veto.when.names
        self.lines: dict[str, int] = {}
        self.of_sheet = False
        self.facts = set()
        for name in self.names:
            first, _, code = name.partition(".")
            if first in ("line", "share"):
                self.lines[name] = numbers[code]
            elif name in ("base", "total"):
                self.of_sheet = True
            else:
                self.facts.add(name)


def veto_reads(rulebook: Rulebook) -> list[VetoReads]:
    """What each veto reads, in their order."""
    numbers = {line.code: n for n, line in enumerate(rulebook.indicators)}
    return [VetoReads(veto, numbers) for veto in rulebook.vetoes]


class Gauge:
    """One subject's sheet as its facts are, ready to be totalled with other lines."""

    def __init__(self, book: Rulebook, vetoes: Sequence[VetoReads], card: Scorecard) -> None:
        self.lines = card.lines
        self.decimals = book.line_decimals
        self.unit = 10**book.line_decimals
        self.kinds = [line.kind for line in book.indicators]
        self.sums = {"score": 0, "bonus": 0, "deduction": 0}
        for kind, line in zip(self.kinds, card.lines, strict=True):
            self.sums[kind] += line.units
        numbers = {line.code: n for n, line in enumerate(book.indicators)}
        self.caps = []
        for cap in book.caps:
            capped = [numbers[code] for code in cap.lines]
            before = sum(card.lines[n].units for n in capped)
            limit = int(cap.at_most * self.unit)
            # The first in the order of the sheet, as the sums take it.
            self.caps.append((frozenset(capped), self.kinds[min(capped)], limit, before))
        self.most_bonus = int(book.bonus_cap * self.unit)
        self.least_deduction = -int(book.deduction_cap * self.unit)
        self.vetoes = vetoes
        self.held = set(card.vetoes)
        self.open = set(card.undecided)
        self.lacking = {n for n, line in enumerate(card.lines) if line.state == UNSCORABLE}
        self.states = [
            _FIRES
            if reads.veto.name in self.held
            else _UNDECIDED
            if reads.veto.name in self.open
            else _DOES_NOT
            for reads in self.vetoes
        ]
        self.total = int(card.total * self.unit)

    def gain(
        self,
        moved: Mapping[int, Line | int],
        env: Mapping[str, Number],
        changed: frozenset[str],
    ) -> int:
        """What the total gains, in units of the last place, with other lines (or units of lines
        that are scored as before) by their numbers; REFUSED where a veto fires that did not, or
        something can no longer be scored or decided. `changed` are the values in `env` that are
        others than before."""
        sums = dict(self.sums)
        units = {}
        for n, line in moved.items():
            if isinstance(line, int):
                units[n] = line
            else:
                if line.state == UNSCORABLE and n not in self.lacking:
                    return REFUSED
                units[n] = line.units
            sums[self.kinds[n]] += units[n] - self.lines[n].units
        for capped, kind, limit, before in self.caps:
            now = before + sum(units[n] - self.lines[n].units for n in units if n in capped)
            if not -limit <= now <= limit:
                sums[kind] += (limit if now > 0 else -limit) - now
        base = sums["score"]
        bonus = min(sums["bonus"], self.most_bonus)
        deduction = max(sums["deduction"], self.least_deduction)
        total = max(0, base + bonus + deduction)
        at_most = None
        for reads, state in zip(self.vetoes, self.states, strict=True):
            if (
                reads.of_sheet
                or not changed.isdisjoint(reads.facts)
                or not moved.keys().isdisjoint(reads.lines.values())
            ):
                state = self._state(reads, moved, env, base, total)
            name = reads.veto.name
            if state == _UNDECIDED and name not in self.open:
                return REFUSED
            if state == _FIRES:
                if name not in self.held:
                    return REFUSED
                bonus = 0 if reads.veto.no_bonus else bonus
                if reads.veto.total_at_most is not None:
                    limit = int(reads.veto.total_at_most * self.unit)
                    at_most = limit if at_most is None else min(limit, at_most)
        total = max(0, base + bonus + deduction)
        return (total if at_most is None else min(total, at_most)) - self.total

    def _state(
        self,
        reads: VetoReads,
        moved: Mapping[int, Line | int],
        env: Mapping[str, Number],
        base: int,
        total: int,
    ) -> str:
        values = env
        if reads.of_sheet or reads.lines:
            values = dict(env)
            values["base"], values["total"] = divide(base, self.unit), divide(total, self.unit)
            for name, n in reads.lines.items():
                values[name] = self._of_line(name, n, moved.get(n, self.lines[n]))
        if not all(name in values for name in reads.names):
            return _UNDECIDED
        try:
            return _FIRES if reads.veto.when.evaluate(values) else _DOES_NOT
        except ZeroDivisionError:
            return _UNDECIDED

    def _of_line(self, name: str, number: int, line: Line | int) -> Number:
        units = line if isinstance(line, int) else line.units
        if name.startswith("line."):
            return divide(units, self.unit)
        if not isinstance(line, int):
            return share(line)
        points = self.lines[number].effective
        return divide(divide(units, self.unit), points) if points else 0

"""The search for the smallest change of one fact that gains points in one line."""

from __future__ import annotations

from math import isqrt

from tracker.engine.scoring.compiling import Evaluate
from tracker.engine.scoring.exact import Number, divide, floor, places
from tracker.engine.scoring.levers import Lever
from tracker.engine.scoring.method import Wanted
from tracker.engine.scoring.methods import needed
from tracker.engine.scoring.result import SCORED, Line
from tracker.engine.scoring.trials import Trial

REACH = 10**12
"""No change of more steps than this is looked at."""

_NOTHING = -(10**40)
"""Stands for the units of a line that a change leaves unscorable or not applicable."""


class Search:
    """Changes of one fact, counted in steps of its granularity: upwards above 0, downwards below.

    A fact that is not reported starts one step below 0, so that 0 is the first step. A fact that
    no finite decimal writes moves to the multiples of the step.
    """

    def __init__(
        self, trial: Trial, line: Line, lever: Lever, unit: Number, highest: Number | None
    ) -> None:
        self.trial = trial
        self.line = line
        self.lever = lever
        self.unit = unit
        self.start = line.units
        self.monotone = lever.monotone and trial.steady
        self._units: dict[int, int] = {}
        now = trial.now
        if now is None:
            self.up_from = self.down_from = -unit
        elif places(now) is None:
            self.up_from = floor(divide(now, unit)) * unit
            self.down_from = self.up_from + unit
        else:
            self.up_from = self.down_from = now
        top = REACH if highest is None else floor(divide(highest - self.up_from, unit))
        bottom = REACH if now is not None and now < 0 else floor(divide(self.down_from, unit))
        self.limits = {1: min(REACH, top), -1: min(REACH, bottom)}
        self._best: int | None = None
        self._least: int | None = None
        self._look()

    def smallest(self) -> int | None:
        """Return the smallest change that gains, None if none does."""
        return self._least

    def fullest(self) -> int:
        """Return the smallest change found that gains the most; only if there is one that gains."""
        assert self._best is not None
        return self._best

    def reaching(self, limit: int, gain: int) -> int | None:
        """Return the first step found up to `limit` by which the line gains so many units of the
        last place; None if `limit` does not."""
        sign, goal = (1 if limit > 0 else -1), self.start + gain
        if self.units(limit) < goal:
            return None
        return sign * self._between(sign, 0, abs(limit), goal)

    def value(self, step: int) -> Number:
        """Return the fact after a change."""
        return (self.up_from if step > 0 else self.down_from) + step * self.unit

    def units(self, step: int) -> int:
        """Return the line's units of the last place after a change."""
        found = self._units.get(step)
        if found is None:
            line = self.trial.line(self.value(step))
            found = line.units if line.state == SCORED and not line.why else _NOTHING
            self._units[step] = found
        return found

    def scored(self, step: int) -> int | None:
        """As `units`; None where the line cannot be scored with the change."""
        found = self.units(step)
        return None if found == _NOTHING else found

    def _look(self) -> None:
        upwards = self._one_way(1)
        if upwards is not None:
            self._least, self._best = upwards
            # A way down is of interest only if it is the shorter one.
            self.limits[-1] = min(self.limits[-1], self._least - 1)
        downwards = None if self.monotone and upwards else self._one_way(-1)
        if downwards is not None:
            self._least, self._best = downwards

    def _one_way(self, sign: int) -> tuple[int, int] | None:
        """Look in one direction: the smallest change that gains, and that which gains the most."""
        limit = self.limits[sign]
        if limit < 1:
            return None
        if self.monotone:
            most = self.units(sign * limit)
            if most <= self.start:
                return None
            least = self._between(sign, 0, limit, self.start + 1)
            full = self._between(sign, least - 1, limit, most)
            return sign * least, sign * full
        points = self._points(sign, limit)
        most = max(self.units(sign * point) for point in points)
        if most <= self.start:
            return None
        least = self._first(sign, points, self.start + 1)
        return sign * least, sign * self._first(sign, points, most)

    def _first(self, sign: int, points: list[int], goal: int) -> int:
        """Return the first change that reaches `goal`, between the looked-at points around it."""
        place = next(n for n, point in enumerate(points) if self.units(sign * point) >= goal)
        return self._between(sign, points[place - 1] if place else 0, points[place], goal)

    def _between(self, sign: int, low: int, high: int, goal: int) -> int:
        """Return the change in low < k ≤ high that reaches `goal` where the one before does not.

        `low` does not reach it (or is no change), `high` does.
        """
        hint = self._hint(sign, goal)
        if hint is not None:
            for k in (hint, hint - 1, hint + 1):
                if low < k < high:
                    low, high = self._halved(sign, low, high, k, goal)
        straight = True
        while high - low > 1:
            guess = self._guess(sign, low, high, goal) if straight else None
            if guess is not None:
                k = guess
            else:
                # Far apart, halve the number of digits rather than the number.
                least = low + 1
                k = isqrt(least * high) if high > 4 * least else (low + high) // 2
            low, high = self._halved(sign, low, high, k, goal)
            straight = not straight
        return high

    def _guess(self, sign: int, low: int, high: int, goal: int) -> int | None:
        """Say where the award would reach `goal` if it rose in a straight line; None if unknown."""
        below, above = self.units(sign * low) if low else self.start, self.units(sign * high)
        k = low + -(-(goal - below) * (high - low) // (above - below))
        return k if low < k < high else None

    def _halved(self, sign: int, low: int, high: int, k: int, goal: int) -> tuple[int, int]:
        return (low, k) if self.units(sign * k) >= goal else (k, high)

    def _points(self, sign: int, limit: int) -> list[int]:
        """List changes to look at: ever larger ones, and those around turns and closed forms."""
        ladder = []
        point = 1
        while point < limit:
            ladder.append(point)
            point *= 4
        ladder.append(limit)
        middles = [self._hint(sign, self.start + 1)]
        middles += [self._solve(sign, crossing, 0) for crossing in self.lever.crossings]
        for bend in self.lever.bends:
            middles += self._turns(sign, bend, ladder)
        found = set(ladder)
        for middle in middles:
            if middle is not None:
                found.update(range(middle - 1, middle + 2))
        return sorted(k for k in found if 1 <= k <= limit)

    def _turns(self, sign: int, bend: Evaluate, ladder: list[int]) -> list[int]:
        """Find where a difference that is not affine changes its sign between the rungs."""
        found = []
        before, old = 0, None
        try:
            for rung in ladder:
                new = self._above(sign, bend, rung)
                if old is not None and new != old:
                    low, high = before, rung
                    while high - low > 1:
                        k = (low + high) // 2
                        low, high = (k, high) if self._above(sign, bend, k) == old else (low, k)
                    found.append(high)
                before, old = rung, new
        except (KeyError, ZeroDivisionError):
            # Turns beyond a division by zero are left to the ladder.
            return found
        return found

    def _above(self, sign: int, bend: Evaluate, step: int) -> bool:
        return self.trial.evaluate(self.value(sign * step), bend) > 0

    def _hint(self, sign: int, goal: int) -> int | None:
        """Say by the closed form how large a change reaches `goal` units."""
        lever, line = self.lever, self.line
        if lever.inner is None or lever.part is None:
            return None  # several parts read it, or none evenly
        award = divide(2 * goal - 1, 2 * 10**line.decimals)
        part = line.indicator.parts[lever.part]
        points = line.effective
        if line.indicator.combine is not None:
            points = part.points * line.scale
            if line.indicator.combine == "sum" and line.parts:
                award -= sum(p.award for n, p in enumerate(line.parts) if n != lever.part)
        if not points:
            return None
        others = self.trial.others(lever.part)
        env = self.trial.env
        wanted = needed(Wanted(part.method, env, points, line.scale, others, lever.item, award))
        return None if wanted is None else self._solve(sign, lever.inner, wanted)

    def _solve(self, sign: int, inner: Evaluate, wanted: Number) -> int | None:
        """Return the change after which an affine quantity has passed `wanted`."""
        try:
            first = self.trial.evaluate(self.value(sign), inner)
            slope = self.trial.evaluate(self.value(2 * sign), inner) - first
        except (KeyError, ZeroDivisionError):
            return None
        if not slope:
            return None
        return 1 - floor(-divide(wanted - first, slope))

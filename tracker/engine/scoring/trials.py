"""What a line would give if one fact of one subject were another; nothing else is scored again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from tracker.engine.scoring import pools
from tracker.engine.scoring.compiling import Evaluate
from tracker.engine.scoring.exact import Number, divide
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.facts import Subject
from tracker.engine.scoring.gauge import Gauge, veto_reads
from tracker.engine.scoring.names import POOLED
from tracker.engine.scoring.result import Line, Scorecard
from tracker.engine.scoring.rulebook import Rulebook
from tracker.engine.scoring.score import ClassScorer
from tracker.engine.scoring.totals import scorecard


class Bench:
    """The subjects of one class, ready for trials. Lines and subjects go by their numbers, from 0.

    The subjects of `subjects` must all be of the class `class_name`, and all of them be there:
    pools and class values are theirs.
    """

    def __init__(self, rulebook: Rulebook, class_name: str, subjects: Sequence[Subject]) -> None:
        self.rulebook = rulebook
        self.subjects = subjects
        self.scorer = ClassScorer(rulebook, class_name, subjects)
        self.envs = self.scorer.pool.envs
        self._class_values: dict[tuple[str, int], tuple[str, ...]] = {}
        self._kept: tuple[int, list[Line]] | None = None
        self._pooled: set[str] | None = None
        self.veto_reads = veto_reads(rulebook)
        self._gauge: tuple[int, Gauge] | None = None
        self._readers: dict[str, tuple[frozenset[str], list[int], list[int]]] = {}
        self._sums: dict[str, tuple[Number, int, list[Number]]] = {}

    def applies(self, index: int) -> list[str]:
        """Say of every line whether it applies to a subject, in the words of `pools`."""
        columns = self.scorer.pool.applicability
        return [pools.APPLIES if column is None else column[index] for column in columns]

    def lines(self, index: int) -> list[Line]:
        """Score all lines of a subject as its facts are."""
        applies = self.applies(index)
        effective, scales, _ = self.scorer.spread(applies)
        env = self.envs[index]
        return [
            self.scorer.line(number, env, applies[number], effective[number], scales[number])
            for number in range(len(applies))
        ]

    def kept_lines(self, index: int) -> list[Line]:
        """As `lines`; kept until another subject's are asked for."""
        if self._kept is None or self._kept[0] != index:
            self._kept = index, self.lines(index)
        return self._kept[1]

    def gauge(self, index: int) -> Gauge:
        """The sheet of a subject, to be totalled anew; kept as `kept_lines` are."""
        if self._gauge is None or self._gauge[0] != index:
            lines, env = tuple(self.kept_lines(index)), self.envs[index]
            _, _, spread = self.scorer.spread(self.applies(index))
            card = scorecard(self.rulebook, self.subjects[index], lines, env, spread)
            self._gauge = index, Gauge(self.rulebook, self.veto_reads, card)
        return self._gauge[1]

    def readers(self, measure: str) -> tuple[frozenset[str], list[int], list[int]]:
        """What changes with a measure: its name and its class values, the lines whose `applies`
        reads them, and all lines that do."""
        if measure not in self._readers:
            changed = frozenset({measure, *self.all_class_values(measure)})
            watched, affected = [], []
            for n, line in enumerate(self.rulebook.indicators):
                asks = line.applies is not None and not changed.isdisjoint(line.applies.names)
                if asks:
                    watched.append(n)
                if asks or not changed.isdisjoint(line.names):
                    affected.append(n)
            self._readers[measure] = changed, watched, affected
        return self._readers[measure]

    def class_values(self, measure: str, number: int) -> tuple[str, ...]:
        """Name the class values of a measure (mean.X, best.X, sum.X) that decide on a line."""
        key = measure, number
        if key not in self._class_values:
            lines = self.rulebook.indicators
            names = lines[number].names.union(
                *(
                    line.applies.names
                    for n, line in enumerate(lines)
                    if line.applies is not None and (n == number or line.absent == "spread")
                )
            )
            wanted = (f"{word}.{measure}" for word in POOLED)
            self._class_values[key] = tuple(name for name in wanted if name in names)
        return self._class_values[key]

    def all_class_values(self, measure: str) -> tuple[str, ...]:
        """Name the class values of a measure that anything on the sheet reads."""
        if self._pooled is None:
            self._pooled = pools.pooled_names(self.rulebook)
        return tuple(n for n in (f"{w}.{measure}" for w in POOLED) if n in self._pooled)

    def sums(self, measure: str) -> tuple[Number, int, list[Number]]:
        """Return the sum, the number and the two largest of a measure's values in the class."""
        if measure not in self._sums:
            values = [s.measures[measure] for s in self.subjects if measure in s.measures]
            self._sums[measure] = sum(values), len(values), sorted(values)[-2:]
        return self._sums[measure]


class Trial:
    """One line of one subject, to be scored with other values of one measure."""

    def __init__(self, bench: Bench, index: int, number: int, measure: str) -> None:
        self.bench = bench
        self.index = index
        self.number = number
        self.measure = measure
        self.scorer = bench.scorer
        self.env = bench.envs[index]
        self.now = self.env.get(measure)
        self.applies = bench.applies(index)
        self.shared = bench.class_values(measure, number)
        changed = {measure, *self.shared}
        lines = bench.rulebook.indicators
        # The line itself may cease to apply; others that do may change its points by the spread.
        self.watched = [
            n
            for n, line in enumerate(lines)
            if line.applies is not None
            and (n == number or line.absent == "spread")
            and not changed.isdisjoint(line.applies.names)
        ]
        self.effective, self.scales, _ = self.scorer.spread(self.applies)
        self._own_pools: list[_Pool] = []
        for part, method in enumerate(part.method for part in lines[number].parts):
            if method.pooled:
                self._own_pools.append(_Pool(self, (number, part), method.params["value"]))

    @property
    def steady(self) -> bool:
        """Whether no value of the measure can change what applies to the subject."""
        return not self.watched

    @property
    def pools(self) -> list[_Pool]:
        """The pools of the line's parts."""
        return self._own_pools

    def others(self, part: int) -> Sequence[Number]:
        """Return the sorted values of the other subjects in a part's pool; none if unpooled."""
        return next((pool.others for pool in self.pools if pool.key[1] == part), ())

    def line(self, value: Number | None) -> Line:
        """Score the line with `value` in place of what is reported; None is not reported.

        Only the award and the state of the line may be used: its `env` goes back to what it was.
        """
        env = self.env
        before = self._put(value)
        try:
            applies, effective, scales = self.applies, self.effective, self.scales
            if self.watched:
                applies = list(applies)
                for n in self.watched:
                    applies[n] = pools.applicability(self.bench.rulebook.indicators[n], env)
                effective, scales, _ = self.scorer.spread(applies)
            number = self.number
            for pool in self.pools:
                pool.enter(applies[number] == pools.APPLIES)
            return self.scorer.line(number, env, applies[number], effective[number], scales[number])
        finally:
            for pool in self.pools:
                pool.leave()
            self._restore(before)

    def evaluate(self, value: Number, compiled: Evaluate) -> Number:
        """Evaluate a compiled tree with `value` in place of what is reported.

        Raises KeyError for a fact that is not reported, ZeroDivisionError as expressions do.
        """
        before = self._put(value)
        try:
            return compiled(self.env)
        finally:
            self._restore(before)

    def _restore(self, before: Mapping[str, Number]) -> None:
        for name in (self.measure, *self.shared):
            self.env.pop(name, None)
        self.env.update(before)

    def _put(self, value: Number | None) -> dict[str, Number]:
        """Put a value in and return what has to be put back."""
        env = self.env
        before = {name: env[name] for name in (self.measure, *self.shared) if name in env}
        if value is None:
            env.pop(self.measure, None)
        else:
            env[self.measure] = value
        if self.shared:
            found = self._class_values(value)
            for name in self.shared:
                if name in found:
                    env[name] = found[name]
                else:
                    env.pop(name, None)
        return before

    def _class_values(self, value: Number | None) -> dict[str, Number]:
        total, count, largest = self.bench.sums(self.measure)
        if self.now is not None:
            total, count = total - self.now, count - 1
            largest = list(largest)
            if self.now in largest:
                largest.remove(self.now)
        if value is not None:
            total, count, largest = total + value, count + 1, [*largest, value]
        if not count:
            return {}
        return {
            f"mean.{self.measure}": divide(total, count),
            f"best.{self.measure}": max(largest),
            f"sum.{self.measure}": total,
        }


class Whole(Trial):
    """The whole sheet of one subject, to be scored with other values of one measure."""

    def __init__(self, bench: Bench, index: int, measure: str) -> None:
        self.bench, self.index, self.measure = bench, index, measure
        self.scorer = bench.scorer
        self.env = bench.envs[index]
        self.now = self.env.get(measure)
        self.applies = bench.applies(index)
        self.shared = bench.all_class_values(measure)
        self.lines = bench.kept_lines(index)
        self.changed, self.watched, self.affected = bench.readers(measure)
        self.gauge = bench.gauge(index)
        # What can move nothing but one line is totalled without scoring the others again.
        self.alone = not self.watched and not any(
            reads.facts & self.changed for reads in bench.veto_reads
        )
        self._pools: list[_Pool] | None = None

    @property
    def pools(self) -> list[_Pool]:
        """The pools of the affected lines, made when they are first asked for."""
        if self._pools is None:
            self._pools = self._made_pools()
        return self._pools

    def gain(self, value: Number, number: int, units: int | None) -> int:
        """What the total gains with `value`, in units of the last place; REFUSED where the change
        must not be named. `units` are those of the line `number` with it, None if unknown."""
        if units is not None and self.alone and self.affected == [number]:
            return self.gauge.gain({number: units}, self.env, frozenset())
        env, scorer = self.env, self.scorer
        entered = self.pools  # made from the facts as they are, so before the value is put in
        before = self._put(value)
        try:
            applies = self.applies
            if self.watched:
                applies = list(applies)
                for n in self.watched:
                    applies[n] = pools.applicability(self.bench.rulebook.indicators[n], env)
            effective, scales, _ = scorer.spread(applies)
            moved: dict[int, Line | int] = {}
            for pool in entered:
                pool.enter(applies[pool.key[0]] == pools.APPLIES)
            for n, line in enumerate(self.lines):
                if n == number and units is not None and line.effective == effective[n]:
                    moved[n] = units
                elif n in self.affected or line.effective != effective[n]:
                    moved[n] = scorer.line(n, env, applies[n], effective[n], scales[n])
            return self.gauge.gain(moved, env, self.changed)
        finally:
            for pool in entered:
                pool.leave()
            self._restore(before)

    def _made_pools(self) -> list[_Pool]:
        return [
            _Pool(self, (n, part), each.method.params["value"])
            for n in self.affected
            for part, each in enumerate(self.bench.rulebook.indicators[n].parts)
            if each.method.pooled
        ]

    def card(self, value: Number | None) -> Scorecard:
        """The sheet with `value` in place of what is reported."""
        env, book, entered = self.env, self.bench.rulebook, self.pools
        before = self._put(value)
        try:
            applies = list(self.applies)
            for n in self.watched:
                applies[n] = pools.applicability(book.indicators[n], env)
            effective, scales, spread = self.scorer.spread(applies)
            for pool in entered:
                pool.enter(applies[pool.key[0]] == pools.APPLIES)
            lines = tuple(
                line
                if n not in self.affected and line.effective == effective[n]
                else self.scorer.line(n, env, applies[n], effective[n], scales[n])
                for n, line in enumerate(self.lines)
            )
            return scorecard(book, self.bench.subjects[self.index], lines, env, spread)
        finally:
            for pool in entered:
                pool.leave()
            self._restore(before)


class _Pool:
    """The pool of a part of `rank` or `efficacy`, with one subject's value coming and going."""

    def __init__(self, trial: Trial, key: tuple[int, int], expression: Expression) -> None:
        self.trial = trial
        self.key = key
        self.expression = expression
        self.applies = trial.bench.rulebook.indicators[key[0]].applies
        self.values = trial.scorer.pool.values
        self.kept = self.values[key]
        names = set(expression.names)
        if self.applies is not None:
            names.update(self.applies.names)
        # Where the class values of the measure enter, every other subject's value moves with it.
        self.moving = not names.isdisjoint(trial.shared)
        self.others = list(self.kept)
        self.place: int | None = None
        own = self._value(trial.env) if trial.applies[key[0]] == pools.APPLIES else None
        if own is not None:
            del self.others[bisect_left(self.others, own)]

    def enter(self, applies: bool) -> None:
        """Put the subject's value of the moment into the pool."""
        trial = self.trial
        if self.moving:
            self.others = pools.ordered(self._moved())
        own = self._value(trial.env) if applies else None
        if own is not None:
            self.place = bisect_left(self.others, own)
            self.others.insert(self.place, own)
        self.values[self.key] = self.others

    def leave(self) -> None:
        """Take the value out again and put the pool back as it was."""
        if self.place is not None:
            del self.others[self.place]
            self.place = None
        self.values[self.key] = self.kept

    def _value(self, env: pools.Env) -> Number | None:
        if not all(name in env for name in self.expression.names):
            return None
        try:
            return self.expression.evaluate(env)
        except ZeroDivisionError:
            return None

    def _moved(self) -> list[Number]:
        trial = self.trial
        line = trial.bench.rulebook.indicators[self.key[0]]
        found = []
        for index, env in enumerate(trial.bench.envs):
            if index == trial.index:
                continue
            whole = {name: value for name, value in env.items() if name not in trial.shared}
            whole |= {name: trial.env[name] for name in trial.shared if name in trial.env}
            if self.applies is None or pools.applicability(line, whole) == pools.APPLIES:
                value = self._value(whole)
                if value is not None:
                    found.append(value)
        return found

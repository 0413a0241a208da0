"""The expression language: text to tree to a function of the facts. Never `eval`.

Expressions are small: at most MAX_LENGTH characters and MAX_DEPTH levels, so that a hostile one
is refused at once and no recursion can run away. A division by zero raises ZeroDivisionError
when the expression is evaluated; nothing but `if` leaves a part of it unevaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tracker.engine.scoring.compiling import compile_tree
from tracker.engine.scoring.exact import MAX_DIGITS, Number, read_decimal
from tracker.engine.scoring.names import POOLED, RESERVED, is_measure, measure_of, quoted

MAX_LENGTH = 4000
MAX_DEPTH = 40

NUMBER = "number"
CONDITION = "condition"

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>])|(?P<end>\Z))"
)
_COMPARISON = 4
_LEVELS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _COMPARISON),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_NOT = 3
# Function: kinds of the arguments, or one kind for any number of them.
_FUNCTIONS: dict[str, str | tuple[str, ...]] = {
    "min": NUMBER,
    "max": NUMBER,
    "abs": (NUMBER,),
    "count": CONDITION,
    "if": (CONDITION, NUMBER, NUMBER),
}


class ExpressionError(ValueError):
    """An expression that the language does not allow; the message is Chinese and says why."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    `text` as written; `kind` is "number" or "condition"; `names` in order of appearance, each
    once; `evaluate(env)` takes the values of all names and returns an int, Fraction or bool.
    """

    text: str
    kind: str
    names: tuple[str, ...] = field(compare=False)
    tree: tuple = field(compare=False, repr=False)
    evaluate: Callable[[Mapping[str, Number]], Number] = field(compare=False, repr=False)

    @property
    def measures(self) -> frozenset[str]:
        """The names of the measures read; mean.X counts as X."""
        return frozenset(filter(None, map(measure_of, self.names)))


def constant(value: Number, text: str) -> Expression:
    """Make an expression of a bare number."""
    tree = ("number", value)
    return Expression(text, NUMBER, (), tree, compile_tree(tree))


def parse(text: str, kind: str, codes: frozenset[str] | None = None) -> Expression:
    """Parse `text` as a "number" or a "condition".

    `codes` are the codes of the rulebook's lines: given in vetoes and tie-breaks only, they allow
    line.CODE, share.CODE, base and total. Raises ExpressionError.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"超过 {MAX_LENGTH} 个字符，请写得短一些")
    parser = _Parser(text, codes)
    found, tree = parser.whole()
    if found != kind:
        wanted = "条件(真或假)" if kind == CONDITION else "数值"
        raise ExpressionError(f"此处应为{wanted}，请改写")
    return Expression(text, kind, tuple(parser.names), tree, compile_tree(tree))


class _Parser:
    """Precedence climbing over the tokens; each step returns (kind, tree)."""

    def __init__(self, text: str, codes: frozenset[str] | None) -> None:
        self.text = text
        self.codes = codes
        self.names: dict[str, None] = {}
        self.position = 0
        self.depth = 0
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            rest = self.text[self.position :].lstrip(" \t\r\n")
            raise ExpressionError(f"不认识字符{quoted(rest[0])}，请只用半角的数字、名称和运算符")
        self.type = match.lastgroup or ""  # every alternative of the pattern has a name
        self.word = match.group(self.type)
        self.position = match.end()

    def expect(self, sign: str) -> None:
        if self.type != "sign" or self.word != sign:
            raise ExpressionError(f"{self.here()}应为 {sign}，请检查括号和逗号")
        self.advance()

    def here(self) -> str:
        return "末尾" if self.type == "end" else f"{quoted(self.word)}处"

    def whole(self) -> tuple[str, tuple]:
        if self.type == "end":
            raise ExpressionError("内容为空，请填写")
        result = self.binary(1)
        if self.type != "end":
            raise ExpressionError(f"{self.here()}多余或缺少运算符，请检查")
        return result

    def binary(self, lowest: int) -> tuple[str, tuple]:
        kind, tree = self.prefix(lowest)
        chain: tuple[str, list] | None = None
        compared = False
        while True:
            operator = self.word
            level = _LEVELS.get(operator, 0) if self.type in ("sign", "name") else 0
            if not level or level < lowest:
                return kind, _frozen(chain) if chain else tree
            if level == _COMPARISON and compared:
                raise ExpressionError("比较不能连写，请用 and 连接两个比较")
            self.advance()
            right_kind, right = self.binary(level + 1)
            wanted = CONDITION if level < _NOT else NUMBER
            if kind != wanted or right_kind != wanted:
                what = "条件" if wanted == CONDITION else "数值"
                raise ExpressionError(f"{operator} 两边都应为{what}，请改写")
            if level == _COMPARISON:
                tree = ("compare", operator, _frozen(chain) if chain else tree, right)
                kind, chain, compared = CONDITION, None, True
                continue
            head = {1: "or", 2: "and", 5: "sum", 6: "product"}[level]
            if chain is None or chain[0] != head:
                start = _frozen(chain) if chain else tree
                chain = (head, [("+" if head == "sum" else "*", start)])
            chain[1].append((operator, right))
            compared = False

    def prefix(self, lowest: int) -> tuple[str, tuple]:
        if self.type == "name" and self.word == "not":
            if lowest > _NOT:
                raise ExpressionError("not 用在数值处，请加括号或改写")
            negated = False
            while self.type == "name" and self.word == "not":
                negated = not negated
                self.advance()
            kind, tree = self.binary(_COMPARISON)
            if kind != CONDITION:
                raise ExpressionError("not 后面应为条件，请改写")
            return kind, ("not", tree) if negated else tree
        if self.type == "sign" and self.word == "-":
            negative = False
            while self.type == "sign" and self.word == "-":
                negative = not negative
                self.advance()
            kind, tree = self.primary()
            if kind != NUMBER:
                raise ExpressionError("负号后面应为数值，请改写")
            return kind, ("negative", tree) if negative else tree
        return self.primary()

    def primary(self) -> tuple[str, tuple]:
        word = self.word
        if self.type == "number":
            value = read_decimal(word)
            if value is None:
                raise ExpressionError(f"数字超过 {MAX_DIGITS} 位，请核对")
            self.advance()
            return NUMBER, ("number", value)
        if self.type == "sign" and word == "(":
            self.deeper()
            self.advance()
            result = self.binary(1)
            self.expect(")")
            self.depth -= 1
            return result
        if self.type == "name":
            self.advance()
            if self.type == "sign" and self.word == "(":
                return self.call(word)
            return NUMBER, ("name", self.name(word))
        raise ExpressionError(f"{self.here()}缺少数值或名称，请补上")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"括号套叠超过 {MAX_DEPTH} 层，请拆开写")

    def call(self, function: str) -> tuple[str, tuple]:
        kinds = _FUNCTIONS.get(function)
        if kinds is None:
            raise ExpressionError(f"没有{quoted(function)}这个函数，可用 min、max、abs、count、if")
        self.deeper()
        self.advance()
        found = [self.binary(1)]
        while self.type == "sign" and self.word == ",":
            self.advance()
            found.append(self.binary(1))
        self.expect(")")
        self.depth -= 1
        wanted = (kinds,) * len(found) if isinstance(kinds, str) else kinds
        if len(found) != len(wanted):
            raise ExpressionError(f"{function} 应有 {len(wanted)} 个参数，现有 {len(found)} 个")
        for number, ((kind, _), want) in enumerate(zip(found, wanted, strict=True), 1):
            if kind != want:
                what = "条件" if want == CONDITION else "数值"
                raise ExpressionError(f"{function} 的第 {number} 个参数应为{what}，请改写")
        return NUMBER, (function, tuple(tree for _, tree in found))

    def name(self, name: str) -> str:
        first, _, rest = name.partition(".")
        if first in ("line", "share", "base", "total"):
            self.check_total(name, first, rest)
        elif first in POOLED:
            if not is_measure(rest):
                raise ExpressionError(f"{quoted(name)}的 {first}. 之后应为指标名，请改写")
        elif first in RESERVED:
            raise ExpressionError(f"{quoted(name)}是保留字，不能用作指标名，请改写")
        elif not is_measure(name):
            raise ExpressionError(f"{quoted(name)}不是指标名，请用小写字母、数字和下划线")
        self.names[name] = None
        return name

    def check_total(self, name: str, first: str, rest: str) -> None:
        if first in ("base", "total") and rest:
            raise ExpressionError(f"{quoted(name)}是保留字，不能用作指标名，请改写")
        if self.codes is None:
            raise ExpressionError(f"{quoted(name)}只能用在一票否决和并列次序中，请改写")
        if first in ("line", "share") and rest not in self.codes:
            raise ExpressionError(f"{quoted(name)}所指的指标不存在，请核对编号")


def _frozen(chain: tuple[str, list]) -> tuple:
    """Turn a chain of one precedence level into a tree: a + b − c is one node, not nested ones."""
    head, items = chain
    if head in ("sum", "product"):
        return (head, tuple(items))
    return (head, tuple(tree for _, tree in items))

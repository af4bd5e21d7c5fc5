"""The small changes that are made to a module: each is one piece of its text, and what stands there instead.

What is made here is what slips in by hand: a condition dropped, turned around or off by one, a statement or a lock
left out, a `finally` that does less, a default where something was given, one number beside another.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
_OTHERS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_DESCRIBING = ("description", "help", "name", "deprecation_reason")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Change:
    """One change to the text of a module: from `start` to `end`, in characters, stands `new` instead."""

    path: str
    """From the top of the repository."""
    line: int
    """From 1."""
    end_line: int
    within: str
    """The function or class around it, with those around that."""
    start: int
    end: int
    old: str
    new: str

    def made_to(self, text: str) -> str:
        """The text of the module with this change."""
        return text[: self.start] + self.new + text[self.end :]

    @property
    def name(self) -> str:
        """What tells it from others as long as the place reads as it does, wherever in the module it stands."""
        return f"{self.path} {self.within}: {_on_one_line(self.old)} -> {_on_one_line(self.new)}"


def changes(path: str, text: str) -> list[Change]:
    """All small changes to a module that can be compiled, in the order of its lines. What only tells its reader
    something is left.
    """
    made = _Changer(path, text).of(ast.parse(text))
    return sorted(
        (change for change in made if change.new != change.old and _compiles(change.made_to(text))),
        key=lambda one: (one.start, one.end),
    )


def scopes_of_lines(text: str) -> list[str]:
    """For each line of a module the function or class around it, with those around that."""
    scopes = [""] * len(text.splitlines())

    def note(node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _SCOPES):
                inner = (*around, child.name)
                first, last = child.lineno, child.end_lineno or child.lineno
                scopes[first - 1 : last] = [".".join(inner)] * (last - first + 1)
                note(child, inner)
            else:
                note(child, around)

    note(ast.parse(text), ())
    return scopes


def _compiles(text: str) -> bool:
    try:
        compile(text, "", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


class _Changer:
    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._lines = text.splitlines()

    def of(self, tree: ast.Module) -> Iterator[Change]:
        for node in tree.body:
            yield from self._within(node, ())

    def _within(self, node: ast.AST, scopes: tuple[str, ...]) -> Iterator[Change]:
        if _only_tells(node):
            return
        scope = ".".join(scopes)
        for place, new in self._changed(node, scope):
            yield self._change(place, new, scope)
        inner = (*scopes, node.name) if isinstance(node, _SCOPES) else scopes
        for child in _parts(node):
            yield from self._within(child, inner)

    def _change(self, place: tuple[int, int], new: str, scope: str) -> Change:
        start, end = place
        line = self._text.count("\n", 0, start) + 1
        last = self._text.count("\n", 0, end) + 1
        return Change(self._path, line, last, scope, start, end, self._text[start:end], new)

    def _changed(self, node: ast.AST, within: str) -> Iterator[tuple[tuple[int, int], str]]:
        yield from self._left_out(node, within)
        yield from self._otherwise(node, within)

    def _left_out(self, node: ast.AST, within: str) -> Iterator[tuple[tuple[int, int], str]]:
        """What a statement does less."""
        match node:
            case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete() if within:
                yield self._place(node), "pass"
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) if not within.endswith("__init__"):
                yield self._place(node), "pass"
            case ast.Break():
                yield self._place(node), "continue"
            case ast.Continue():
                yield self._place(node), "break"
            case ast.Return(value=None):
                yield self._place(node), "pass"
            case ast.Return(value=ast.Await()):
                yield self._place(node), "return None"
            case ast.AsyncWith() | ast.With() if all(item.optional_vars is None for item in node.items):
                yield self._head(node), "if True:"
            case ast.ExceptHandler() if within:
                yield self._body(node.body), "raise"

    def _otherwise(self, node: ast.AST, within: str) -> Iterator[tuple[tuple[int, int], str]]:
        """What is computed, compared or given otherwise; but for numbers that a module names."""
        match node:
            case ast.If() | ast.While() | ast.IfExp() if not _is_turned_around_itself(node.test):
                yield self._place(node.test), f"(not ({self._of(node.test)}))"
            case ast.comprehension():
                for condition in node.ifs:
                    yield self._place(condition), "True"
            case ast.BoolOp():
                yield from self._without_one(node)
            case ast.UnaryOp(op=ast.Not()):
                yield self._place(node), f"({self._of(node.operand)})"
            case ast.Compare():
                yield from self._compared(node)
            case ast.match_case(guard=ast.expr() as guard):
                yield self._place(guard), "True"
            case ast.BinOp() if type(node.op) in _COMPUTED:
                yield from self._computed(node)
            case ast.Constant() if within:
                yield from self._other_constant(node)
            case ast.Call():
                yield from self._called_otherwise(node)
            case ast.Subscript(slice=ast.Slice()):
                yield self._place(node), self._of(node.value)

    def _without_one(self, node: ast.BoolOp) -> Iterator[tuple[tuple[int, int], str]]:
        for left_out in node.values:
            values = [value for value in node.values if value is not left_out]
            rest = ast.BoolOp(node.op, values) if len(values) > 1 else values[0]
            yield self._place(node), f"({ast.unparse(rest)})"

    def _compared(self, node: ast.Compare) -> Iterator[tuple[tuple[int, int], str]]:
        for left, right, op in zip([node.left, *node.comparators], node.comparators, node.ops, strict=False):
            between = self._place(left)[1], self._place(right)[0]
            written = self._text[slice(*between)]
            yield between, written.replace(_SIGNS[type(op)], _COMPARED[type(op)], 1)

    def _computed(self, node: ast.BinOp) -> Iterator[tuple[tuple[int, int], str]]:
        between = self._place(node.left)[1], self._place(node.right)[0]
        sign, other = _COMPUTED[type(node.op)]
        yield between, self._text[slice(*between)].replace(sign, other, 1)

    def _other_constant(self, node: ast.Constant) -> Iterator[tuple[tuple[int, int], str]]:
        if isinstance(node.value, bool):
            yield self._place(node), str(not node.value)
        elif isinstance(node.value, int | float):
            yield self._place(node), f"{self._of(node)} + 1"

    def _called_otherwise(self, node: ast.Call) -> Iterator[tuple[tuple[int, int], str]]:
        if isinstance(node.func, ast.Name) and node.func.id in _OTHERS:
            yield self._place(node.func), _OTHERS[node.func.id]
        given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for number, keyword in enumerate(given):
            if isinstance(keyword, ast.keyword) and keyword.arg not in (None, *_DESCRIBING):
                yield self._without(given, number), ""

    def _without(self, given: list[ast.expr | ast.keyword], number: int) -> tuple[int, int]:
        """The place of an argument, with the comma between it and its neighbour."""
        start, end = self._place(given[number])
        if number:
            return self._place(given[number - 1])[1], end
        return (start, self._place(given[1])[0]) if len(given) > 1 else (start, end)

    def _head(self, node: ast.With | ast.AsyncWith) -> tuple[int, int]:
        start = self._place(node)[0]
        return start, self._text.index(":", self._place(node.items[-1].context_expr)[1]) + 1

    def _body(self, body: list[ast.stmt]) -> tuple[int, int]:
        return self._place(body[0])[0], self._place(body[-1])[1]

    def _of(self, node: ast.expr) -> str:
        return self._text[slice(*self._place(node))]

    def _place(self, node: ast.stmt | ast.expr | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _at(self, line: int, column: int) -> int:
        """Where a place stands in characters; Python tells columns in bytes."""
        before = self._lines[line - 1].encode()[:column]
        return self._starts[line - 1] + len(before.decode())


def _only_tells(node: ast.AST) -> bool:
    """Whether something is there for readers and type checkers only, as a docstring or an import is."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        # Python 3.11 does not tell where the parts of an f-string stand.
        case ast.Assert() | ast.JoinedStr():
            return True
    return False


def _is_turned_around_itself(condition: ast.expr) -> bool:
    """Whether the change to what is in a condition turns all of it around."""
    match condition:
        case ast.Constant() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            return True
    return False


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What a node is made of, without the types that are declared and the texts that describe."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "type_comment"):
            continue
        if isinstance(node, ast.keyword) and node.arg in _DESCRIBING:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield part


def _on_one_line(text: str) -> str:
    return " ".join(text.split())

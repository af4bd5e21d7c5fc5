"""Finding assertions in a loop, or with `all`, over something that may be empty, so that they assert nothing."""

import ast
import builtins
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

_AS_MANY = {"enumerate", "sorted", "reversed", "list", "tuple", "set"}
_HARMLESS = {*_AS_MANY, "range", "zip", "len", "product", "pairwise"}
_VIEWS = {"items", "keys", "values"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def hollow(source: str, names: Mapping[str, object]) -> list[int]:
    """The lines of loops with an assertion, and of assertions with `all`, whose iterable may be empty.

    `names` are the globals of the module. An iterable is known not to be empty if it is a literal with items, a
    non-empty constant of the module, or a call of `each`.
    """
    return sorted(set(_found(ast.parse(source), _Known(names, {}))))


class _Known:
    """The names that are known at a place: the module's globals, and assignments in the surrounding functions."""

    def __init__(self, module: Mapping[str, object], local: Mapping[str, list[ast.expr]]) -> None:
        self._module = module
        self._local = local

    def inside(self, function: ast.AST) -> "_Known":
        """The names that are known inside a function."""
        stored: Counter[str] = Counter()
        values: dict[str, list[ast.expr]] = defaultdict(list)
        for node in ast.walk(function):
            match node:
                case ast.arg(name) | ast.Name(name, ast.Store()):
                    stored[name] += 1
                case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), value=ast.expr() as value):
                    values[name].append(value)
                case ast.Assign([ast.Tuple(targets)], ast.Tuple(given)):
                    for target, value in zip(targets, given, strict=False):
                        if isinstance(target, ast.Name):
                            values[target.id].append(value)
        # Values from anything but such assignments are unknown.
        own = {name: values[name] if len(values[name]) == times else [] for name, times in stored.items()}
        return _Known(self._module, {**self._local, **own})

    def is_something(self, over: ast.expr) -> bool:
        """Whether an iterable cannot be empty."""
        if self._is_constant(over):
            found = eval(compile(ast.Expression(over), "", "eval"), dict(self._module))  # noqa: S307 - our own
            return isinstance(found, Iterable) and any(True for _ in found)
        match over:
            case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
                return any(not isinstance(one, ast.Starred) or self.is_something(one.value) for one in elts)
            case ast.Dict(keys):
                return any(keys)
            case ast.Name(name):
                values = self._local.get(name, [])
                return bool(values) and all(self.is_something(value) for value in values)
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp() | ast.SetComp():
                return all(self.is_something(one.iter) and not one.ifs for one in over.generators)
            case ast.Call(ast.Name("each")):
                return True
            case ast.Call(ast.Name("zip"), args, keywords):
                return (any if keywords else all)(self.is_something(one) for one in args)
            case ast.Call(ast.Name(name), [first, *_]) if name in _AS_MANY:
                return self.is_something(first)
            case ast.Call(ast.Name("map"), [_, over]):
                return self.is_something(over)
            case ast.Call(ast.Name("product"), args):
                return all(self.is_something(one) for one in args)
            case ast.Call(ast.Attribute(value, view)) if view in _VIEWS:
                return self.is_something(value)
        return False

    def _is_constant(self, over: ast.expr) -> bool:
        """Whether an expression has only names of the module and functions without side effects."""
        for node in ast.walk(over):
            match node:
                case ast.Name(name) if name in self._local or not (name in self._module or hasattr(builtins, name)):
                    return False
                case ast.Call(ast.Name(name)) if name not in _HARMLESS:
                    return False
                case ast.Call(ast.Attribute(_, name)) if name not in _VIEWS:
                    return False
                case ast.Await() | ast.comprehension() | ast.Lambda():
                    return False
        return True


def _found(node: ast.AST, known: _Known) -> Iterator[int]:
    inner = known.inside(node) if isinstance(node, _FUNCTIONS) else known
    match node:
        case ast.For() | ast.AsyncFor() if _asserts(node) and not known.is_something(node.iter):
            yield node.lineno
        case ast.Assert(test):
            for over in _of_all(test):
                if not known.is_something(over):
                    yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _found(child, inner)


def _asserts(node: ast.AST) -> bool:
    """Whether a loop has an assertion, except in functions that are defined in it."""
    return any(
        isinstance(child, ast.Assert) or (not isinstance(child, _FUNCTIONS) and _asserts(child))
        for child in ast.iter_child_nodes(node)
    )


def _of_all(test: ast.AST) -> Iterator[ast.expr]:
    """The iterables about whose items an assertion says something: in `all(…)` and `not any(…)`."""
    match test:
        case ast.Call(ast.Name("all"), [over]) | ast.UnaryOp(ast.Not(), ast.Call(ast.Name("any"), [over])):
            yield over
        case ast.UnaryOp(ast.Not(), ast.Call(ast.Name("all"))):
            return
        case _:
            for node in ast.iter_child_nodes(test):
                yield from _of_all(node)

"""Which tests noticed other changes: what notices one change to a module is likely to notice the next."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.mutants.noticing import Tried

_MANY = 40
"""How many tests are taken for the likeliest."""


class Noticing:
    """The tests by the modules and directories of what they noticed, with how often; it learns."""

    def __init__(self, before: Iterable[Mapping[str, str]] = ()) -> None:
        self._counted: dict[str, Counter[str]] = defaultdict(Counter)
        for one in before:
            self._count(one["change"].partition(" ")[0], one.get("by"))

    def near(self, path: str) -> list[str]:
        """The tests that noticed most in a module, then in its directory."""
        places = (path, str(Path(path).parent))
        return [test for place in places for test, _ in self._counted[place].most_common(_MANY)]

    def learn(self, tried: Tried) -> Tried:
        """Take notice of what became of a change, and hand it on."""
        self._count(tried.change.path, tried.by)
        return tried

    def _count(self, path: str, test: str | None) -> None:
        if test:
            self._counted[path][test] += 1
            self._counted[str(Path(path).parent)][test] += 1

"""The employees in the tests and their tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.tokens import TokenRules, sign

DEMO_KEY = "a secret of the tests that is long enough"
RULES = TokenRules(algorithms=("HS256",), issuer="overdracht", audiences=("overdracht",))

EENHEDEN = {
    "KCC": "Klantcontactcentrum",
    "VER": "Afdeling vergunningen",
    "BUR": "Burgerzaken",
    "SOC": "Sociale zaken",
}
"""The departments of every test, by identificatie."""


@dataclass(frozen=True)
class Person:
    """An employee. Their subject is a UUID, so that it is their id as well."""

    subject: str
    naam: str
    eenheden: Sequence[str]
    rollen: Sequence[str]

    def token(self, *, valid_seconds: int = 3600, **claims: object) -> str:
        """A token for this employee; `claims` replace some of its claims."""
        said = {
            "sub": self.subject,
            "name": self.naam,
            "eenheden": list(self.eenheden),
            "rollen": list(self.rollen),
        }
        return sign(DEMO_KEY, RULES, said | claims, valid_seconds=valid_seconds)


DESK = Person("a255acc8-b7b9-4db3-94aa-ecba5aec9f5f", "Dewi de Desk", ["KCC"], ["KCC"])
DESK_COLLEGA = Person("a255acc8-0000-4000-8000-000000000002", "Daan de Desk", ["KCC"], ["KCC"])
VERGUNNINGEN = Person("b0000000-0000-4000-8000-000000000001", "Vera Vergunning", ["VER"], ["BEHANDELAAR"])
VERGUNNINGEN_COLLEGA = Person("b0000000-0000-4000-8000-000000000002", "Victor Vergunning", ["VER"], ["BEHANDELAAR"])
BURGERZAKEN = Person("c0000000-0000-4000-8000-000000000001", "Bo Burgerzaken", ["BUR"], ["BEHANDELAAR"])
LEZER = Person("d0000000-0000-4000-8000-000000000001", "Leo Lezer", ["VER"], ["LEZER"])
TOEZICHTHOUDER = Person("e0000000-0000-4000-8000-000000000001", "Tess Toezicht", ["SOC"], ["TOEZICHTHOUDER"])

EVERYBODY = (
    DESK,
    DESK_COLLEGA,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    BURGERZAKEN,
    LEZER,
    TOEZICHTHOUDER,
)

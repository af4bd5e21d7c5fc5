"""What one operation did with contacts and tasks: who, by which operation, and ids. Never a text.

A verwerking is what Dutch law calls it when personal data are read or changed (AVG, article 4).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.domain.model import Gebeurtenis, InterneTaak, Klantcontact
from app.domain.organisation import LoginGeweigerd
from app.domain.refusals import IdAlInGebruik, OvergangGeweigerd, VersieVerouderd, Weigering
from app.domain.rights import Login, Scope
from app.domain.streams import CursorOngeldig, CursorVerlopen
from app.domain.values.ids import read_uuid

KLANTCONTACTEN = "klantcontacten"
INTERNE_TAKEN = "interne_taken"
"""The books in which plans note what they read."""

MISLUKT = "Mislukt"
"""Stands for a refusal where a deed broke off, so that it may or may not be stored."""


@dataclass(slots=True)
class Objecten:
    """Contacts and tasks by their ids."""

    klantcontacten: set[str] = field(default_factory=set)
    interne_taken: set[str] = field(default_factory=set)

    def add(self, objects: Iterable[object]) -> None:
        """Add those of the objects that are contacts or tasks; a fact stands for its task."""
        for found in objects:
            match found:
                case Klantcontact(id=id_):
                    self.klantcontacten.add(id_)
                case InterneTaak(id=id_) | Gebeurtenis(taak_id=id_):
                    self.interne_taken.add(id_)

    def __bool__(self) -> bool:
        return bool(self.klantcontacten or self.interne_taken)


@dataclass(frozen=True, slots=True)
class Geweigerd:
    """A refusal: its name in the domain, and the id that was asked; None where none was, or no UUID."""

    reden: str
    id: str | None


class Verwerking:
    """One operation: who asked it and how, and what it came to read and change, or was refused.

    `login` is None where nobody in particular asks: a fact is read for all of a scope. `kind` is query, mutation or
    subscription, `fields` are its root fields.
    """

    def __init__(
        self,
        scope: Scope,
        login: Login | None = None,
        *,
        kind: str | None = None,
        fields: Sequence[str] = (),
        trace_id: str | None = None,
    ) -> None:
        self.scope = scope
        self.login = login
        self.kind = kind
        self.fields = fields
        self.trace_id = trace_id
        self.gelezen = Objecten()
        self.gewijzigd = Objecten()
        self._geweigerd: dict[Geweigerd, None] = {}  # a set that keeps its order

    @property
    def geweigerd(self) -> list[Geweigerd]:
        """Every refusal, each once, in order."""
        return list(self._geweigerd)

    @property
    def notes(self) -> dict[str, Callable[[str], None]]:
        """What notes by its id that something was read, by the name of the book."""
        gelezen = self.gelezen
        return {KLANTCONTACTEN: gelezen.klantcontacten.add, INTERNE_TAKEN: gelezen.interne_taken.add}

    @property
    def is_any(self) -> bool:
        """Whether contacts or tasks were read or changed, or were to be."""
        return bool(self.gelezen or self.gewijzigd or self._geweigerd)

    def forget(self) -> None:
        """Forget what was read and refused so far: the operation is executed anew, nobody was shown anything."""
        self.gelezen.klantcontacten.clear()
        self.gelezen.interne_taken.clear()
        self._geweigerd.clear()

    def refuse(self, reden: str, asked_id: str | None) -> None:
        """Note a refusal, by its name in the domain, of what was asked by an id."""
        self._geweigerd[Geweigerd(reden, read_uuid(asked_id) if asked_id else None)] = None

    @contextmanager
    def asking(self, asked_id: str | None) -> Iterator[None]:
        """Note what is refused meanwhile to who asks by an id."""
        try:
            yield
        except Weigering as refused:
            self._note(refused, asked_id)
            raise
        except (CursorOngeldig, CursorVerlopen, LoginGeweigerd) as refused:
            self.refuse(type(refused).__name__, asked_id)
            raise

    @contextmanager
    def doing(self, asked_id: str | None) -> Iterator[None]:
        """As `asking`, of a deed; note as well that it failed where it breaks off."""
        with self.asking(asked_id):
            try:
                yield
            except (Weigering, LoginGeweigerd):
                raise
            except BaseException:
                self.refuse(MISLUKT, asked_id)
                raise

    def _note(self, refused: Weigering, asked_id: str | None) -> None:
        match refused:
            case VersieVerouderd(taak=taak) | OvergangGeweigerd(taak=taak):
                # He is shown how it stands.
                self.gelezen.add([taak])
            case IdAlInGebruik(gekozen_id=gekozen_id):
                asked_id = gekozen_id
        self.refuse(type(refused).__name__, asked_id)

"""What one operation did with contacts and tasks, for the processing log: caller, operation and ids, never text.

Verwerking is the Dutch legal term for reading or changing personal data (AVG, the Dutch GDPR, article 4).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.domain.model import Betrokkene, Gebeurtenis, InterneTaak, Klantcontact
from app.domain.organisation import LoginGeweigerd
from app.domain.refusals import IdAlInGebruik, OvergangGeweigerd, VersieVerouderd, Weigering
from app.domain.rights import Login, Scope
from app.domain.streams import CursorOngeldig, CursorVerlopen
from app.domain.values.ids import read_uuid

KLANTCONTACTEN = "klantcontacten"
INTERNE_TAKEN = "interne_taken"
BETROKKENEN = "betrokkenen"
"""The names of the callbacks (`Verwerking.notes`) with which plans add what they read."""

MISLUKT = "Mislukt"
"""The reason that is logged if a deed failed with an error, so that its result may or may not be stored."""


@dataclass(slots=True)
class Objecten:
    """Ids of contacts and tasks, and whether there were betrokkenen among them: whom a contact was with."""

    klantcontacten: set[str] = field(default_factory=set)
    interne_taken: set[str] = field(default_factory=set)
    contactgegevens: bool = False

    def add(self, objects: Iterable[object]) -> None:
        """Add the contacts and tasks among these objects, the contacts of betrokkenen, and the tasks of facts.
        Other objects are ignored.
        """
        for object_ in objects:
            match object_:
                case Klantcontact(id=id_):
                    self.klantcontacten.add(id_)
                case Betrokkene(klantcontact_id=id_):
                    self.add_betrokkene_of(id_)
                case InterneTaak(id=id_) | Gebeurtenis(taak_id=id_):
                    self.interne_taken.add(id_)

    def add_betrokkene_of(self, klantcontact_id: str) -> None:
        """Add a betrokkene, by the id of the contact."""
        self.klantcontacten.add(klantcontact_id)
        self.contactgegevens = True

    def clear(self) -> None:
        """Clear everything."""
        self.klantcontacten.clear()
        self.interne_taken.clear()
        self.contactgegevens = False

    def __bool__(self) -> bool:
        return bool(self.klantcontacten or self.interne_taken)


@dataclass(frozen=True, slots=True)
class Geweigerd:
    """A refusal: the name of its exception, and the requested id; None if there was none or it is no UUID."""

    reden: str
    id: str | None


class Verwerking:
    """One operation: its caller and kind, and which objects it read, changed, or was refused.

    `login` is None if a fact is read once for several subscribers with the same scope. `kind` is query, mutation or
    subscription; `fields` are the names of its root fields. `op_digitaal_adres` is whether contacts or tasks were
    searched by a phone number or an e-mail address.
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
        self.op_digitaal_adres = False
        self._geweigerd: dict[Geweigerd, None] = {}  # used as an ordered set

    @property
    def geweigerd(self) -> list[Geweigerd]:
        """Every refusal, in order, without duplicates."""
        return list(self._geweigerd)

    @property
    def notes(self) -> dict[str, Callable[[str], None]]:
        """Callbacks that add the id of an object that was read, by `KLANTCONTACTEN` or `INTERNE_TAKEN`, or by
        `BETROKKENEN` the id of the contact of a betrokkene.
        """
        gelezen = self.gelezen
        return {
            KLANTCONTACTEN: gelezen.klantcontacten.add,
            INTERNE_TAKEN: gelezen.interne_taken.add,
            BETROKKENEN: gelezen.add_betrokkene_of,
        }

    @property
    def is_any(self) -> bool:
        """Whether contacts or tasks were read or changed or searched by an address, or this was refused."""
        return bool(self.gelezen or self.gewijzigd or self._geweigerd or self.op_digitaal_adres)

    def forget(self) -> None:
        """Clear what was read and refused so far: the operation is executed again, and no client got a result."""
        self.gelezen.clear()
        self._geweigerd.clear()

    def refuse(self, reden: str, requested_id: str | None) -> None:
        """Add a refusal: the name of its exception, and the requested id, if any."""
        self._geweigerd[Geweigerd(reden, read_uuid(requested_id) if requested_id else None)] = None

    @contextmanager
    def asking(self, requested_id: str | None) -> Iterator[None]:
        """Add each refusal that is raised inside this context, with the requested id."""
        try:
            yield
        except Weigering as refused:
            self._note(refused, requested_id)
            raise
        except (CursorOngeldig, CursorVerlopen, LoginGeweigerd) as refused:
            self.refuse(type(refused).__name__, requested_id)
            raise

    @contextmanager
    def doing(self, requested_id: str | None) -> Iterator[None]:
        """As `asking`, for a deed: any other error is added as well, as `MISLUKT`."""
        with self.asking(requested_id):
            try:
                yield
            except (Weigering, LoginGeweigerd):
                raise
            except BaseException:
                self.refuse(MISLUKT, requested_id)
                raise

    def _note(self, refused: Weigering, requested_id: str | None) -> None:
        match refused:
            case VersieVerouderd(taak=taak) | OvergangGeweigerd(taak=taak):
                # The refusal shows the task to the caller.
                self.gelezen.add([taak])
            case IdAlInGebruik(gekozen_id=gekozen_id):
                requested_id = gekozen_id
        self.refuse(type(refused).__name__, requested_id)

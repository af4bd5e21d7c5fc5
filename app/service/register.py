"""Registering a klantcontact with its tasks in one transaction (F2173, F2120), and a task at one that stands."""

from collections.abc import Mapping, Sequence

from app.domain.facts import Overgang
from app.domain.model import Gebeurtenis, InterneTaak, Klantcontact
from app.domain.moments import Clock, now
from app.domain.numbers import new_nummer
from app.domain.organisation import Dienstverband
from app.domain.references import Known
from app.domain.refusals import IdAlInGebruik, NietBevoegd, NietGevonden
from app.domain.registration import (
    NieuweTaak,
    NieuwKlantcontact,
    TaakBijKlantcontact,
    fingerprint,
    is_same_klantcontact,
    klantcontact_fingerprint,
    new_interne_taak,
    new_klantcontact,
)
from app.domain.rights import Login
from app.domain.text import new_id, read_uuid
from app.service.verwerking import Verwerking
from app.service.writing import Writer
from app.storage import lookups, organisation, writing
from app.storage.failures import Conflict
from app.storage.snapshot import Transaction


class Register:
    """The register's two ways in. The order of refusals is the one of the domain."""

    def __init__(self, writer: Writer, kanalen: Sequence[str], *, clock: Clock = now) -> None:
        self._writer = writer
        self._kanalen = kanalen
        self._clock = clock

    async def klantcontact(self, asking: Login, asked: NieuwKlantcontact, verwerking: Verwerking) -> Klantcontact:
        """Register a contact with its tasks, together or not at all; the same registration registers once."""
        with verwerking.doing(asked.id):
            _check_right(asking)
            contact, is_new = await self._klantcontact(asking, asked.kept(), verwerking)
            (verwerking.gewijzigd if is_new else verwerking.gelezen).add([contact])
            return contact

    async def _klantcontact(
        self, asking: Login, kept: NieuwKlantcontact, verwerking: Verwerking
    ) -> tuple[Klantcontact, bool]:
        """The contact, and whether it was registered only now."""
        default = self._kanalen[0]

        async def work(tx: Transaction) -> tuple[tuple[Klantcontact, bool], Sequence[Gebeurtenis]]:
            login, medewerkers = await _kept(tx, asking, kept.interne_taken)
            was = await _own_print(tx, login, kept.id)
            if kept.id is not None and was is not None:
                registered = (await lookups.klantcontacten(tx, [kept.id])).get(kept.id)
                if registered and is_same_klantcontact(kept, default, registered, was):
                    return (registered, False), ()
            kept.check(self._kanalen, await _known(tx, kept.interne_taken, medewerkers))
            await _check_free(tx, login, was, kept.id, *(taak.id for taak in kept.interne_taken))
            moment = self._clock()
            contact = new_klantcontact(kept, default, login, moment, kept.id or new_id(), new_nummer())
            print_ = klantcontact_fingerprint(kept, default) if kept.id else None
            new = [_new_taak(taak, contact, login, moment) for taak in kept.interne_taken]
            claimed = [(contact.id, contact.nummer, print_), *((o.na.id, o.na.nummer, None) for o in new)]
            await writing.insert_registraties(tx, login.medewerker_id, claimed)
            await writing.insert_klantcontact(tx, contact)
            return (contact, True), await _add(tx, contact, new) if new else ()

        return await self._writer.run(work, verwerking)

    async def interne_taak(self, asking: Login, asked: TaakBijKlantcontact, verwerking: Verwerking) -> InterneTaak:
        """Register a task at a contact that he may read; the same registration registers once."""
        with verwerking.doing(asked.klantcontact_id):
            _check_right(asking)
            taak = await self._interne_taak(asking, asked.kept(), verwerking)
            verwerking.gelezen.add([taak])
            return taak

    async def _interne_taak(self, asking: Login, kept: TaakBijKlantcontact, verwerking: Verwerking) -> InterneTaak:
        print_ = fingerprint(kept)

        async def work(tx: Transaction) -> tuple[InterneTaak, Sequence[Gebeurtenis]]:
            login, medewerkers = await _kept(tx, asking, [kept.taak])
            chosen = kept.taak.id
            was = await _own_print(tx, login, chosen)
            if chosen is not None and was == print_:
                return (await lookups.taken(tx, [chosen]))[chosen], ()
            kept.check(await _known(tx, [kept.taak], medewerkers))
            await _check_free(tx, login, was, chosen)
            found = await lookups.klantcontacten(tx, [kept.klantcontact_id], login.scope)
            if not found:
                raise NietGevonden(kept.klantcontact_id)
            new = _new_taak(kept.taak, found[kept.klantcontact_id], login, self._clock())
            claimed = (new.na.id, new.na.nummer, print_ if chosen else None)
            await writing.insert_registraties(tx, login.medewerker_id, [claimed])
            return new.na, await _add(tx, found[kept.klantcontact_id], [new])

        return await self._writer.run(work, verwerking)


def _new_taak(asked: NieuweTaak, contact: Klantcontact, login: Login, moment: str) -> Overgang:
    return new_interne_taak(asked, contact, login, moment, asked.id or new_id(), new_nummer())


async def _add(tx: Transaction, contact: Klantcontact, new: Sequence[Overgang]) -> list[Gebeurtenis]:
    """Store new tasks of a contact, with their facts."""
    await writing.insert_taken(tx, contact, new)
    return await writing.insert_facts(tx, new, new[0].na.geregistreerd_op)


def _check_right(login: Login) -> None:
    if not login.may_register():
        raise NietBevoegd("U mag niet registreren.")


async def _own_print(tx: Transaction, login: Login, chosen: str | None) -> str | None:
    """The fingerprint of what he registered under the id that he chose; a malformed id is nobody's."""
    found = await writing.registered(tx, chosen) if chosen is not None and read_uuid(chosen) else None
    return found[1] if found and found[0] == login.medewerker_id else None


async def _check_free(
    tx: Transaction, login: Login, was: str | None, registering: str | None, *others: str | None
) -> None:
    """Refuse the first of the chosen ids that any object has.

    `was` is what he had registered under the first of them. `Conflict` where there was nothing and now is: where
    transactions run beside each other, the same registration may have come in between.
    """
    given = [id_ for id_ in (registering, *others) if id_ is not None]
    used = await lookups.used_ids(tx, given)
    for id_ in given:
        if id_ in used:
            if id_ == registering and await _own_print(tx, login, id_) != was:
                raise Conflict
            raise IdAlInGebruik(id_)


async def _kept(
    tx: Transaction, asking: Login, taken: Sequence[NieuweTaak]
) -> tuple[Login, dict[str, Dienstverband]]:
    """Who registers, with the rights that his record gives him now, and the employees that are named and exist; all
    of them as they stay until the transaction ends. Malformed ids name nobody.

    `LoginGeweigerd` where his record gives him no rights any more.
    """
    named = {id_ for taak in taken if taak.medewerker_id and (id_ := read_uuid(taak.medewerker_id))}
    kept = await organisation.kept_medewerkers(tx, {asking.medewerker_id} | named)
    login = kept[asking.medewerker_id].login()
    _check_right(login)
    return login, kept


async def _known(tx: Transaction, taken: Sequence[NieuweTaak], medewerkers: Mapping[str, Dienstverband]) -> Known:
    """Those of the named departments and employees that exist; malformed ids name nobody."""
    eenheden = {id_ for taak in taken if (id_ := read_uuid(taak.eenheid_id))}
    return Known(await lookups.eenheden(tx, eenheden) if eenheden else {}, medewerkers)

"""Handling a task: every deed of its life goes this one way."""

from collections.abc import Sequence

from app.domain.lifecycle import Deed
from app.domain.model import Gebeurtenis, InterneTaak
from app.domain.moments import Clock, now
from app.domain.references import Known
from app.domain.refusals import NietBevoegd, NietGevonden, VersieVerouderd
from app.domain.rights import Login
from app.service.verwerking import Verwerking
from app.service.writing import Writer
from app.storage import lookups, organisation, writing
from app.storage.snapshot import Transaction


class Handle:
    """Does a deed, or says no in the order of the domain: form, not there, stale, not allowed, life, named."""

    def __init__(self, writer: Writer, *, clock: Clock = now) -> None:
        self._writer = writer
        self._clock = clock

    async def __call__(self, asking: Login, asked: Deed, verwerking: Verwerking) -> InterneTaak:
        """The task as it stands after the deed. Who asks it has the rights that his record gives him by then;
        `LoginGeweigerd` where it gives him none.
        """
        with verwerking.doing(asked.taak_id):
            taak = await self._do(asking, asked.checked(), verwerking)
            verwerking.gelezen.add([taak])
            return taak

    async def _do(self, asking: Login, deed: Deed, verwerking: Verwerking) -> InterneTaak:
        medewerkers = {deed.medewerker_id} if deed.medewerker_id else set()

        async def work(tx: Transaction) -> tuple[InterneTaak, Sequence[Gebeurtenis]]:
            kept = await organisation.kept_medewerkers(tx, {asking.medewerker_id} | medewerkers)
            login = kept[asking.medewerker_id].login()
            taak = await writing.locked_taak(tx, deed.taak_id, login.scope)
            if taak is None:
                raise NietGevonden(deed.taak_id)
            if deed.versie is not None and deed.versie != taak.versie:
                raise VersieVerouderd(taak)
            if not deed.may(login, taak):
                raise NietBevoegd("U mag deze taak wel zien, maar dit niet doen.")
            deed.check_transition(taak, login)
            eenheden = await lookups.eenheden(tx, named) if (named := deed.named_eenheden(taak)) else {}
            deed.check_named(taak, Known(eenheden, kept))
            moment = self._clock()
            overgang = deed.apply(taak, login, moment)
            if not overgang.feiten:
                return taak, ()
            await writing.update_taak(tx, overgang)
            return overgang.na, await writing.insert_facts(tx, [overgang], moment)

        return await self._writer.run(work, verwerking)

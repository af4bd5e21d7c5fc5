"""Handling a task: every deed of its life goes this one way."""

from app.domain.lifecycle import Deed
from app.domain.model import InterneTaak
from app.domain.moments import Clock, now
from app.domain.references import Known
from app.domain.refusals import NietBevoegd, NietGevonden, VersieVerouderd
from app.domain.rights import Login
from app.service.at_hand import AtHand
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.storage import lookups, numbering, organisation, writing
from app.storage.transaction import Transaction


class Handle:
    """Does a deed, or says no in the order of the domain: form, not there, stale, not allowed, life, named."""

    def __init__(self, writer: Writer, *, clock: Clock = now) -> None:
        self._writer = writer
        self._clock = clock

    async def __call__(
        self, asking: Login, asked: Deed, verwerking: Verwerking, at_hand: AtHand | None = None
    ) -> InterneTaak:
        """The task as it stands after the deed. Who asks it has the rights that his record gives him by then;
        `LoginGeweigerd` where it gives him none. What was at hand is put into `at_hand`.
        """
        with verwerking.doing(asked.taak_id):
            deed = asked.checked()
            taak = await self._writer.run(lambda tx: self._do(tx, asking, deed), verwerking, at_hand)
            verwerking.gelezen.add([taak])
            return taak

    async def _do(self, tx: Transaction, asking: Login, deed: Deed) -> Done[InterneTaak]:
        medewerkers = {deed.medewerker_id} if deed.medewerker_id else set()
        known = await organisation.kept(tx, {asking.medewerker_id} | medewerkers)
        login = known.medewerkers[asking.medewerker_id].login()
        taak = await writing.locked_taak(tx, deed.taak_id, login.scope)
        if taak is None:
            raise NietGevonden(deed.taak_id)
        if deed.versie is not None and deed.versie != taak.versie:
            raise VersieVerouderd(taak)
        if not deed.may(login, taak):
            raise NietBevoegd("U mag deze taak wel zien, maar dit niet doen.")
        deed.check_transition(taak, login)
        if named := deed.named_eenheden(taak):
            known = Known(await lookups.eenheden(tx, named), known.medewerkers)
        deed.check_named(taak, known)
        moment = self._clock()
        overgang = deed.apply(taak, login, moment)
        if not overgang.feiten:
            return Done(taak, at_hand=AtHand([taak], known=known))
        await writing.update_taak(tx, overgang)
        facts = await numbering.insert_facts(tx, [overgang], moment)
        return Done(overgang.na, facts, AtHand([overgang.na, *facts], known=known))

"""Lists read page by page: filters, orders, positions."""

from app.domain.finding.filters import KlantcontactFilter, Page, TaakFilter
from app.domain.inbox import teller_of
from app.domain.model import Volgorde
from app.domain.rights import Scope
from app.storage.lists.conditions import Conditions, klantcontact_conditions, taak_conditions
from app.storage.lists.pages import Counted, ListPage


def paged(
    scope: Scope,
    asked: TaakFilter | KlantcontactFilter,
    volgorde: Volgorde,
    page: Page,
    *,
    hangs: bool = False,
) -> ListPage:
    """A page of the tasks or of the contacts that the scope may see."""
    conditions = _conditions_of(scope, asked)
    return ListPage(conditions, volgorde, page, hangs, _teller(conditions, asked))


def counted(scope: Scope, asked: TaakFilter | KlantcontactFilter) -> Counted:
    """How many tasks or contacts the scope may see: read from the counters of an inbox where they have it."""
    conditions = _conditions_of(scope, asked)
    return Counted(conditions, _teller(conditions, asked))


def _teller(conditions: Conditions, asked: TaakFilter | KlantcontactFilter) -> str | None:
    if isinstance(asked, TaakFilter) and (conditions.sees_all or conditions.is_own):
        return teller_of(asked)
    return None


def _conditions_of(scope: Scope, asked: TaakFilter | KlantcontactFilter) -> Conditions:
    if isinstance(asked, TaakFilter):
        return taak_conditions(scope, asked)
    return klantcontact_conditions(scope, asked)

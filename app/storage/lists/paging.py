"""Creates the pages and counts of lists from a scope, a filter, an order and a position."""

from app.domain.finding.filters import KlantcontactFilter, Page, TaakFilter
from app.domain.inbox import teller_of
from app.domain.model import Volgorde
from app.domain.rights import Scope
from app.storage.lists.conditions import Conditions, klantcontact_conditions, taak_conditions
from app.storage.lists.pages import Counted, ListPage


def paged(
    scope: Scope,
    filter_: TaakFilter | KlantcontactFilter,
    volgorde: Volgorde,
    page: Page,
    *,
    is_nested: bool = False,
) -> ListPage:
    """A page of the tasks or contacts that the scope may see and that meet a filter. `is_nested` says that there is
    one small list for each row of another table.
    """
    conditions = _conditions_of(scope, filter_)
    return ListPage(conditions, volgorde, page, is_nested, _teller(conditions, filter_))


def counted(scope: Scope, filter_: TaakFilter | KlantcontactFilter) -> Counted:
    """The number of tasks or contacts that the scope may see and that meet a filter. If an inbox has a counter for
    them, that is read instead.
    """
    conditions = _conditions_of(scope, filter_)
    return Counted(conditions, _teller(conditions, filter_))


def _teller(conditions: Conditions, filter_: TaakFilter | KlantcontactFilter) -> str | None:
    if isinstance(filter_, TaakFilter) and (conditions.sees_all or conditions.is_own):
        return teller_of(filter_)
    return None


def _conditions_of(scope: Scope, filter_: TaakFilter | KlantcontactFilter) -> Conditions:
    if isinstance(filter_, TaakFilter):
        return taak_conditions(scope, filter_)
    return klantcontact_conditions(scope, filter_)

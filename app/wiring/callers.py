"""Authentication of callers, and the use cases that they can call."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.access.tokens import TokenReader
from app.domain.model import Gebeurtenis
from app.graphql.context import UseCases
from app.graphql.session import Authenticator
from app.live.source import FactSource
from app.service.calling_back.asking import AskToCallBack
from app.service.calling_back.contact_details import ContactDetails
from app.service.committed_records import CommittedRecords, RecentCommits
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.reading import ReadRows
from app.service.register import Register
from app.service.rights_watch import RightsWatch
from app.service.verwerkingenlog import Gevolgd, Verwerkingenlog
from app.service.writing import Writer
from app.wiring.login import token_rules
from app.wiring.parts import Live, Parts


@dataclass(frozen=True, slots=True)
class Callers:
    """Authenticates callers, and watches their rights."""

    authenticate: Authenticator
    rights_watch: RightsWatch


def open_callers(parts: Parts) -> Callers:
    """Create the authentication and the use cases behind it, as the settings say."""
    settings = parts.settings
    verwerkingenlog = Verwerkingenlog((lambda line: None) if parts.lines is None else parts.lines.write)
    recorder = parts.monitoring.recorder
    writer = Writer(
        parts.database,
        parts.live.bus.publish,
        recorder,
        by_system=verwerkingenlog.by_system,
        hand_over=partial(_hand_over, parts.live, parts.recent),
    )
    use_cases = _use_cases(parts, writer, verwerkingenlog)
    logins = Logins(parts.database, writer, keep_seconds=settings.login_seconds)
    rights_watch = RightsWatch(parts.database, logins.forget, poll_seconds=settings.rights_poll_seconds)
    tokens = TokenReader(parts.keys, token_rules(settings))
    return Callers(Authenticator(tokens, logins, rights_watch, use_cases, recorder.login_refused), rights_watch)


def _hand_over(
    live: Live, recent: RecentCommits, facts: Sequence[Gebeurtenis], committed_records: CommittedRecords
) -> None:
    """Called after a commit in this process: passes the facts to the hub, so that subscribers here get them
    immediately.

    The committed records are cached first, so that delivering the facts need not read them.
    """
    recent.keep(facts, committed_records)
    live.hub.hand_over(facts)


def _use_cases(parts: Parts, writer: Writer, verwerkingenlog: Verwerkingenlog) -> UseCases:
    settings, database, live = parts.settings, parts.database, parts.live
    return UseCases(
        register=Register(writer, settings.kanalen),
        handle=Handle(writer),
        contact_details=ContactDetails(writer),
        ask_to_call_back=AskToCallBack(writer, settings.terugbelhandeling),
        following=live.following,
        follow=lambda gevolgd: FactSource(live.hub, gevolgd.start, begun=gevolgd.begun, gone=gevolgd.ended),
        open_postvak=partial(_open_postvak, live),
        read_rows=ReadRows(database),
        recent=parts.recent,
        verwerkingenlog=verwerkingenlog,
        kanalen=settings.kanalen,
        gevraagde_handelingen=settings.gevraagde_handelingen,
        tijdzone=settings.tijdzone,
    )


def _open_postvak(live: Live, gevolgd: Gevolgd) -> FactSource:
    """Open the facts of an inbox for a subscriber, who counts as present in it until the source is closed."""
    opened = live.presence.opened(gevolgd.start.stream.id, gevolgd.login.medewerker_id)

    def gone(place: int) -> None:
        opened.close()
        gevolgd.ended(place)

    return FactSource(live.hub, gevolgd.start, begun=gevolgd.begun, gone=gone, there=opened.there)

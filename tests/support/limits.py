"""The default limits of documents."""

from app.transport.limits import DocumentLimits

LIMITS = DocumentLimits(
    tokens=1_000,
    characters=32_768,
    lines=2_000,
    name=100,
    depth=15,
    aliases=30,
    directives=30,
    list_items=100,
    values=2_000,
    cost=25_000,
    page=200,
    answer_bytes=8_388_608,
)

"""Families of figures: collected, on their way from one process to another, and those of several as one."""

import json
from collections.abc import Iterable, Mapping

from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample


class Families(Collector):
    """Families that were collected before."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Those families."""
        return self._families


def collected(registry: Collector) -> list[Metric]:
    """What a registry has now. When a counter was made is left out: it would double what is shown."""
    families = list(registry.collect())
    for family in families:
        family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
    return families


def packed(families: Iterable[Metric]) -> bytes:
    """Families as bytes."""
    return json.dumps(
        [
            (one.name, one.documentation, one.type, [(s.name, s.labels, s.value) for s in one.samples])
            for one in families
        ]
    ).encode()


def unpacked(packed: bytes) -> list[Metric]:
    """The families that were packed."""
    families = []
    for name, help, kind, samples in json.loads(packed):
        family = Metric(name, help, kind)
        family.samples = [Sample(*sample) for sample in samples]
        families.append(family)
    return families


def together(of_workers: Mapping[str, Iterable[Metric]]) -> list[Metric]:
    """The families of several processes, each sample with its process as the label `worker`."""
    found: dict[str, Metric] = {}
    for worker, families in of_workers.items():
        for family in families:
            known = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            known.samples += [
                Sample(sample.name, {**sample.labels, "worker": worker}, sample.value) for sample in family.samples
            ]
    return list(found.values())

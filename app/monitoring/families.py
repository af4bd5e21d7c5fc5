"""Prometheus metric families: collecting them, sending them between processes, and merging them."""

import json
from collections.abc import Iterable, Mapping

from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample


class Families(Collector):
    """A collector that returns families which were collected earlier."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """The given families."""
        return self._families


def collected(registry: Collector) -> list[Metric]:
    """The metric families of a registry now, without the `_created` samples, which would double the output."""
    families = list(registry.collect())
    for family in families:
        family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
    return families


def packed(families: Iterable[Metric]) -> bytes:
    """Serialise families as JSON."""
    return json.dumps(
        [
            (family.name, family.documentation, family.type, [(s.name, s.labels, s.value) for s in family.samples])
            for family in families
        ]
    ).encode()


def unpacked(packed: bytes) -> list[Metric]:
    """The families that `packed` serialised."""
    families = []
    for name, help, kind, samples in json.loads(packed):
        family = Metric(name, help, kind)
        family.samples = [Sample(*sample) for sample in samples]
        families.append(family)
    return families


def together(of_workers: Mapping[str, Iterable[Metric]]) -> list[Metric]:
    """Merge the families of several processes (by process id); each sample gets the label `worker`."""
    merged: dict[str, Metric] = {}
    for worker, families in of_workers.items():
        for family in families:
            target = merged.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            target.samples += [
                Sample(sample.name, {**sample.labels, "worker": worker}, sample.value) for sample in family.samples
            ]
    return list(merged.values())

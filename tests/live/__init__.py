"""From a fact to who follows it: bus, relay, hub, groups, presence."""

"""Delivering events to subscribers: to all with the same selection together, and to slow ones at their own pace."""

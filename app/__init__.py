"""Overdracht: the live hand-over register of a municipal contact centre."""

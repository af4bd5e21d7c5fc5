"""Delivering events to those who follow: to all who asked the same at once, and to the slow at their own pace."""

"""Yearly targets (年度任务)."""

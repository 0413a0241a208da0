"""Scoring and typesetting, pure: standard library and ReportLab, nothing of ours."""

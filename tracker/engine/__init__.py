"""Scoring and typesetting, pure: standard library, ReportLab and what draws with it. Nothing of
ours is read here, and the two do not read each other."""

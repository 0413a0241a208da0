"""Scorecards: what a sheet shows (`card`), and how it is printed (`pdf`)."""

"""Provinces, cities and counties; the dated list of counties that receive."""

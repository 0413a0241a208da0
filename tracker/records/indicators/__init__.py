"""Indicators of places: GDP, incomes, published tables, plans' goals and totals."""

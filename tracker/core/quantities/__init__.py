"""Figures, money, marks of precision, days: what each is, how it is read, shown and printed."""

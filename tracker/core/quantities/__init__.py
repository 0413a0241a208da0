"""Money, marks of precision, days: what each is, and how it is read, shown and printed."""

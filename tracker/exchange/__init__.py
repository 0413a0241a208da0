"""What comes from elsewhere and goes there: public data, sample data, the data dictionary. Nothing
below knows of it."""

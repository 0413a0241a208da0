"""What comes from and goes to elsewhere: public data, sample data, the dictionary."""

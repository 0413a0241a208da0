"""The pages of leaders: figures, ranking, what is late. They show what records and snapshots have;
nothing is entered here."""

"""An invented, plausible and repeatable set of records for demonstrations and trials."""

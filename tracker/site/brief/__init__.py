"""The briefs and the yearly summary: read from what gives the leaders' pages, printed by
`papers/brief` and `papers/summary`."""

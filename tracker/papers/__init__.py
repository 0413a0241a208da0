"""What leaves the office on paper: a folder for each kind, what they share in `common` and
`reports`, and the issuing of all. A paper is made of a snapshot or of records as they are; no point
is computed here."""

"""What leaves the office on paper: a folder for each kind, and the issuing of all."""

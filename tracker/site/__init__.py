"""What joins features: home, menu, county, pair, trail, twins, doubts. No record has its own page
here, and nobody but the list of features reads it."""

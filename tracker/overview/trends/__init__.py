"""走势: quarters and years of what matters, each measure by itself, a part of a year beside the
same part of the years before."""

"""Making a year's rulebooks in the browser: drafts, their lines, trials, publishing."""

"""The measures a second time: written from the published definitions (`tracker measures`,
docs/rulebooks.md) and the data dictionary alone, over plain records, without a line of
`tracker/year/measures`."""

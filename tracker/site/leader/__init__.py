"""首页 of a leader: how the year stands, what is late, what changed, in ten seconds."""

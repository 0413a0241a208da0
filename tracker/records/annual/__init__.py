"""The yearly task list (年度任务清单): issued by the province, divided level by level."""

"""重点指标分析: a place's key indicators against the year's target and the goals ahead."""

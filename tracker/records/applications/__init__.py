"""Applications (项目申报): 示范点, 专项资金 and 产业园 on their way to 立项 and 验收."""

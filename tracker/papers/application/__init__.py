"""项目申报表: an application with the opinions of those who looked at it."""

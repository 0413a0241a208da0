"""名单监测: how far the counties of the list are from leaving it, and their incomes from the
mean."""

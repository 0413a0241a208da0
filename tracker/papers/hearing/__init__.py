"""听证材料: all about one line that somebody objected to, on two pages."""

"""得分工作簿: the points of a year as a workbook that computes them again, formula by formula."""

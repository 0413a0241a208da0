"""Setting Chinese text on paper: faces, line breaking, a small layout layer over ReportLab."""

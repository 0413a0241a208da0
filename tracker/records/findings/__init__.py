"""What others found: false data, inspections, bad cases, accidents; and what was taken up."""

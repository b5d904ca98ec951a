"""The forms that a report takes: PDF, page, mail, workbook, CSV, and the charts in them."""

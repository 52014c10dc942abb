"""Class lists in (CSV, XLSX, Common Transfer File); class consent lists out (XLSX, CSV)."""

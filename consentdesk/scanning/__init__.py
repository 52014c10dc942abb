"""Scans become pages, slips and readings: picklable work that knows no database."""

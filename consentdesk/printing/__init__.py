"""Printing: form definitions in, the layout of the paper and its PDF out."""

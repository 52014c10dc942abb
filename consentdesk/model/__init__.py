"""The words and rules of consent: no input, no output, no clock."""

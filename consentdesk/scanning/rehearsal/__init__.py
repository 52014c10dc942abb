"""The pen and the bad scanner: filled-in, worn and badly scanned paper for demo, tests and exam."""

"""The errands of the office: each joins store, paper and model, for the window and the command line alike."""

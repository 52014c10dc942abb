"""ConsentDesk: prints coded consent forms, reads them back, and answers who may be photographed, and for what."""

__version__ = "0.1.0"

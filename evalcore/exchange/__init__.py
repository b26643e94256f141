"""Import and export: our records and other harnesses' files. One file per format."""

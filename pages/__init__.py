"""One screen per file: ask (widgets), look up (one evalcore call), draw. No SQL, no HTTP, no formulas."""

"""python -m evalcore COMMAND"""

from evalcore.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

"""python -m newscrawl: the console script, where it is not on the PATH."""

from newscrawl.cli.main import main

if __name__ == "__main__":
    main()

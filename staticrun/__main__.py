"""`python -m staticrun` is `staticrun`."""

from staticrun.cli.main import main

if __name__ == "__main__":
    main()

"""`python -m phb_audit` is the command line."""

from phb_audit.cli import main

if __name__ == "__main__":
    main()

"""The register of rules: one file, one rule; families in folders. The folder is the register."""

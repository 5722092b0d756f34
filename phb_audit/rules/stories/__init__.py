"""Stories: several independent signs that mean more together than alone. One file, one story."""

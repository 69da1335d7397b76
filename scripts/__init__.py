"""What is run from a clone only, by ``make``: nothing here is installed with the program."""

"""Large language models: the one interface to them, what they are asked to fill, how what they say is verified."""

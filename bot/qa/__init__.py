"""From a question to an answer with its proof: understand, retrieve, select, compose."""

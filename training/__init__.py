"""Making the weights again, by one command each."""

"""What makes the weights that kb ships: data in, weights out, by one command each."""

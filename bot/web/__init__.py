"""What the house serves over HTTP beside its channels."""

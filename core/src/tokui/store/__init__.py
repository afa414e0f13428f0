"""Where everything is kept. The only place with SQL."""

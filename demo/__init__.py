"""The whole way on one machine: people who walk through the site's own pages over HTTP. Imports nothing of the site."""

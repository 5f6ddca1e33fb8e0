"""How people come in: by password, by a sign-in service, by a proxy, by a token."""

"""The bundled benchmark and the tiny models that were taught to answer it."""

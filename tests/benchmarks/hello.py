"""The yardstick of web servers: the least that a Flask application can do."""

import sys

from flask import Flask
from waitress import serve

from standalone import serving

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "Hello, World!"


if __name__ == "__main__":
    serve(app, host=serving.HOST, port=int(sys.argv[1]), threads=serving.THREADS)

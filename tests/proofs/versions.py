"""Which release of each software is at hand."""

import json
import os
import re
import subprocess

import servers

COMMANDS = {
    "psql": ("psql", "--version"), "mariadbd": ("mariadbd", "--version"),
    "redis-server": ("redis-server", "--version"), "nginx": ("nginx", "-v"), "haproxy": ("haproxy", "-v"),
    "apache2": ("apache2", "-v"), "curl": ("curl", "--version"), "go": ("go", "version"),
    "node": ("node", "--version"), "ssh": ("ssh", "-V"), "sshd": ("ssh", "-V"),
    "mosquitto": ("mosquitto", "-h"), "python3": (servers.PYTHON, "--version"), "linux": ("uname", "-r"),
    "libcurl": ("curl", "--version"),
}
SPOKEN = {"psql": "libpq", "postgres": "PostgreSQL", "mariadbd": "MariaDB", "redis-server": "Redis",
          "apache2": "Apache httpd", "ssh": "OpenSSH", "sshd": "OpenSSH", "python3": "Python", "node": "Node.js",
          "linux": "Linux", "go": "Go", "node-redis": "redis (npm)", "node-redis-4": "redis (npm)", "okhttp": "OkHttp",
          "hikaricp": "HikariCP", "pgjdbc": "PostgreSQL JDBC", "haproxy": "HAProxy", "rabbitmq": "RabbitMQ",
          "mosquitto": "Mosquitto"}
PYTHON_MODULES = {"requests", "urllib3", "httpx", "aiohttp", "websockets", "websocket-client", "redis", "psycopg2",
                  "psycopg", "SQLAlchemy", "asyncpg", "confluent-kafka", "kafka-python", "grpcio", "gunicorn",
                  "uvicorn", "pika", "paho-mqtt", "boto3", "botocore", "kubernetes"}
NODE_MODULES = {"undici": "undici", "ws": "ws", "pg": "pg", "ioredis": "ioredis", "node-redis": "redis",
                "node-redis-4": "redis-4", "@smithy/node-http-handler": "@smithy/node-http-handler"}
DEBIAN_PACKAGES = {"rabbitmq": "rabbitmq-server", "okhttp": "libokhttp-java", "hikaricp": "libhikaricp-java",
                   "pgjdbc": "libpostgresql-jdbc-java"}


def first_number(text):
    found = re.search(r"\d+\.\d+(\.\d+)?", text)
    return found.group() if found else "?"


def of(name, node_modules):
    """"requests 2.28.1". @throws servers.Missing"""
    return f"{SPOKEN.get(name, name)} {number_of(name, node_modules)}"


def number_of(name, node_modules):
    if name in PYTHON_MODULES:
        done = subprocess.run([servers.PYTHON, "-c", "import importlib.metadata, sys; "
                               "print(importlib.metadata.version(sys.argv[1]))", name],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise servers.Missing(f"Python's {name}")
        return done.stdout.strip()
    if name in NODE_MODULES:
        path = os.path.join(node_modules, NODE_MODULES[name], "package.json")
        if not os.path.exists(path):
            raise servers.Missing(f"{name} of npm")
        with open(path) as file:
            return json.load(file)["version"]
    if name == "librdkafka":
        done = subprocess.run([servers.PYTHON, "-c", "import confluent_kafka; print(confluent_kafka.libversion()[0])"],
                              capture_output=True, text=True)
        return done.stdout.strip() or "?"
    if name == "postgres":
        if not os.path.isdir(servers.POSTGRES):
            raise servers.Missing("postgresql")
        newest = sorted(os.listdir(servers.POSTGRES))[-1]
        return first_number(subprocess.run([f"{servers.POSTGRES}/{newest}/bin/postgres", "--version"],
                                           capture_output=True, text=True).stdout)
    if name in DEBIAN_PACKAGES:
        package = DEBIAN_PACKAGES[name]
        said = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
        if said.returncode != 0:
            raise servers.Missing(package)
        return first_number(said.stdout)
    command = COMMANDS[name]
    done = subprocess.run([servers.need(command[0]), *command[1:]], capture_output=True, text=True)
    return first_number(done.stdout + done.stderr)

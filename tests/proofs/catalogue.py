"""Which texts are proven, with what, and what is expected of them."""

import dataclasses

import servers
import tunnels

NODE = {"interval": 1, "count": 10}  # what Node sets itself, whatever it is asked for (Node 20)
ALL = {"keepalive": 1, "idle": None, "interval": None, "count": None, "user_timeout_ms": None}
KEEPALIVE = {"keepalive": 1, "idle": None, "interval": None, "count": None}


@dataclasses.dataclass(frozen=True)
class Proof:
    """One text. `program` runs on the lab's client; the text is pasted there, or, where `pasted_into`
    names a server, into that server's settings."""
    stack: str
    program: str
    versions: tuple
    server: str = "http"
    modes: tuple = ("reuse", "held")
    timeout: int = 8              # of the lab's firewall, in seconds
    options: dict = dataclasses.field(default_factory=dict)  # None: as recommended
    env: dict = dataclasses.field(default_factory=dict)
    suffix: str = ".py"           # of the file that the text is pasted into
    pasted_into: str = ""
    role: str = ""
    release: str = ""             # whose form of the text is pasted; else the one that is printed first
    against: str = ""             # the role whose text must fail; else no text at all
    prepare: str = ""             # "go", "c", "java": how the program is built
    sysctl: bool = False          # the text goes to the kernel of the client
    kernel_set: bool = False      # it can only turn keepalive on: the client's kernel has linux-sysctl's text
    silent: float = 3.0           # timeouts for which nothing is said
    quick: bool = False
    open: str = ""                # what cannot be proven here, in a word


def sql(stack, driver, *versions, **more):
    return Proof(stack, "python_sql.py", versions, "postgres", env={"PROOF_DRIVER": driver}, **more)


PROOFS = [
    Proof("python-requests", "python_requests.py", ("requests", "urllib3"), options=ALL, quick=True),
    Proof("webex-sdk", "python_requests.py", ("requests", "urllib3"), options=ALL,
          env={"PROOF_SDK": "1"}, open="webex_bot's pings, and the SDK itself: only its kind of session was at hand"),
    # Its own default of 5 s would close in between.
    Proof("python-httpx", "python_httpx.py", ("httpx",), modes=("reuse",), timeout=4, silent=1.1,
          open="TCP keepalive, which this release has not"),
    Proof("python-boto3", "python_boto3.py", ("boto3", "botocore"), modes=("held",), kernel_set=True, options=KEEPALIVE,
          open="an SDK's own retry"),
    Proof("kubernetes-python", "python_kubernetes.py", ("kubernetes", "urllib3"), options=ALL, open="a watch"),
    Proof("aws-sdk-js", "node_aws.js", ("@smithy/node-http-handler", "node"), "https", ("reuse",), suffix=".js",
          env={"NODE_TLS_REJECT_UNAUTHORIZED": "0"}, open="answers that are silent for long: it has no TCP keepalive"),
    Proof("java-okhttp", "Okhttp.java", ("okhttp",), modes=("reuse",), prepare="java", suffix=".java"),
    Proof("java-okhttp", "Okhttp.java", ("okhttp",), "websocket", ("ws_echo", "ws_push"), prepare="java", suffix=".java"),
    Proof("java-hikaricp", "Hikari.java", ("hikaricp", "pgjdbc"), "postgres", ("held",), prepare="java", release="2.7.9",
          suffix=".properties", kernel_set=True, options=KEEPALIVE,
          open="keepaliveTime, of 4.0, and the pool's limits, which begin at 10 s"),
    Proof("python-aiohttp", "python_aiohttp.py", ("aiohttp",), modes=("held",), options=ALL,
          open="socket_factory of 3.12"),
    # Its own default of 15 s would close in between.
    Proof("python-aiohttp", "python_aiohttp.py", ("aiohttp",), modes=("reuse",), options=ALL, silent=1.5),
    Proof("python-aiohttp", "python_aiohttp.py", ("aiohttp",), "websocket", ("ws_echo", "ws_push")),
    Proof("python-websockets", "python_websockets.py", ("websockets",), "websocket", ("ws_echo", "ws_push")),
    Proof("python-websocket-client", "python_websocket_client.py", ("websocket-client",), "websocket",
          ("ws_echo", "ws_push"), options=ALL),
    Proof("python-socket", "python_socket.py", ("python3",), options=ALL, quick=True),
    Proof("python-redis", "python_redis.py", ("redis",), "redis", options=KEEPALIVE),
    sql("python-psycopg", "psycopg2", "psycopg2", options=ALL),
    sql("python-psycopg", "psycopg", "psycopg", options=ALL),
    sql("python-sqlalchemy", "sqlalchemy", "SQLAlchemy", "psycopg2", options=ALL),
    sql("python-asyncpg", "asyncpg", "asyncpg"),
    Proof("libpq", "commands.py", ("psql",), "postgres", env={"PROOF_DRIVER": "psql"}, options=ALL, suffix=".conf"),
    Proof("postgresql", "raw_server_speaks.py", ("postgres",), "postgres", pasted_into="postgres",
          env={"PROOF_DRIVER": "postgres"}, options=ALL),
    Proof("mysql", "python_sql.py", ("mariadbd",), "mariadb", ("closes",), pasted_into="mariadb",
          env={"PROOF_DRIVER": "pymysql"}),
    Proof("redis", "raw_server_speaks.py", ("redis-server",), "redis", pasted_into="redis",
          env={"PROOF_DRIVER": "redis"}, options={"keepalive": 1, "idle": None, "count": 3}),
    Proof("librdkafka", "python_kafka.py", ("confluent-kafka", "librdkafka"), "kafka", ("reuse",),
          env={"PROOF_DRIVER": "librdkafka"}, suffix=".properties", open="a broker of Kafka itself; ours speaks two of its requests"),
    Proof("kafka", "python_kafka.py", ("kafka-python",), "kafka", ("reuse",),
          env={"PROOF_DRIVER": "kafka-python"}, suffix=".properties",
          open="the Java client and a broker of Kafka itself: the same names were given to kafka-python"),
    Proof("grpc", "python_grpc.py", ("grpcio",), "grpc"),
    Proof("linux-socket", "c_socket.c", ("linux",), options=ALL, prepare="c", quick=True),
    Proof("libcurl", "c_curl.c", ("libcurl",), prepare="c",
          options={"keepalive": 1, "idle": None, "interval": None}, open="the count, which is of 8.9"),
    Proof("curl", "commands.py", ("curl",), modes=("held",), env={"PROOF_DRIVER": "curl"}, suffix=".conf",
          options={"keepalive": 1, "idle": None}),
    Proof("linux-sysctl", "keepalive_on.py", ("linux",), options=KEEPALIVE, sysctl=True, suffix=".conf", quick=True),
    Proof("go", "go_http.go", ("go",), prepare="go", release="1.19", options={"keepalive": 1, "idle": None},
          open="the form for 1.23 and later"),
    Proof("node-http", "node_http.js", ("node",), modes=("held",), suffix=".js",
          options={"keepalive": 1, "idle": None, **NODE}),
    # On pooled sockets it is the agent's own keepAliveMsecs, 1 s.
    Proof("node-http", "node_http.js", ("node",), modes=("reuse",), suffix=".js",
          options={"keepalive": 1, "idle": 1, **NODE}),
    Proof("node-undici", "node_undici.js", ("undici", "node"), modes=("held",), suffix=".js",
          options={"keepalive": 1, "idle": None, **NODE}),
    # Its own default of 4 s would close in between.
    Proof("node-undici", "node_undici.js", ("undici", "node"), modes=("reuse",), suffix=".js", timeout=3, silent=1.15),
    Proof("node-ws", "node_ws.js", ("ws", "node"), "websocket", ("ws_echo", "ws_push"), suffix=".js"),
    Proof("node-postgres", "node_sql.js", ("pg", "node"), "postgres", ("held",), suffix=".js",
          options={"keepalive": 1, "idle": None, **NODE}),
    # Its own default of 10 s would close in between.
    Proof("node-postgres", "node_sql.js", ("pg", "node"), "postgres", ("reuse",), suffix=".js", silent=1.15),
    Proof("ioredis", "node_redis.js", ("ioredis", "node"), "redis", suffix=".js",
          env={"PROOF_DRIVER": "ioredis"}, options={"keepalive": 1, "idle": None, **NODE}),
    Proof("node-redis", "node_redis.js", ("node-redis", "node"), "redis", suffix=".js",
          env={"PROOF_DRIVER": "redis"}, options={"keepalive": 1, "idle": None, **NODE}),
    Proof("node-redis", "node_redis.js", ("node-redis-4", "node"), "redis", ("held",), suffix=".js", release="4", timeout=4,
          env={"PROOF_DRIVER": "redis-4"}, options={"keepalive": 1, "idle": None, **NODE}),
    Proof("node-server", "raw_http.py", ("node",), "node_server", ("held",), pasted_into="node_server", role="server",
          options={"keepalive": 1, "idle": None, **NODE}),
    Proof("node-server", "raw_http.py", ("node",), "node_server", ("closes",), pasted_into="node_server", role="server",
          timeout=4),
    Proof("node-server", "raw_http.py", ("node",), "node_server", ("outlasts",), pasted_into="node_server",
          role="behind-proxy"),
    Proof("nginx", "raw_http.py", ("nginx",), "nginx", ("held",), pasted_into="nginx", role="server", options=KEEPALIVE),
    Proof("nginx", "raw_http.py", ("nginx",), "nginx", ("closes",), pasted_into="nginx", role="server"),
    # Longer than the 60 s after which it ends a silent tunnel unless told otherwise.
    Proof("nginx", "python_websockets.py", ("nginx",), "nginx_tunnel", ("tunnel",), pasted_into="nginx_tunnel",
          role="proxy", timeout=200, silent=0.33),
    Proof("nginx", "reverse_proxy.py", ("nginx",), env={"PROOF_DRIVER": "nginx"}, role="client", suffix=".conf",
          kernel_set=True, options=KEEPALIVE),
    Proof("nginx", "raw_http.py", ("nginx",), "nginx", ("outlasts",), pasted_into="nginx", role="behind-proxy",
          against="server"),
    Proof("haproxy", "raw_http.py", ("haproxy",), "haproxy", ("held",), pasted_into="haproxy", role="server",
          options=KEEPALIVE, quick=True),
    Proof("haproxy", "python_websockets.py", ("haproxy",), "haproxy_tunnel", ("tunnel",), pasted_into="haproxy_tunnel",
          role="proxy", timeout=200, silent=0.33),
    # Its own default of 5 s closes pooled connections in between.
    Proof("haproxy", "reverse_proxy.py", ("haproxy",), modes=("held",), env={"PROOF_DRIVER": "haproxy"}, role="client",
          suffix=".cfg", options=KEEPALIVE),
    Proof("haproxy", "raw_http.py", ("haproxy",), "haproxy", ("closes",), pasted_into="haproxy", role="server", quick=True),
    Proof("haproxy", "raw_http.py", ("haproxy",), "haproxy", ("outlasts",), pasted_into="haproxy", role="behind-proxy",
          against="server", quick=True),
    Proof("apache", "raw_http.py", ("apache2",), "apache", ("closes",), pasted_into="apache", role="server",
          timeout=4, open="role proxy"),
    Proof("apache", "reverse_proxy.py", ("apache2",), env={"PROOF_DRIVER": "apache"}, role="client", suffix=".conf",
          kernel_set=True, options=KEEPALIVE),
    Proof("apache", "raw_http.py", ("apache2",), "apache", ("outlasts",), pasted_into="apache", role="behind-proxy",
          against="server"),
    Proof("gunicorn", "raw_http.py", ("gunicorn",), "gunicorn", ("closes",), pasted_into="gunicorn", role="server"),
    Proof("gunicorn", "raw_http.py", ("gunicorn",), "gunicorn", ("outlasts",), pasted_into="gunicorn",
          role="behind-proxy"),
    Proof("uvicorn", "raw_http.py", ("uvicorn",), "uvicorn", ("closes",), pasted_into="uvicorn", role="server",
          timeout=4, open="WebSocket pings"),
    Proof("uvicorn", "raw_http.py", ("uvicorn",), "uvicorn", ("outlasts",), pasted_into="uvicorn", role="behind-proxy"),
    Proof("openssh-client", "commands.py", ("ssh",), "sshd", timeout=24, env={"PROOF_DRIVER": "ssh"}, suffix=".conf"),
    Proof("autossh", "commands.py", ("ssh",), "sshd", timeout=24, env={"PROOF_DRIVER": "autossh"}, suffix=".sh",
          open="the starting again"),
    Proof("openssh-server", "commands.py", ("sshd",), "sshd", timeout=24, env={"PROOF_DRIVER": "ssh"}, pasted_into="sshd"),
    Proof("rabbitmq", "python_pika.py", ("rabbitmq", "pika"), "rabbitmq", timeout=24, pasted_into="rabbitmq"),
    Proof("mqtt", "python_mqtt.py", ("mosquitto", "paho-mqtt"), "mosquitto", timeout=24),
]

# What is at hand neither in Debian nor in npm, or not here.
NOT_AT_HAND = {
    "dotnet": "Debian and npm have no .NET", "sqlclient": "Debian and npm have no .NET and no SQL Server",
    "envoy": "Debian and npm have no Envoy", "istio": "Debian and npm have no Istio",
    "java-netty": "Debian's has no native epoll library, which the text is for",
    "kubernetes-go": "Debian 12 has no client-go", "systemd": "needs systemd as the first process",
    "wireguard": "needs the kernel's WireGuard",
}

SERVERS = {name: getattr(servers, name) for name in (
    "http", "https", "connect_proxy", "websocket", "kafka", "grpc", "postgres", "mariadb", "redis", "mosquitto",
    "rabbitmq", "sshd", "nginx", "haproxy", "apache", "gunicorn", "uvicorn", "node_server", "python_websockets")}
SERVERS |= {"nginx_tunnel": tunnels.nginx, "haproxy_tunnel": tunnels.haproxy}
